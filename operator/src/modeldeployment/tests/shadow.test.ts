/** Copies of requests that are compared before a canary has any share of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Draft } from '../../testing/cluster.ts'
import { triedCluster } from '../../testing/tried.ts'

const shadowedCluster = async () => {
  const cluster = await triedCluster()
  cluster.edit('ModelDeployment', ({ spec }: Draft) => {
    spec.rollout.shadow = { percent: 20, tolerance: 0.02 }
  })
  return cluster
}

test('a version gets no share of the requests before enough copies were answered as the one that serves does', async () => {
  const cluster = await shadowedCluster()
  cluster.publish('second')
  const waits = /0 of 250 copies were compared before the first step/
  await cluster.until(() => waits.test(cluster.canary()?.message ?? ''))
  for (let count = 0; count < 10; count += 1) await cluster.turn()
  assert.equal(cluster.canary()?.step, 0)
  cluster.traffic.quality = { canary: 0.01, stable: 0.01, disagreement: 0 }
  await cluster.until(() => cluster.canary()?.step === 1)
  assert.match(
    cluster.canary()?.message ?? '',
    /answered \d+ of \d+ copies as v_\S+ did, so that 0 % to \S+ % of its answers differ and 2 % may, evidence \S+ of the 60 that reject it; with \d+ copies a share of 4 % is found in at least \d+ % of cases/,
  )
  await cluster.until(() => cluster.canary() === undefined)
})

test('a version that answers otherwise beyond the tolerance is taken back before any caller has met it', async () => {
  const cluster = await shadowedCluster()
  const first = cluster.model().status?.activeVersion
  cluster.traffic.quality = { canary: 0.01, stable: 0.01, disagreement: 0.3 }
  cluster.publish('second')
  await cluster.until(() => {
    assert.equal(cluster.canary()?.weight ?? 0, 0)
    return cluster.model().status?.rejectedRevision !== undefined
  })
  await cluster.settle()
  assert.equal(cluster.model().status?.activeVersion, first)
  assert.equal(cluster.condition('Stalled')?.reason, 'CanaryWorse')
  assert.match(
    cluster.condition('Stalled')?.message ?? '',
    /at least \S+ % of the answers of v_\S+ differ from those of v_\S+ \(\d+ of \d+\), more than 2 %, evidence .* against 60/,
  )
})

test('without a gateway nothing is copied or tried', async () => {
  const cluster = await shadowedCluster()
  cluster.traffic.hasGateways = false
  cluster.publish('second')
  await cluster.settle(1_000)
  assert.equal(cluster.condition('Stalled')?.reason, 'GatewayMissing')
})
