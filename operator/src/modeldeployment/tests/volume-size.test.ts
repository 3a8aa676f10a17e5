/** A volume grows where its StorageClass allows it, and a size that cannot be reached can be taken back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveClaim, LiveEvent } from '@gantry/kube/live.ts'
import { type TestCluster, testCluster } from '../../testing/cluster.ts'

const claimOf = (cluster: TestCluster): LiveClaim =>
  cluster.find<LiveClaim>('PersistentVolumeClaim') as LiveClaim
const requestOf = (cluster: TestCluster): string | undefined =>
  claimOf(cluster).spec?.resources?.requests?.storage
const resize = (cluster: TestCluster, size: string): Promise<void> =>
  cluster.change((spec) => {
    spec.storage.size = size
  })
const isSettled = (cluster: TestCluster): void => {
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('Reconciling')?.status, 'False')
  assert.equal(cluster.condition('Stalled')?.status, 'False')
}

/** A model that serves, on a StorageClass without allowVolumeExpansion. */
const fixedCluster = async (): Promise<TestCluster> => {
  const cluster = testCluster()
  await cluster.settle()
  cluster.edit('PersistentVolumeClaim', ({ spec }) => {
    spec.storageClassName = 'standard'
  })
  cluster.faults.isFixedSize = true
  return cluster
}

test('a volume whose class can grow is enlarged', async () => {
  const cluster = testCluster()
  await cluster.settle()
  await resize(cluster, '20Gi')
  assert.equal(requestOf(cluster), '20Gi')
  isSettled(cluster)
})

test('an enlargement that the class refuses is Degraded with the name of the class, and never Stalled', async () => {
  const cluster = await fixedCluster()
  await resize(cluster, '20Gi')
  assert.equal(requestOf(cluster), '10Gi')
  isSettled(cluster)
  const { status, reason, message = '' } = cluster.condition('Degraded') ?? {}
  assert.deepEqual([status, reason], ['True', 'VolumeNotEnlarged'])
  assert.match(
    message,
    /intents stays at 10Gi instead of 20Gi.*StorageClass standard.*allowVolumeExpansion.*back to 10Gi/,
  )
  const told = cluster.all<LiveEvent>('Event').filter((one) => one.reason === 'VolumeNotEnlarged')
  assert.deepEqual(
    told.map(({ type }) => type),
    ['Warning'],
  )
})

test('a size that could not be had is taken back, and all is well again', async () => {
  const cluster = await fixedCluster()
  await resize(cluster, '20Gi')
  await resize(cluster, '10Gi')
  isSettled(cluster)
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('a class that is allowed to expand later is noticed by itself', async () => {
  const cluster = await fixedCluster()
  await resize(cluster, '20Gi')
  cluster.faults.isFixedSize = false
  await cluster.settle()
  assert.equal(requestOf(cluster), '20Gi')
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('what else changes with a refused enlargement is done all the same', async () => {
  const cluster = await fixedCluster()
  await cluster.change((spec) => {
    spec.storage.size = '20Gi'
    spec.replicas = 3
  })
  assert.equal(cluster.model().status?.readyReplicas, 3)
  assert.equal(cluster.condition('Degraded')?.reason, 'VolumeNotEnlarged')
})

test('another refusal is told before an enlargement that is refused', async () => {
  const cluster = await fixedCluster()
  cluster.faults.before = ({ kind }) => {
    if (kind === 'Service') throw new ApiError(403, 'Forbidden', 'exceeded quota: tight')
  }
  cluster.erase('Service')
  await resize(cluster, '20Gi')
  assert.equal(cluster.condition('Stalled')?.reason, 'QuotaRefused')
})

test('a smaller size leaves the volume as it is', async () => {
  const cluster = testCluster()
  await cluster.settle()
  await resize(cluster, '5Gi')
  assert.equal(requestOf(cluster), '10Gi')
  isSettled(cluster)
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('an expansion that has not been carried out may be made smaller, down to what there is', async () => {
  const cluster = testCluster()
  await cluster.settle()
  await resize(cluster, '40Gi')
  await resize(cluster, '20Gi')
  assert.equal(requestOf(cluster), '20Gi')
  await resize(cluster, '10Gi')
  isSettled(cluster)
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('a claim that is not bound yet keeps its size until it is', async () => {
  const cluster = testCluster({ stuck: () => ({ phase: 'Pending' }) })
  await cluster.settle()
  cluster.edit('PersistentVolumeClaim', (claim) => {
    claim.status = { phase: 'Pending' }
  })
  for (const pod of cluster.all('Pod')) cluster.store.erase(pod)
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.storage.size = '20Gi'
  })
  await cluster.pass()
  assert.equal(requestOf(cluster), '10Gi')
  assert.equal(cluster.condition('Stalled')?.status, 'False')
  cluster.edit('PersistentVolumeClaim', (claim) => {
    claim.status = { phase: 'Bound', capacity: { storage: '10Gi' } }
  })
  await cluster.pass()
  assert.equal(requestOf(cluster), '20Gi')
})

const full = { outcome: 'failed', reason: 'VolumeFull', message: 'No room.', retry: 'never' } as const

test('a full volume that can grow: raise the size', async () => {
  const cluster = testCluster({ imports: () => full })
  await cluster.settle()
  assert.match(cluster.condition('Stalled')?.message ?? '', /^No room\. Raise spec\.storage\.size above 10Gi/)
})

test('a full volume that cannot grow: the size is no way out, and what is one is said', async () => {
  let isFull = false
  const cluster = testCluster({ imports: () => (isFull ? full : undefined) })
  await cluster.settle()
  cluster.edit('PersistentVolumeClaim', ({ spec }) => {
    spec.storageClassName = 'standard'
  })
  cluster.faults.isFixedSize = true
  isFull = true
  await cluster.change((spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  const { reason, message = '' } = cluster.condition('Stalled') ?? {}
  assert.equal(reason, 'VolumeFull')
  assert.match(message, /StorageClass standard.*cannot be enlarged.*allowVolumeExpansion.*another name/)
  assert.doesNotMatch(message, /Raise spec\.storage\.size/)
})
