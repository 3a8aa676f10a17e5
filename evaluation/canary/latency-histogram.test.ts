import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomOf } from '../random.ts'
import { histogramProblem, type LatencyHistogram, latencyScale, p95Of } from './latency-histogram.ts'
import { histogramOf } from './testing/latencies.ts'

test('the bound is the 95th percentile of all gateways together, at most a bucket and its rounding too high', () => {
  const random = randomOf(1)
  for (const scale of [0.2, 3, 40, 9000]) {
    const latencies = Array.from({ length: 3000 }, () => scale * Math.exp(2 * random()))
    const p95 = [...latencies].sort((a, b) => a - b)[2849] as number
    const bound = p95Of([histogramOf(latencies.slice(0, 700)), histogramOf(latencies.slice(700))]) as number
    assert.ok(bound >= p95 && bound <= p95 * 1.06, `${bound} is not the p95 ${p95}`)
  }
})

test('there is no bound of too few requests', () => {
  const ten = Array.from({ length: 99 }, () => 10)
  assert.equal(p95Of([histogramOf(ten)]), undefined)
  assert.equal(p95Of([histogramOf([...ten, 10])]), 10.4)
  assert.equal(p95Of([]), undefined)
})

test('a histogram that cannot be is left out by name', () => {
  const good = histogramOf(Array.from({ length: 200 }, () => 5))
  const bad: readonly (readonly [Partial<LatencyHistogram>, RegExp])[] = [
    [{ scale: 3 }, /scale 3, not 4/],
    [{ counts: [Number.NaN] }, /count of NaN/],
    [{ counts: [-1] }, /count of -1/],
    [{ offset: 1e9 }, /which no latency has/],
    [{ offset: 0.5 }, /which no latency has/],
  ]
  for (const [wrong, expected] of bad) {
    const histogram = { scale: latencyScale, offset: 0, counts: [1e6], ...wrong }
    assert.match(histogramProblem(histogram) ?? '', expected)
    assert.equal(p95Of([good, histogram]), p95Of([good]))
  }
})
