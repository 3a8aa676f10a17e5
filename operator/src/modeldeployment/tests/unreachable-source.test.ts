/** A source that does not answer is told from the first failure on until it answers, and telling it costs little. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveEvent } from '@gantry/kube/live.ts'
import { testCluster } from '../../testing/cluster.ts'

const unreachable = {
  outcome: 'failed',
  reason: 'SourceUnreachable',
  message: 'models.example cannot be reached: the connection was refused',
  retry: 'backoff',
} as const

test('while the next attempts run, the status keeps the reason, and is written once', async () => {
  let isDown = true
  const cluster = testCluster({ imports: () => (isDown ? unreachable : undefined) })
  await cluster.settle(5_000)
  assert.equal(cluster.condition('Ready')?.reason, 'SourceUnreachable')
  cluster.writes.length = 0
  const reasons = new Set<string | undefined>()
  for (let round = 0; round < 200; round += 1) {
    const result = await cluster.pass()
    reasons.add(cluster.condition('Ready')?.reason)
    if (!cluster.step() && result.kind === 'waiting') cluster.advance(result.afterMs)
  }
  const attempts = cluster.writes.filter(({ verb, kind }) => verb === 'create' && kind === 'Job').length
  assert.ok(attempts > 5, `${attempts} attempts`)
  assert.deepEqual([...reasons], ['SourceUnreachable'])
  assert.deepEqual(
    cluster.writes.filter(({ verb }) => verb === 'applyStatus'),
    [],
  )
  assert.match(
    cluster.condition('Ready')?.message ?? '',
    /connection was refused\. It is tried again by itself/,
  )
  const told = cluster.all<LiveEvent>('Event').filter(({ reason }) => reason === 'SourceUnreachable')
  assert.equal(told.length, 1)
  isDown = false
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('an annotation that the operator did not write to the Job is ignored', async () => {
  const cluster = testCluster()
  await cluster.pass()
  const [job] = cluster.all('Job')
  for (const text of [
    '{',
    '[]',
    '{"reason":"Hacked","message":"x"}',
    '{"reason":"SourceUnreachable","message":7}',
  ]) {
    cluster.edit(
      'Job',
      ({ metadata }) => {
        metadata.annotations['gantry.dev/last-failure'] = text
      },
      job?.metadata.name,
    )
    await cluster.pass()
    assert.equal(cluster.condition('Ready')?.reason, 'Importing')
  }
})
