/** All that `describe` knows of a model, as data: `-o json` prints it, and page.ts shows it. */
import { labels } from '@gantry/contract/labels.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { type Announcement, eventsOf } from '../cluster/events.ts'
import { componentOf, podState, podsOf, restartsOf } from '../cluster/pods.ts'
import type { Model, ModelVersion } from '../cluster/resources.ts'
import type { Session } from '../cluster/session.ts'
import { canaryProgress, rejectedOf } from './canary.ts'
import { type GitOps, gitOpsOf } from './gitops.ts'
import { nextSteps } from './next-steps.ts'
import { sourceName } from './source.ts'
import { stateOf } from './state.ts'
import { versionsOf } from './versions.ts'

export interface PodView {
  readonly name: string
  readonly does: string
  readonly state: string
  readonly version: string | undefined
  readonly track: string | undefined
  readonly node: string | undefined
  readonly restarts: number
  readonly createdAt: string | undefined
}

export interface ModelView {
  readonly name: string
  readonly namespace: string
  readonly state: string
  readonly message: string
  readonly task: string
  readonly source: string
  readonly url: string | undefined
  readonly managedBy: string | undefined
  readonly gitOps: GitOps | undefined
  readonly activeVersion: string | undefined
  /** The version that is tried, where it is, and what was seen. */
  readonly canary:
    | { readonly version: string; readonly progress: string; readonly message: string }
    | undefined
  /** The version that was taken back last, and why. */
  readonly rejected: { readonly version: string; readonly message: string } | undefined
  readonly replicas: { readonly ready: number; readonly existing: number }
  /** Cost of an hour, by the price sheet. */
  readonly cost: NonNullable<Model['status']>['cost']
  readonly createdAt: string | undefined
  readonly conditions: NonNullable<NonNullable<Model['status']>['conditions']>
  readonly versions: readonly ModelVersion[]
  readonly pods: readonly PodView[]
  readonly events: readonly Announcement[]
  /** Sentences that say what to do, the most urgent first. */
  readonly next: readonly string[]
}

/** Events further back are rarely about what is the matter now. */
const mostEvents = 10

const podView = (pod: LivePod): PodView => ({
  name: pod.metadata.name,
  does: componentOf(pod) ?? '',
  state: plainText(podState(pod)),
  version: pod.metadata.labels?.[labels.version],
  track: pod.metadata.labels?.[labels.track],
  node: pod.spec?.nodeName,
  restarts: restartsOf(pod),
  createdAt: pod.metadata.creationTimestamp,
})

const rolloutView = (model: Model): Pick<ModelView, 'canary' | 'rejected'> => {
  const canary = model.status?.canary
  const rejectedRevision = rejectedOf(model)
  return {
    canary: canary && {
      version: plainText(canary.version),
      progress: canaryProgress(model) ?? '',
      message: plainText(canary.message ?? ''),
    },
    rejected: rejectedRevision && {
      version: plainText(rejectedRevision.version),
      message: plainText(rejectedRevision.message),
    },
  }
}

export const modelView = async (session: Session, model: Model): Promise<ModelView> => {
  const [pods, events] = await Promise.all([podsOf(session, model), eventsOf(session, model, mostEvents)])
  const { metadata, spec, status = {} } = model
  const { word, message } = stateOf(model)
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    state: word,
    message,
    task: spec.model.task,
    source: sourceName(model),
    url: status.url,
    managedBy: status.managedBy,
    gitOps: gitOpsOf(model),
    activeVersion: status.activeVersion,
    ...rolloutView(model),
    replicas: { ready: status.readyReplicas ?? 0, existing: status.replicas ?? 0 },
    cost: status.cost,
    createdAt: metadata.creationTimestamp,
    conditions: status.conditions ?? [],
    versions: versionsOf(model),
    pods: pods.map(podView),
    events,
    next: nextSteps(model),
  }
}
