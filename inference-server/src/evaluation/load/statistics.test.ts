import assert from 'node:assert/strict'
import { test } from 'node:test'
import { histogram } from './histogram.ts'
import { latenciesOf, median, pooled, spread } from './statistics.ts'

test('quantiles lie between neighbours as those of numpy', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5)
  const sorted = pooled([Float64Array.of(5, 1), Float64Array.of(3), Float64Array.of(2, 4)])
  const { meanMs, p50Ms, p95Ms, p99Ms } = latenciesOf(sorted)
  assert.deepEqual([meanMs, p50Ms, p95Ms], [3, 3, 4.8])
  assert.ok(Math.abs(p99Ms - 4.96) < 1e-12)
})

test('the spread is half the range between the quartiles, as a share of the median', () => {
  assert.equal(spread([90, 95, 100, 105, 110]), 0.05)
  assert.equal(spread([7]), 0)
})

test('every latency is in a bin, however far the slowest one lies', () => {
  const values = Float64Array.from({ length: 1000 }, (_, index) => 1 + index / 1000)
  values[999] = 500
  const { edges, counts } = histogram(values)
  assert.equal(edges.length, counts.length + 1)
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    1000,
  )
  assert.deepEqual([edges[0], edges.at(-1)], [1, 500])
  assert.deepEqual(histogram(Float64Array.of(2, 2)), { edges: [2, 2], counts: [2] })
})
