import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advancing, rungsOf, samplesOf, timeShare } from './halving.ts'

test('each round keeps half of the variants and doubles the samples, until four are measured in full', () => {
  assert.deepEqual(rungsOf(18), [
    { width: 18, share: 0.125 },
    { width: 9, share: 0.25 },
    { width: 5, share: 0.5 },
    { width: 4, share: 1 },
  ])
  for (const few of [1, 2, 4]) assert.deepEqual(rungsOf(few), [{ width: few, share: 1 }])
  for (let variants = 1; variants <= 64; variants += 1) {
    const rungs = rungsOf(variants)
    assert.ok(rungs.every(({ width }, index) => index === 0 || width < (rungs[index - 1]?.width ?? 0)))
    assert.equal(rungs.at(-1)?.share, 1)
  }
})

test('a round has no fewer samples than say something, and no more than there are', () => {
  assert.equal(samplesOf({ width: 8, share: 0.25 }, 1000), 250)
  assert.equal(samplesOf({ width: 8, share: 0.25 }, 100), 32)
  assert.equal(samplesOf({ width: 8, share: 0.25 }, 20), 20)
})

test('the time of a search is divided so that a variant has more in each round, and some in the first', () => {
  for (const variants of [1, 5, 16, 64]) {
    const rungs = rungsOf(variants)
    const shares = rungs.map((rung) => timeShare(rung, rungs))
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
    const each = rungs.map(({ width }, index) => (shares[index] ?? 0) / width)
    assert.ok(each.every((share, index) => index === 0 || share > (each[index - 1] ?? 1)))
    assert.ok((each[0] ?? 0) > 0.3 / variants)
  }
})

test('what others are compared with goes on, however it did', () => {
  const baseOf = (name: string): string | undefined => (name.startsWith('a') ? 'a.as-is' : undefined)
  const order = ['a.int4', 'b', 'c', 'a.as-is']
  assert.deepEqual([...advancing(order, { width: 2, share: 1 }, baseOf)], ['a.int4', 'b', 'a.as-is'])
  assert.deepEqual([...advancing(['b', 'c', 'a.as-is'], { width: 1, share: 1 }, baseOf)], ['b'])
})
