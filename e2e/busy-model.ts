/** A model of the end-to-end tests that is asked all the time, and what there is of it in the cluster. */
import { modelSelector, serverSelector } from '../contract/labels.ts'
import { conditionOf, eventually, type Live, type Patience } from '../local-cluster/kubectl.ts'
import { adder } from './adder.ts'
import { startTraffic, type Traffic } from './traffic.ts'
import { small, type World } from './world.ts'

export interface BusyModel {
  readonly name: string
  readonly traffic: Traffic
  /** Pods that serve or will, those that end included. */
  readonly pods: () => readonly Live[]
  /** The Deployments of its pods, however they are called. */
  readonly deployments: () => readonly Live[]
  /** Resolves when the spec is Ready, its pods are there and the pods before them are gone. */
  readonly settled: (patience?: Patience) => Promise<Live>
}

export interface BusyModelOptions {
  /** What the first version that it serves adds to its input. */
  readonly summand: number
  readonly replicas: number
  /** Requests of each of the two streams. */
  readonly perSecond: number
  /** What its spec has besides. */
  readonly spec?: object
  /** What the requests bring for the gateway; none where it is absent. */
  readonly apiKey?: string
  readonly patienceMs?: number
}

/** What makes version `summand` of a model: a ConfigMap with the model, whose answer to x is x + summand. */
export const versionSource = (summand: number): { configMapRef: { name: string } } => ({
  configMapRef: { name: `adds-${summand}` },
})

export const applyVersions = (world: World, summands: readonly number[]): void =>
  world.kubectl.apply(
    ...summands.map((summand) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: versionSource(summand).configMapRef.name, namespace: world.namespace },
      binaryData: { 'model.onnx': adder(summand).toString('base64') },
    })),
  )

const isReady = (pod: Live): boolean =>
  pod.metadata.deletionTimestamp === undefined && conditionOf(pod, 'Ready')?.status === 'True'

const settledOn = (world: World, name: string): Live => {
  const live = world.model(name)
  const desired: number =
    live['spec'].replicas ?? world.kubectl.get('hpa', name, world.namespace)?.['status'].desiredReplicas
  const pods = world.kubectl.list('pod', world.namespace, serverSelector(name))
  const ready = conditionOf(live, 'Ready')
  const isCurrent = live['status']?.observedGeneration === live.metadata['generation' as never]
  if (isCurrent && ready?.status === 'True' && pods.length === desired && pods.every(isReady)) return live
  const seen = pods.map((pod) => `${pod.metadata.name}${isReady(pod) ? '' : ' (not ready, or ending)'}`)
  throw new Error(
    `desired ${desired} pods, there are ${seen.join(', ')}; ${ready?.reason}: ${ready?.message}`,
  )
}

/** Starts a model, and the requests to it once it has settled. */
export const openBusyModel = async (
  world: World,
  name: string,
  { summand, replicas, spec, ...traffic }: BusyModelOptions,
): Promise<BusyModel> => {
  world.applyModel(name, {
    model: { task: 'tensor', source: versionSource(summand), version: String(summand) },
    // An autoscaler owns the number of pods where spec has one.
    ...(spec && 'autoscaling' in spec ? {} : { replicas }),
    ...small,
    ...spec,
  })
  const settled: BusyModel['settled'] = (patience) =>
    eventually(`${name} has settled`, () => settledOn(world, name), { intervalMs: 1000, ...patience })
  await settled()
  await world.ready(name)
  return {
    name,
    traffic: await startTraffic({ url: world.url(name), model: name, summands: [summand], ...traffic }),
    pods: () => world.kubectl.list('pod', world.namespace, serverSelector(name)),
    deployments: () => world.kubectl.list('deployment', world.namespace, modelSelector(name)),
    settled,
  }
}
