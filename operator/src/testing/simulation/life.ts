/** One simulated life of a model: users, a cluster and an operator that all do something at random, the same for a seed each time. */
import type { GatewayPorts } from '@gantry/contract/gateway.ts'
import { randomOf } from '@gantry/evaluation/random.ts'
import type { GatewayPod } from '../../modeldeployment/path/gateway-pods.ts'
import { type Demanded, nothingKnown } from '../../sleeping/sleep.ts'
import { testManager } from '../claims.ts'
import type { Draft, TestCluster } from '../cluster.ts'
import { type DataPlane, dataPlane, routedHere } from '../data-plane.ts'
import { gatewayPod, gatewaysOf } from '../gateway-path.ts'
import type { Random } from '../gateways.ts'
import { modelDeployment } from '../model-deployment.ts'
import { type TestRelease, testRelease } from '../releases.ts'
import { type Traffic, triedCluster } from '../tried.ts'
import { type Faults, faulty } from './faults.ts'
import { type Fate, fared, fatesOn, sourceOf } from './sources.ts'

type Cluster = Awaited<ReturnType<typeof triedCluster>>

export interface Life {
  readonly seed: number
  readonly random: Random
  readonly cluster: Cluster
  readonly operator: TestRelease
  /** A second release that watches the same namespace, in some lives. */
  readonly other: TestRelease | undefined
  readonly faults: Faults
  /** The gateways' pods, and the port that each of them has opened for the model; undefined: none. */
  readonly gateways: readonly OpenedPort[]
  /** A data plane of Gateway API, for models that ask for one. */
  readonly plane: DataPlane
  readonly routed: ReturnType<ReturnType<typeof dataPlane>['of']>
  readonly fateOf: (version: string) => Fate | undefined
  /** The gate is there from the beginning to the end, so that no pod of a bad version may ever be. */
  readonly isGated: boolean
  /** What comes for the model, as gateways and pods tell it. */
  readonly requests: Requests
  /** A user has asked for no pods, or taken what they need, since the cluster was last at rest. */
  mayBeEmpty: boolean
  /** What happened, for whoever has to find out why an invariant does not hold. */
  readonly story: string[]
}

export interface Requests {
  /** Whether some wait for a pod at a gateway, where the model has none. */
  areWaiting: boolean
  /** Milliseconds without one. */
  idleMs: number
  /** Whether the operator knows; one that has just started does not. */
  areKnown: boolean
}

export interface OpenedPort {
  readonly pod: GatewayPod
  port: number | undefined
}

const dataset = { uri: 'https://data.example/test.jsonl' }
export const gate = { dataset, minAccuracy: 0.8 }

const otherManager = 'team-b/prod'

/** Versions and times of a rollout that ends within a few minutes of traffic. */
const rollout = {
  strategy: 'Canary',
  steps: [10, 50].map((weight) => ({ weight, holdSeconds: 30 })),
} as const

const demandedOf = ({ areWaiting, areKnown, idleMs }: Requests, hasGateways: boolean): Demanded => {
  if (!areKnown) return nothingKnown
  const gateways = hasGateways ? 'present' : 'missing'
  return { gateways, isWanted: hasGateways && areWaiting, idleMs: areWaiting ? 0 : idleMs }
}

const portsOf = (gateway: OpenedPort | undefined): GatewayPorts['ports'] =>
  gateway?.port === undefined ? [] : [{ port: gateway.port, model: 'demo/intents', endpoints: 1 }]

export const born = async (seed: number): Promise<Life> => {
  const random = randomOf(seed)
  const isGated = random() < 0.6
  const isRouted = random() < 0.3
  const { plane, routes, of } = dataPlane('served', random)
  const faults: Faults = { rate: 0, late: [] }
  let known: TestCluster['volumes'] | undefined
  let traffic: Traffic | undefined
  const fateOf = (version: string): Fate | undefined => known && fatesOn(known)(version)
  const spec = {
    ...{ model: { source: { uri: sourceOf('good', 0) } }, replicas: 2 },
    ...((random() < 0.6 || isRouted) && { rollout: { ...rollout, ...(isRouted && routedHere) } }),
    ...(isGated && { evaluate: gate }),
  }
  const requests: Requests = { areWaiting: false, idleMs: 0, areKnown: true }
  const gateways: readonly OpenedPort[] = ['gateway-a', 'gateway-b'].map((name, index) => ({
    pod: gatewayPod(name, `10.9.0.${index + 1}`),
    port: undefined,
  }))
  const cluster = await triedCluster({
    ...fared(fateOf),
    routes,
    model: modelDeployment({ spec: structuredClone(spec) as Draft }),
    demanded: () => demandedOf(requests, traffic?.hasGateways !== false),
    path: gatewaysOf(
      () => (traffic?.hasGateways === false ? [] : gateways.map(({ pod }) => pod)),
      ({ name }) => portsOf(gateways.find(({ pod }) => pod.name === name)),
    ),
  })
  known = cluster.volumes
  traffic = cluster.traffic
  const { serverImage } = cluster.world.config
  const release = (manager: string): TestRelease =>
    testRelease(cluster, manager, {
      config: { serverImage },
      client: (kube) => faulty(kube, faults, random),
    })
  const other = random() < 0.3 ? release(otherManager) : undefined
  const operator = release(testManager)
  operator.see()
  return {
    ...{ seed, random, cluster, operator, other, faults, gateways, fateOf, isGated, requests },
    ...{ plane, routed: of(cluster), mayBeEmpty: false, story: [] },
  }
}
