/** What the status says of an import while it runs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testCluster } from '../../testing/cluster.ts'

const line = (bytes: number): string =>
  `${JSON.stringify({ level: 'info', message: 'import progress', bytes, totalBytes: 8_000 })}\n`

test('status.import follows a running import, is written every ten seconds at most, and goes with it', async () => {
  const cluster = testCluster()
  const importPod = () => cluster.all('Pod').find(({ metadata }) => metadata.name.includes('-import-'))
  const phaseOf = () => (importPod() as { status?: { phase?: string } } | undefined)?.status?.phase
  for (let round = 0; phaseOf() !== 'Running'; round++) {
    assert.ok(round < 20, 'the import does not start')
    await cluster.pass()
    cluster.step()
  }
  const say = (bytes: number): void => {
    cluster.faults.logs = new Map([[importPod()?.metadata.name ?? '', line(bytes)]])
  }
  const written = () => cluster.writes.filter(({ verb }) => verb === 'applyStatus').length
  say(1_000)
  const result = await cluster.pass()
  assert.deepEqual(cluster.model().status?.import, { bytes: 1_000, totalBytes: 8_000, percent: 12 })
  assert.ok(result.kind === 'waiting' && result.afterMs <= 10_000, 'another look is due')

  const before = written()
  say(2_000)
  for (let passes = 0; passes < 5; passes++) await cluster.pass()
  assert.equal(written(), before)

  cluster.advance(10_000)
  for (let passes = 0; passes < 5; passes++) await cluster.pass()
  assert.equal(cluster.model().status?.import?.percent, 25)
  assert.equal(written(), before + 1)

  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.model().status?.import, undefined)
})
