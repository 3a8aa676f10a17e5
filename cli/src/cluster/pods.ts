/** The pods of a model. */
import { labels, modelSelector, serverSelector } from '@gantry/contract/labels.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { type ContainerStatus, isOver, isReady, type LivePod } from '@gantry/kube/live.ts'
import { Pod } from '@gantry/kube/resources.ts'
import { failed } from '../failure.ts'
import type { Model } from './resources.ts'
import type { Session } from './session.ts'

const bySelector = (session: Session, model: Model, labelSelector: string): Promise<readonly LivePod[]> =>
  session.kube.list<LivePod>(Pod, { namespace: model.metadata.namespace ?? '', labelSelector })

/** Those that serve, and those of its imports and evaluations. */
export const podsOf = (session: Session, model: Model): Promise<readonly LivePod[]> =>
  bySelector(session, model, modelSelector(model.metadata.name))

const serversOf = (session: Session, model: Model): Promise<readonly LivePod[]> =>
  bySelector(session, model, serverSelector(model.metadata.name))

/** A pod that answers. @throws Failure where none does */
export const readyPod = async (session: Session, model: Model): Promise<LivePod> => {
  const pods = await serversOf(session, model)
  const ready = pods.filter(isReady)
  const serving = ready.find(
    ({ metadata }) => metadata.labels?.[labels.version] === model.status?.activeVersion,
  )
  const pod = serving ?? ready[0]
  if (pod) return pod
  const { name } = model.metadata
  throw failed(
    `No pod of ${quoted(name)} is ready${pods.length === 0 ? '' : ` (of ${pods.length})`}.`,
    `\`gantry describe ${name}\` says why.`,
  )
}

const started = ({ state }: ContainerStatus): boolean =>
  state?.running !== undefined || state?.terminated !== undefined

/** Names of those that have begun, in their order: the steps of a Job, and its last container. */
export const startedContainers = ({ status }: LivePod): readonly string[] =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .filter(started)
    .map(({ name }) => name)

/** The step that runs before the last container. */
const stepOf = ({ status }: LivePod): string | undefined =>
  status?.initContainerStatuses?.find(({ state }) => state?.running)?.name

const containers = ({ status }: LivePod): readonly ContainerStatus[] => status?.containerStatuses ?? []

/** What a pod does, in a word: of a container that waits, why. */
export const podState = (pod: LivePod): string => {
  if (pod.metadata.deletionTimestamp) return 'Ending'
  if (isOver(pod)) return pod.status?.reason ?? pod.status?.phase ?? ''
  const step = stepOf(pod)
  if (step !== undefined) return `Running ${step}`
  const waiting = containers(pod).find(({ state }) => state?.waiting)?.state?.waiting?.reason
  if (waiting) return waiting
  if (isReady(pod)) return 'Ready'
  return pod.status?.phase === 'Running' ? 'NotReady' : (pod.status?.phase ?? 'Unknown')
}

export const restartsOf = (pod: LivePod): number =>
  containers(pod).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0)

export const componentOf = ({ metadata }: LivePod): string | undefined => metadata.labels?.[labels.component]
