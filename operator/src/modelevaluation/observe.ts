import { reportMapName } from '@gantry/contract/evaluation.ts'
import { labels } from '@gantry/contract/labels.ts'
import type { Cache } from '@gantry/kube/cache.ts'
import {
  controllerOf,
  isOwnedBy,
  type LiveConfigMap,
  type LiveEvent,
  type LiveJob,
  type LivePod,
  newestFirst,
} from '@gantry/kube/live.ts'
import type { KubernetesObject, Resource } from '@gantry/kube/objects.ts'
import { ConfigMap, Job, NetworkPolicy, Pod, ServiceAccount } from '@gantry/kube/resources.ts'
import type { Measuring } from '../evaluating/measuring.ts'
import type { Finding } from '../runtime/finding.ts'
import type { ModelEvaluation } from './model-evaluation.ts'
import type { Pricing } from './pricing.ts'
import { ModelEvaluation as modelEvaluations } from './resources.ts'
import { type Standing, standingsOf } from './standing.ts'
import type { World } from './world.ts'

/** An evaluation and the live objects that belong to it. */
export interface Observed {
  readonly evaluation: ModelEvaluation
  readonly jobs: readonly LiveJob[]
  /** Pods of its Jobs, newest first. */
  readonly pods: readonly LivePod[]
  /** The ConfigMap with the reports, as the cache keeps it: without the reports themselves. */
  readonly map: LiveConfigMap | undefined
  /** Objects that stay as they are for as long as the evaluation does. */
  readonly lasting: readonly KubernetesObject[]
  readonly standings: readonly Standing[]
}

/** An evaluation together with what no watch tells. */
export interface Inquired extends Observed {
  readonly pricing: Pricing
  /** Events of a Job without a pod, or of a pod without a container. */
  readonly events: readonly LiveEvent[]
  /** Other evaluations that run now. */
  readonly measuring: Measuring
  /** Why it gave its node to others a moment ago. */
  readonly lastRest: Finding | undefined
}

/** @param key namespace/name */
export const evaluationOf = (cache: Cache, key: string): ModelEvaluation | undefined => {
  const [namespace = '', name = ''] = key.split('/')
  return cache.get<ModelEvaluation>(modelEvaluations, namespace, name)
}

/** Reads the evaluation and all that belongs to it into one plain value. */
export const observe = (
  { cache, config }: Pick<World, 'cache' | 'config'>,
  evaluation: ModelEvaluation,
): Observed => {
  const { name, namespace, uid } = evaluation.metadata
  const ours = <T extends KubernetesObject>(resource: Resource): readonly T[] =>
    cache.labelled<T>(resource, namespace, labels.evaluation, name).filter((object) => isOwnedBy(object, uid))
  const jobs = ours<LiveJob>(Job)
  const pods = [...cache.labelled<LivePod>(Pod, namespace, labels.evaluation, name)]
    .filter((pod) => controllerOf(pod)?.kind === Job.kind) // the Job may be gone while its pod still ends
    .sort(newestFirst)
  const map = ours<LiveConfigMap>(ConfigMap).find(({ metadata }) => metadata.name === reportMapName(name))
  return {
    evaluation,
    jobs,
    pods,
    map,
    lasting: [ServiceAccount, NetworkPolicy].flatMap((resource) => ours(resource)),
    standings: standingsOf({ evaluation, config, jobs, pods, map }),
  }
}
