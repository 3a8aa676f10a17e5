/** How the models fare that run a template which the operator itself changed, as far as the cache shows. */
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

/** A ready pod answers within seconds. One that was asked for so long and did not is not well, though it says that it is ready. */
const answerDeadlineMs = 120_000

const revisionOf = ({ metadata }: KubernetesObject): string | undefined =>
  metadata.annotations?.[revisionAnnotation]

/** Those of the present template: what is wrong with older ones is on its way out. */
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

/** A node may still be found for a pod that waits for one, until the Deployment's own deadline says that none was. */
const failing: readonly PodCheck[] = [sidecarStuck, imageNotPulled, notCreated, crashed]

/** The first trouble of `pods` that one of `checks` knows. */
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

/** Whether its newest pods do not come up, for whatever reason. */
export const isBroken = (
  cache: Cache,
  deployment: LiveDeployment | undefined,
  model: ModelDeployment,
): boolean =>
  deployment !== undefined && troubleOf(cache, deployment, model, [unschedulable, ...failing]) !== undefined

const readyOf = ({ status }: ModelDeployment) => status?.conditions?.find(({ type }) => type === 'Ready')

/** Ready is what the model's own passes have found; right after a roll it still says what was found before. */
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

/** Whether it takes the pods over, step by step, of a Deployment that has the model's own name. */
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

/** What is said of a Deployment whose controller has not looked at it yet holds for the template before. */
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

/** All of them, in the order of their names. Nothing is asked of the API server. */
export const rollsIn = (cache: Cache, seen: Seen): readonly Roll[] =>
  cache
    .all<LiveDeployment>(Deployment)
    .flatMap((deployment): readonly Roll[] => {
      const record = recordOf(deployment)
      if (record?.cause !== 'operator' || isEnding(deployment)) return []
      const { namespace = '', labels: marks } = deployment.metadata
      const model = cache.get<ModelDeployment>(modelDeployments, namespace, marks?.[labels.model] ?? '')
      if (!model || isEnding(model) || !isOwnedBy(deployment, model.metadata.uid)) return []
      const { settings, wasBroken = false } = record
      const key = `${namespace}/${model.metadata.name}`
      return [{ key, settings, wasBroken, ...stateOf(cache, deployment, model, seen) }]
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
