import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import { settledCluster } from '../../testing/cluster.ts'

test('more replicas than the installation allows are refused, and those that serve stay', async () => {
  const cluster = await settledCluster({ config: { maxReplicas: 3 } })
  await cluster.change((spec) => {
    spec.replicas = 3
  })
  assert.equal(cluster.condition('Ready')?.status, 'True')
  await cluster.change((spec) => {
    spec.replicas = 4
  })
  assert.equal(cluster.condition('Stalled')?.reason, 'TooManyReplicas')
  assert.match(
    cluster.condition('Stalled')?.message ?? '',
    /^spec\.replicas is 4, .* 3 pods here\..*limits\.maxReplicas/,
  )
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 3)
  assert.equal(cluster.condition('Available')?.status, 'True')
  cluster.writes.length = 0
  for (let count = 0; count < 3; count += 1) await cluster.pass()
  assert.deepEqual(cluster.writes, [])
})

test('an autoscaler may not go beyond it either', async () => {
  const cluster = await settledCluster({ config: { maxReplicas: 3 } })
  await cluster.change((spec) => {
    spec.autoscaling = { minReplicas: 1, maxReplicas: 4 }
  })
  assert.match(cluster.condition('Stalled')?.message ?? '', /^spec\.autoscaling\.maxReplicas is 4/)
  assert.equal(cluster.find('HorizontalPodAutoscaler'), undefined)
  await cluster.change((spec) => {
    spec.autoscaling.maxReplicas = 3
  })
  assert.equal(cluster.condition('Ready')?.status, 'True')
})
