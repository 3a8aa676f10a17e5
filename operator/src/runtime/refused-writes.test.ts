/** A request that is refused for ever costs little: few writes, and the status tells why. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { backoffMs } from '@gantry/kube/backoff.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import { type Draft, type TestCluster, testCluster } from '../testing/cluster.ts'
import { modelDeployment } from '../testing/model-deployment.ts'
import { untrackedCluster } from '../testing/untracked.ts'
import type { Result } from './result.ts'

const quota = new ApiError(403, 'Forbidden', 'exceeded quota: q, requested: persistentvolumeclaims=1')
/** How the queue spaces passes that fail. */
const ofQueue = { minMs: 500, maxMs: 300_000 }
/** Writes of one model that an API server does not notice, in a minute. */
const mostPerMinute = 10

const refuse = (cluster: TestCluster, kind: string): void => {
  cluster.faults.before = (write) => {
    if (write.kind === kind && write.verb !== 'remove') throw quota
  }
}

/** How long the queue waits after a pass that failed, or that said when to come back. */
const waits = () => {
  let failures = 0
  return (result: Result | undefined): number => {
    failures = result === undefined ? failures + 1 : 0
    if (failures > 0) return backoffMs(ofQueue, failures)
    return result?.kind === 'waiting' ? result.afterMs : 60_000
  }
}

/** Passes as the operator makes them, for so many minutes: at once where something moved, else when the last one says. */
const live = async (cluster: TestCluster, minutes: number): Promise<readonly number[]> => {
  const counts: number[] = []
  const waitAfter = waits()
  const startedAt = cluster.world.now()
  let before = cluster.writes.length
  for (let minute = 1; minute <= minutes; minute += 1) {
    for (let passes = 0; cluster.world.now() < startedAt + minute * 60_000 && passes < 2000; passes += 1) {
      const version = cluster.store.version()
      const waitMs = waitAfter(await cluster.pass().catch((): undefined => undefined))
      const hasMoved = cluster.step() || cluster.store.version() !== version
      cluster.advance(hasMoved ? 100 : Math.min(waitMs, 60_000))
    }
    counts.push(cluster.writes.length - before)
    before = cluster.writes.length
  }
  return counts
}

const kinds = [
  ...[
    'ServiceAccount',
    'PersistentVolumeClaim',
    'ConfigMap',
    'NetworkPolicy',
    'Job',
    'Service',
    'Deployment',
  ],
  ...['HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Event', 'ModelDeployment'],
]

const states: readonly (readonly [string, () => Promise<TestCluster>])[] = [
  ['a new model', async () => testCluster()],
  [
    'a model that serves',
    async () => {
      const cluster = testCluster()
      await cluster.settle()
      return cluster
    },
  ],
  [
    'a model that serves, whose objects are gone',
    async () => {
      const cluster = testCluster()
      await cluster.settle()
      for (const { kind, metadata } of [...cluster.store.objects.values()])
        if (kinds.includes(kind)) cluster.erase(kind, metadata.name)
      return cluster
    },
  ],
  [
    'a model that is to serve another version, autoscaled',
    async () => {
      const cluster = testCluster()
      await cluster.settle()
      cluster.edit('ModelDeployment', ({ spec }: Draft) => {
        spec.model.source.uri = 'https://models.example/2.tar.gz'
        spec.autoscaling = { minReplicas: 1, maxReplicas: 2 }
      })
      return cluster
    },
  ],
  [
    'a model that is taken over from a Deployment without a track',
    () => untrackedCluster({ model: modelDeployment({ spec: { replicas: 3 } }) }),
  ],
  [
    'a model that is half taken over',
    async () => {
      const cluster = await untrackedCluster({ model: modelDeployment({ spec: { replicas: 4 } }) })
      for (let passes = 0; passes < 3; passes += 1) {
        await cluster.pass()
        while (cluster.step());
      }
      assert.equal(cluster.all('Deployment').length, 2)
      return cluster
    },
  ],
  [
    'an autoscaled model that is taken over',
    () => untrackedCluster({ model: modelDeployment({ spec: { autoscaling: { maxReplicas: 3 } } }) }),
  ],
  [
    'a model of a release that is gone',
    async () => {
      const cluster = testCluster()
      await cluster.settle()
      cluster.edit('ModelDeployment', ({ status }: Draft) => {
        status.managedBy = 'team-a/gone'
      })
      return cluster
    },
  ],
]

describe('a kind of request that is refused for ever', () => {
  for (const [what, make] of states)
    for (const kind of kinds)
      test(`${what}: with ${kind}s refused, writes come to rest`, async () => {
        const cluster = await make()
        refuse(cluster, kind)
        const [first = 0, ...later] = await live(cluster, 8)
        assert.ok(first <= 40, `${first} writes in the first minute`)
        for (const count of later) assert.ok(count <= mostPerMinute, `${later.join(', ')} writes a minute`)
        // Each refused object is tried every five minutes at last; a model has two NetworkPolicies.
        assert.ok((later.at(-1) ?? 0) <= 2, `${later.join(', ')} writes a minute do not come to rest`)
      })
})

test('a model whose claim is refused has no Job, and lost no versions', async () => {
  const cluster = testCluster()
  refuse(cluster, 'PersistentVolumeClaim')
  await live(cluster, 3)
  assert.deepEqual(cluster.all('Job'), [])
  assert.equal(cluster.condition('Stalled')?.reason, 'QuotaRefused')
  assert.match(
    cluster.condition('Stalled')?.message ?? '',
    /PersistentVolumeClaim demo\/intents.*exceeded quota.*ask for less in spec\.storage\./,
  )
})

test('the status of a refused write tells that it is tried again without anybody asking', async () => {
  const cluster = testCluster()
  refuse(cluster, 'PersistentVolumeClaim')
  await live(cluster, 3)
  assert.equal(cluster.condition('Reconciling')?.status, 'False')
  assert.match(cluster.condition('Reconciling')?.message ?? '', /tried again within 5 minutes\./)
})

test('a quota that is raised is noticed within five minutes, and a change of the model at once', async () => {
  const cluster = testCluster()
  refuse(cluster, 'PersistentVolumeClaim')
  await live(cluster, 30)
  cluster.faults.before = undefined
  await live(cluster, 6)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  const other = testCluster()
  refuse(other, 'PersistentVolumeClaim')
  await live(other, 30)
  other.faults.before = undefined
  other.edit('ModelDeployment', ({ spec, metadata }: Draft) => {
    spec.storage.size = '5Gi'
    metadata.generation += 1
  })
  await live(other, 1)
  assert.equal(other.condition('Ready')?.status, 'True')
})
