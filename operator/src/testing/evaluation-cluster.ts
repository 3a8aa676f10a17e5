import type { PricedNode } from '@gantry/evaluation/hourly-cost.ts'
import type { LiveConfigMap, LiveJob } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { createRests } from '../evaluating/give-way.ts'
import type { Condition, ModelEvaluation } from '../modelevaluation/model-evaluation.ts'
import { reconcile, type World } from '../modelevaluation/reconcile.ts'
import { ModelEvaluation as modelEvaluations } from '../modelevaluation/resources.ts'
import { refusedWrites } from '../runtime/refused-writes.ts'
import type { Result } from '../runtime/result.ts'
import { silentLog, testClaims } from './claims.ts'
import { type Draft, testConfig } from './cluster.ts'
import { type Stuck, step } from './controllers.ts'
import { memoryCache } from './memory-cache.ts'
import { type Faults, memoryKube, type Write } from './memory-kube.ts'
import { modelEvaluation } from './model-evaluation.ts'
import { keyOf, objectStore } from './object-store.ts'
import { type Evaluates, simulatedEvaluations } from './simulated-evaluation.ts'
import { simulatedVolumes } from './simulated-volume.ts'

export interface EvaluationClusterOptions {
  readonly evaluation?: ModelEvaluation
  readonly config?: Partial<World['config']>
  readonly evaluates?: Evaluates
  readonly stuck?: Stuck
  /** How many passes go by before the watches tell what happened. */
  readonly lag?: number
  readonly nodes?: readonly PricedNode[]
}

const mostRounds = 600
/** Waits in a row without any change, after which nothing new is to be expected. */
const mostWaits = 3

/** A cluster in memory with one evaluation in it, and the operator's passes over it. */
export const evaluationCluster = (options: EvaluationClusterOptions = {}) => {
  let time = Date.parse('2026-11-23T10:00:00Z')
  const now = (): number => time
  const store = objectStore(now)
  const logs = new Map<string, string>()
  const faults: Faults = { logs }
  const writes: Write[] = []
  const cache = memoryCache(store)
  const evaluation = options.evaluation ?? modelEvaluation()
  const { name, namespace } = evaluation.metadata
  store.store(evaluation)
  const kube = memoryKube(store, faults, writes)
  const world: World = {
    ...{ kube, cache, now, log: silentLog, refusedWrites: refusedWrites(now) },
    config: { ...testConfig, ...options.config },
    claims: testClaims(kube, { now, resource: modelEvaluations }),
    rests: createRests(now),
    costs: {
      node: async (node) =>
        options.nodes?.find((one) => one.name === node) ?? { unknown: `no price: node ${node} is not read` },
    },
  }
  const { stuck = () => undefined, lag = 0, evaluates } = options
  const surroundings = {
    ...{
      store,
      now,
      stuck,
      logs,
      volumes: simulatedVolumes(() => undefined),
      starts: () => 'ready' as const,
    },
    evaluations: simulatedEvaluations(evaluates),
  }
  const find = <T extends KubernetesObject>(kind: string, named = name): T | undefined =>
    store.objects.get(keyOf(kind, namespace, named)) as T | undefined
  const current = (): ModelEvaluation => {
    const found = find<ModelEvaluation>('ModelEvaluation')
    if (!found) throw new Error('the evaluation was deleted')
    return found
  }
  let passes = 0
  const pass = async (): Promise<Result> => {
    if (passes % (lag + 1) === 0) cache.sync()
    passes += 1
    return reconcile(world, `${namespace}/${name}`, new AbortController().signal)
  }
  /** Runs a pass, then one step of the cluster, until nothing changes any more. A pass that throws is begun again. */
  const settle = async (patienceMs = Number.POSITIVE_INFINITY): Promise<Result> => {
    let [waits, idle] = [0, 0]
    for (let round = 0; round < mostRounds; round += 1) {
      const before = store.version()
      const result = await pass().catch((): undefined => undefined)
      const hasMoved = step(surroundings) || store.version() !== before || result === undefined
      if (hasMoved) [waits, idle] = [0, 0]
      else if (idle < lag) idle += 1
      else if (result.kind === 'settled' || waits === mostWaits || result.afterMs > patienceMs) return result
      else {
        waits += 1
        time += result.afterMs
      }
    }
    throw new Error('the cluster does not come to rest')
  }
  return {
    ...{ store, faults, writes, find, pass, settle, world, logs },
    current,
    all: store.all,
    step: (): boolean => step(surroundings),
    status: () => current().status ?? {},
    condition: (type: string): Condition | undefined =>
      current().status?.conditions?.find((condition) => condition.type === type),
    jobs: (): readonly LiveJob[] => store.all<LiveJob>('Job'),
    reports: (): LiveConfigMap | undefined => find('ConfigMap', `${name}-report`),
    /** Changes an object as another client would. */
    edit: (kind: string, change: (draft: Draft) => void, named = name): void => {
      const draft = structuredClone(find(kind, named)) as Draft | undefined
      if (!draft) throw new Error(`there is no ${kind} ${named}`)
      change(draft)
      store.store(draft as unknown as KubernetesObject)
    },
    advance: (ms: number): void => {
      time += ms
    },
  }
}
export type EvaluationCluster = ReturnType<typeof evaluationCluster>

/** A cluster at rest. */
export const settledEvaluation = async (
  options: EvaluationClusterOptions = {},
): Promise<EvaluationCluster> => {
  const cluster = evaluationCluster(options)
  await cluster.settle()
  return cluster
}
