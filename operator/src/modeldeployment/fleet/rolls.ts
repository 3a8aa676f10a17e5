/** The state of the models whose template the operator itself changed, read from the cache. */
import { components, labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import {
  conditionOf,
  controllerOf,
  isEnding,
  isOver,
  isOwnedBy,
  isReady,
  type LiveDeployment,
  type LivePod,
} from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Pod, ReplicaSet } from '@gantry/kube/resources.ts'
import type { Finding } from '../../runtime/finding.ts'
import { revisionAnnotation } from '../../runtime/kept.ts'
import { crashed, imageNotPulled, notCreated, type PodCheck, unschedulable } from '../checks/pods.ts'
import { rolloutTimedOut, serverPodRefused } from '../checks/serving.ts'
import { sidecarStuck } from '../checks/sidecars.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { ModelDeployment as modelDeployments } from '../resources.ts'
import { isComplete, isUpToDate } from '../rollout.ts'
import type { Roll } from './gate.ts'
import { recordOf } from './record.ts'

/** Time after which a ready pod that does not answer counts as failed. A healthy one answers within seconds. */
const answerDeadlineMs = 120_000

const revisionOf = ({ metadata }: KubernetesObject): string | undefined =>
  metadata.annotations?.[revisionAnnotation]

/** The pods of the present template. Faults of older pods end with those pods. */
const newestPods = (cache: Cache, deployment: LiveDeployment, model: string): readonly LivePod[] => {
  const { namespace = '', uid } = deployment.metadata
  const current = cache
    .labelled(ReplicaSet, namespace, labels.model, model)
    .filter((set) => isOwnedBy(set, uid) && revisionOf(set) === revisionOf(deployment))
  const uids = new Set(current.map(({ metadata }) => metadata.uid))
  return cache
    .labelled<LivePod>(Pod, namespace, labels.model, model)
    .filter((pod) => pod.metadata.labels?.[labels.component] === components.server)
    .filter((pod) => uids.has(controllerOf(pod)?.uid ?? ''))
}

/** The scheduler may still find a node for a waiting pod until the Deployment exceeds its progress deadline. */
const failing: readonly PodCheck[] = [sidecarStuck, imageNotPulled, notCreated, crashed]

/** The first finding of `checks` among `pods`. */
const troubleOfPods = (
  pods: readonly LivePod[],
  model: ModelDeployment,
  checks: readonly PodCheck[],
): Finding | undefined => {
  const waiting = pods.filter((pod) => !isReady(pod) && !isEnding(pod) && !isOver(pod))
  for (const pod of waiting) {
    const found = checks.map((check) => check(pod, { model, events: [] })).find((one) => one !== undefined)
    if (found) return found
  }
  return undefined
}

const troubleOf = (
  cache: Cache,
  deployment: LiveDeployment,
  model: ModelDeployment,
  checks: readonly PodCheck[],
): Finding | undefined =>
  troubleOfPods(newestPods(cache, deployment, model.metadata.name), model, checks) ??
  serverPodRefused({ tracks: { stable: deployment }, model }) ??
  rolloutTimedOut({ tracks: { stable: deployment }, model })

/** Whether its newest pods do not become ready, for any reason. */
export const isBroken = (
  cache: Cache,
  deployment: LiveDeployment | undefined,
  model: ModelDeployment,
): boolean =>
  deployment !== undefined && troubleOf(cache, deployment, model, [unschedulable, ...failing]) !== undefined

const readyOf = ({ status }: ModelDeployment) => status?.conditions?.find(({ type }) => type === 'Ready')

/** The Ready condition is written by the model's own passes, so right after a roll it may be out of date. */
const isBackInService = (model: ModelDeployment): boolean => {
  const reason = readyOf(model)?.reason
  return reason !== 'RollingOut' && reason !== 'NotAnswering'
}

/** Time since the pods have not answered: they are all there, and Ready is not True since then or longer. */
const silentMs = (deployment: LiveDeployment, model: ModelDeployment, now: number): number => {
  const times = [
    conditionOf(deployment, 'Progressing')?.lastUpdateTime,
    readyOf(model)?.lastTransitionTime,
  ].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]))
  return times.length === 0 ? 0 : now - Math.max(...times)
}

/** Whether the Deployment is taking over the pods of one that has the model's own name. */
const takesOver = (cache: Cache, { metadata }: LiveDeployment, model: ModelDeployment): boolean => {
  const { name, namespace, uid } = model.metadata
  const other = cache.get(Deployment, namespace, name)
  return other !== undefined && other.metadata.uid !== metadata.uid && isOwnedBy(other, uid)
}

type State = Pick<Roll, 'state' | 'reason'>

/** What is known of time and of the models' passes. */
export interface Seen {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Whether this process has made a pass over a model: before that, its status says what another one found. */
  readonly isLookedAt: (key: string) => boolean
}

/** The status of a Deployment that its controller has not observed yet is that of the template before. */
const stateOf = (cache: Cache, deployment: LiveDeployment, model: ModelDeployment, seen: Seen): State => {
  // Nothing moves until somebody resumes it, and that may be never: such a model keeps no place.
  if (deployment.spec?.paused) return { state: 'done' }
  if (!isUpToDate(deployment)) return { state: 'rolling' }
  const trouble = troubleOf(cache, deployment, model, failing)
  if (trouble) return { state: 'failed', reason: trouble.reason }
  if (!isComplete(deployment) || takesOver(cache, deployment, model)) return { state: 'rolling' }
  if (isBackInService(model)) return { state: 'done' }
  const { name, namespace } = model.metadata
  return seen.isLookedAt(`${namespace}/${name}`) && silentMs(deployment, model, seen.now) > answerDeadlineMs
    ? { state: 'failed', reason: 'NotAnswering' }
    : { state: 'rolling' }
}

/** Whether another release manages the model. A model that no release has claimed counts as one of this release. */
const isManagedElsewhere = ({ status }: ModelDeployment, manager: string): boolean =>
  (status?.managedBy ?? manager) !== manager

/**
 * All rolls of this release, ordered by the names of the models. Another release has settings and limits of its own. Makes no call to the API server.
 * @param manager this release, as NAMESPACE/RELEASE
 */
export const rollsIn = (cache: Cache, manager: string, seen: Seen): readonly Roll[] =>
  cache
    .all<LiveDeployment>(Deployment)
    .flatMap((deployment): readonly Roll[] => {
      const record = recordOf(deployment)
      if (record?.cause !== 'operator' || isEnding(deployment)) return []
      const { namespace = '', labels: marks } = deployment.metadata
      const model = cache.get<ModelDeployment>(modelDeployments, namespace, marks?.[labels.model] ?? '')
      if (!model || isEnding(model) || !isOwnedBy(deployment, model.metadata.uid)) return []
      if (isManagedElsewhere(model, manager)) return []
      const { settings, wasBroken = false } = record
      const key = `${namespace}/${model.metadata.name}`
      return [{ key, settings, wasBroken, ...stateOf(cache, deployment, model, seen) }]
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
