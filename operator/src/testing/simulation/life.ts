/** One simulated life of a model: users, a cluster and an operator that all do something at random, the same for a seed each time. */
import { randomOf } from '@gantry/evaluation/random.ts'
import { testManager } from '../claims.ts'
import type { TestCluster } from '../cluster.ts'
import type { Random } from '../gateways.ts'
import { modelDeployment } from '../model-deployment.ts'
import { type TestRelease, testRelease } from '../releases.ts'
import { triedCluster } from '../tried.ts'
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
  readonly fateOf: (version: string) => Fate | undefined
  /** The gate is there from the beginning to the end, so that no pod of a bad version may ever be. */
  readonly isGated: boolean
  /** A user has asked for no pods, or taken what they need, since the cluster was last at rest. */
  mayBeEmpty: boolean
  /** What happened, for whoever has to find out why an invariant does not hold. */
  readonly story: string[]
}

const dataset = { uri: 'https://data.example/test.jsonl' }
export const gate = { dataset, minAccuracy: 0.8 }

const otherManager = 'team-b/prod'

/** Versions and times of a rollout that ends within a few minutes of traffic. */
const rollout = {
  strategy: 'Canary',
  steps: [10, 50].map((weight) => ({ weight, holdSeconds: 30 })),
} as const

export const born = async (seed: number): Promise<Life> => {
  const random = randomOf(seed)
  const isGated = random() < 0.6
  const faults: Faults = { rate: 0, late: [] }
  let known: TestCluster['volumes'] | undefined
  const fateOf = (version: string): Fate | undefined => known && fatesOn(known)(version)
  const spec = {
    ...{ model: { source: { uri: sourceOf('good', 0) } }, replicas: 2 },
    ...(random() < 0.6 && { rollout }),
    ...(isGated && { evaluate: gate }),
  }
  const cluster = await triedCluster({ ...fared(fateOf), model: modelDeployment({ spec }) })
  known = cluster.volumes
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
    ...{ seed, random, cluster, operator, other, faults, fateOf, isGated },
    ...{ mayBeEmpty: false, story: [] },
  }
}
