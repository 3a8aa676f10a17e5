/** Who says how many pods serve. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import { settledCluster, testCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'

test('hands the replicas to the autoscaler without losing a pod, and takes them back', async () => {
  const cluster = await settledCluster({ model: modelDeployment({ spec: { replicas: 5 } }) })
  const desired: (number | undefined)[] = []
  cluster.faults.after = () => void desired.push(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas)
  await cluster.change((spec) => {
    delete spec.replicas
    spec.autoscaling = { minReplicas: 2, maxReplicas: 8 }
  })
  assert.deepEqual([...new Set(desired)], [5])
  cluster.edit('Deployment', (deployment) => {
    deployment.spec.replicas = 7 // the autoscaler's own step
  })
  await cluster.settle()
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 7)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  await cluster.change((spec) => {
    delete spec.autoscaling
    spec.replicas = 3
  })
  assert.equal(cluster.find('HorizontalPodAutoscaler'), undefined)
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 3)
})

test('an autoscaler gets pods to begin with, since it never starts from none', async () => {
  const cluster = await settledCluster({ model: modelDeployment({ spec: { replicas: 0 } }) })
  await cluster.change((spec) => {
    delete spec.replicas
    spec.autoscaling = { minReplicas: 2, maxReplicas: 8 }
  })
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 2)
  cluster.edit('Deployment', ({ spec }) => {
    spec.replicas = 0
  })
  await cluster.settle()
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 2)
})

test('is Ready with no pods where none is desired', async () => {
  const cluster = await settledCluster({ model: modelDeployment({ spec: { replicas: 0 } }) })
  assert.equal(cluster.condition('Ready')?.reason, 'ScaledToZero')
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('Available')?.reason, 'ScaledToZero')
})

test('another number of pods is there although the status was cleared and the source does not answer', async () => {
  let isDown = false
  const failure = {
    outcome: 'failed',
    reason: 'SourceUnreachable',
    message: 'No answer.',
    retry: 'backoff',
  } as const
  const cluster = testCluster({
    model: modelDeployment({ spec: { replicas: 1 } }),
    imports: () => (isDown ? failure : undefined),
  })
  await cluster.settle()
  isDown = true
  for (const key of cluster.store.objects.keys())
    if (/^(Job|Pod)\/.*-import-/.test(key)) cluster.store.objects.delete(key)
  cluster.edit('ModelDeployment', (draft) => {
    draft.status = {}
    draft.spec.model.version = '2'
  })
  await cluster.settle(5_000)
  const replicas = () => cluster.find<LiveDeployment>('Deployment')?.spec?.replicas
  for (const count of [3, 2]) {
    cluster.edit('ModelDeployment', ({ spec }) => {
      spec.replicas = count
    })
    await cluster.settle(5_000)
    assert.equal(replicas(), count)
  }
  isDown = false
  await cluster.settle()
  assert.deepEqual([replicas(), cluster.condition('Ready')?.status], [2, 'True'])
})
