import { deploymentName, labels } from '@gantry/contract/labels.ts'
import type { Accelerator, ServedModel } from '@gantry/contract/server.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { type Gateways, noGateways } from '../canary/demand.ts'
import { type Costs, noCosts } from '../cost/world.ts'
import { defaultEvaluationConfig } from '../evaluating/config.ts'
import { createRests } from '../evaluating/give-way.ts'
import type { ReconcileConfig } from '../modeldeployment/config.ts'
import { createFleet } from '../modeldeployment/fleet/fleet.ts'
import { createProgressBook } from '../modeldeployment/import-progress.ts'
import type { Condition, ModelDeployment } from '../modeldeployment/model-deployment.ts'
import type { PathWorld } from '../modeldeployment/path/path-world.ts'
import { defaultPodTemplateAllow } from '../modeldeployment/pod-template-allow.ts'
import { reconcile, type World } from '../modeldeployment/reconcile.ts'
import { createRoutes, type Routes } from '../modeldeployment/routing/routes.ts'
import { noScalingApis, type ScalingApis } from '../modeldeployment/scaling/apis.ts'
import { defaultImportConfig } from '../pods/import-config.ts'
import { refusedWrites } from '../runtime/refused-writes.ts'
import type { Result } from '../runtime/result.ts'
import { type Demanded, nothingKnown } from '../sleeping/sleep.ts'
import { silentLog, testClaims, testManager } from './claims.ts'
import { type Starts, type Stuck, step } from './controllers.ts'
import { noGateway } from './gateway-path.ts'
import { memoryCache } from './memory-cache.ts'
import { type Faults, memoryKube, type Write } from './memory-kube.ts'
import { modelDeployment } from './model-deployment.ts'
import { at, keyOf, objectStore } from './object-store.ts'
import { type Evaluates, simulatedEvaluations } from './simulated-evaluation.ts'
import { type Optimizes, simulatedOptimizations } from './simulated-optimization.ts'
import { type Imports, simulatedVolumes } from './simulated-volume.ts'

export const testConfig: ReconcileConfig = {
  serverImage: 'registry.example/inference-server:1',
  optimizerImage: 'registry.example/optimizer:1',
  pullPolicy: 'IfNotPresent',
  imagePullSecrets: [],
  allowFileSources: false,
  allowHttpCredentials: false,
  allowPrivateSources: true,
  imports: defaultImportConfig,
  evaluations: defaultEvaluationConfig,
  tracing: undefined,
  podTemplate: defaultPodTemplateAllow,
  maxReplicas: 100,
  fleet: { maxModels: 3, maxFailed: 0 },
  operatorNamespace: 'gantry-system',
  triggerAuthentications: [],
}

export interface ClusterOptions {
  readonly model?: ModelDeployment
  readonly config?: Partial<ReconcileConfig>
  /** How an import of `source` fails; undefined when it succeeds. */
  readonly imports?: Imports
  /** How evaluations end; all candidates are measured by default. */
  readonly evaluates?: Evaluates
  /** How optimizations end; all make a version by default. */
  readonly optimizes?: Optimizes
  readonly starts?: Starts
  readonly stuck?: Stuck
  /** How many passes go by before the watches tell what happened. */
  readonly lag?: number
  /** What a server runs on; undefined when it does not answer. @param pod its place among all pods, the oldest first */
  readonly device?: (pod: number) => Accelerator | undefined
  /** What the model costs. */
  readonly costs?: (world: Pick<World, 'kube' | 'now'>) => Costs
  /** What a server says of requests that share runs. */
  readonly batching?: () => ServedModel['batching']
  /** What a server says of its requests. */
  readonly drift?: (version: string, pod: number) => ServedModel['drift']
  /** What a pod says of the files of its version. */
  readonly damage?: (version: string) => string | undefined
  /** What of the cluster scales models; neither KEDA nor metrics of pods by default. */
  readonly scaling?: () => ScalingApis
  /** What data planes of Gateway API do; there are none by default. */
  readonly routes?: (now: () => number) => Routes
  /** What gateways have counted; there are none by default. */
  readonly gateways?: (model: ModelDeployment) => Gateways
  /** What is known of requests for a model that may sleep. */
  readonly demanded?: () => Demanded
  /** The gateways that Services may lead to; there are none by default. */
  readonly path?: PathWorld
}

interface ProbedContainer {
  readonly readinessProbe?: { readonly httpGet: { readonly scheme: string } }
}

/** A cluster without Gateway API. */
export const noRoutes = (now: () => number): Routes =>
  createRoutes({
    ...{ now, instance: 'operator', api: () => 'off', grpcApi: () => 'off' },
    ...{ parents: async () => [], read: async () => undefined },
  })

const mostRounds = 400
/** Waits in a row without any change, after which nothing new is to be expected. */
const mostWaits = 3

/** A fleet of one model, which never waits for another, in a cluster with neither KEDA nor metrics of pods. */
export const aloneInFleet = (
  config: ReconcileConfig,
  now: () => number,
): Pick<World, 'fleet' | 'wake' | 'scaling' | 'routes'> => ({
  routes: noRoutes(now),
  scaling: async () => noScalingApis,
  fleet: createFleet({ config, manager: testManager, now, log: silentLog, announce: async () => {} }),
  wake: () => {},
})

/** A cluster in memory with one model in it, and the operator's passes over that model. */
export const testCluster = (options: ClusterOptions = {}) => {
  let time = Date.parse('2026-11-23T10:00:00Z')
  const now = (): number => time
  const store = objectStore(now)
  const faults: Faults = {}
  const writes: Write[] = []
  const cache = memoryCache(store)
  const volumes = simulatedVolumes(options.imports ?? (() => undefined))
  const model = options.model ?? modelDeployment()
  const { name, namespace } = model.metadata
  store.store(model)

  const nameOf = (kind: string): string => (kind === 'Deployment' ? deploymentName(name, 'stable') : name)
  const find = <T extends KubernetesObject>(kind: string, named = nameOf(kind)): T | undefined =>
    store.objects.get(keyOf(kind, namespace, named)) as T | undefined
  const served: World['served'] = async ({ ip, secure }): Promise<ServedModel | undefined> => {
    const pod = find('Pod', ip.split('#')[1])
    const [server] = (at(pod ?? {}, 'spec', 'containers') ?? []) as ProbedContainer[]
    if (secure !== (server?.readinessProbe?.httpGet.scheme === 'HTTPS')) return undefined
    const place = store.all('Pod').findIndex(({ metadata }) => metadata.name === pod?.metadata.name)
    const version = pod?.metadata.labels?.[labels.version]
    const active = options.device ? options.device(place) : 'cpu'
    const requested = currentModel().spec.serve?.device ?? 'auto'
    const batching = options.batching?.()
    const drift = options.drift?.(version ?? '', place)
    const damage = options.damage?.(version ?? '')
    return version && active
      ? {
          version,
          device: { requested, active },
          ...(batching && { batching }),
          ...(drift && { drift }),
          ...(damage && { damage }),
        }
      : undefined
  }
  const config = { ...testConfig, ...options.config }
  const kube = memoryKube(store, faults, writes)
  const world: World = {
    kube,
    cache,
    config,
    now,
    served,
    rests: createRests(now),
    imports: createProgressBook(now),
    costs: options.costs?.({ kube, now }) ?? noCosts,
    log: silentLog,
    refusedWrites: refusedWrites(now),
    ...aloneInFleet(config, now),
    scaling: async () => options.scaling?.() ?? noScalingApis,
    claims: testClaims(kube, { now }),
    demanded: options.demanded ?? (() => nothingKnown),
    path: options.path ?? noGateway(),
    routes: options.routes?.(now) ?? noRoutes(now),
    gateways: async () => options.gateways?.(currentModel()) ?? noGateways,
  }
  const { starts = () => 'ready' as const, stuck = () => undefined, lag = 0 } = options
  const surroundings = {
    store,
    volumes,
    now,
    starts,
    stuck,
    evaluations: simulatedEvaluations(options.evaluates),
    optimizations: simulatedOptimizations(options.optimizes),
  }
  let passes = 0

  const currentModel = (): ModelDeployment => {
    const found = find<ModelDeployment>('ModelDeployment')
    if (!found) throw new Error('the model was deleted')
    return found
  }
  const pass = async (): Promise<Result> => {
    if (passes % (lag + 1) === 0) cache.sync()
    passes += 1
    return reconcile(world, `${namespace}/${name}`, new AbortController().signal)
  }
  /**
   * Runs a pass, then one step of the cluster, until nothing changes any more. A pass that throws is begun again.
   * @param patienceMs the longest wait that is waited for
   */
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
    ...{ store, faults, writes, volumes, find, pass, settle, world },
    model: currentModel,
    all: store.all,
    /** One step of the controllers and kubelets, without the operator. */
    step: (): boolean => step(surroundings),
    condition: (type: string): Condition | undefined =>
      currentModel().status?.conditions?.find((condition) => condition.type === type),
    /** Changes an object as another client would. */
    edit: (kind: string, change: (draft: Draft) => void, named = nameOf(kind)): void => {
      const draft = structuredClone(find(kind, named)) as Draft | undefined
      if (!draft) throw new Error(`there is no ${kind} ${named}`)
      change(draft)
      store.store(draft as unknown as KubernetesObject)
    },
    /** A user changes the spec, and the cluster comes to rest. */
    change: async (change: (spec: Draft) => void): Promise<void> => {
      const draft = structuredClone(currentModel()) as Draft
      change(draft.spec)
      store.store(draft as unknown as KubernetesObject)
      await settle()
    },
    erase: (kind: string, named = nameOf(kind)): void => {
      const found = find(kind, named)
      if (found) store.erase(found)
    },
    advance: (ms: number): void => {
      time += ms
    },
  }
}
export type TestCluster = ReturnType<typeof testCluster>

/** A cluster at rest. */
export const settledCluster = async (options: ClusterOptions = {}): Promise<TestCluster> => {
  const cluster = testCluster(options)
  await cluster.settle()
  return cluster
}

/** An object whose fields a test reads or edits without checks of types. */
// biome-ignore lint/suspicious/noExplicitAny: a test edits fields of any kind
export type Draft = any
