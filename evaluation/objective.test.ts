import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measurement } from '@gantry/contract/evaluation.ts'
import { dropsOf, type Objective } from './objective.ts'
import { rank } from './ranking.ts'
import { comparison, measurement, spec } from './testing/measurements.ts'

/** @param spread of the rounds at concurrency 1 */
const timed = (name: string, p95Ms: number, spread = 0, changes: Partial<Measurement> = {}): Measurement => {
  const one = measurement(name, changes)
  const byConcurrency = one.performance.byConcurrency.map((figures) => ({ ...figures, spread }))
  return { ...one, performance: { ...one.performance, p95Ms, byConcurrency } }
}

const chosen = (
  objective: Objective,
  measured: readonly Measurement[],
  drops: Readonly<Record<string, number>> = {},
) => {
  const compared = Object.entries(drops).map(([name, drop]) =>
    comparison({ name, with: 'as-is', difference: -drop }),
  )
  const names = measured.map(({ name }) => name)
  return rank(
    { ...spec(names), objective },
    measured,
    undefined,
    dropsOf(compared, () => 'as-is'),
  )
}

test('the least of what is minimized wins among those that meet the limits, and the sentence has the numbers', () => {
  const all = [timed('as-is', 9), timed('int8', 5), timed('pruned', 3)]
  const ranking = chosen({ minimize: 'latency', subjectTo: { p95Ms: 8, accuracyDrop: 0.01 } }, all, {
    int8: 0.004,
    pruned: 0.05,
  })
  assert.equal(ranking.winner, 'int8')
  assert.equal(
    ranking.chosen?.reason,
    'int8 is chosen for its latency among the 1 of 3 that meet p95Ms 8 and accuracyDrop 0.01: p95 of 5 ms',
  )
  assert.deepEqual(
    ranking.results.map(({ name }) => name),
    ['int8', 'as-is', 'pruned'],
  )
})

test('where none meets the limits there is no winner, and the nearest is named with what it misses', () => {
  const ranking = chosen({ minimize: 'size', subjectTo: { p95Ms: 2 } }, [timed('a', 9), timed('b', 2.5)])
  assert.equal(ranking.winner, undefined)
  assert.equal(ranking.chosen?.name, undefined)
  assert.match(
    ranking.chosen?.reason ?? '',
    /^none of 2 meets p95Ms 2; nearest is b: p95 2\.5 ms is above p95Ms 2\./,
  )
})

test('latencies that the rounds do not tell apart are equal, and the cost decides', () => {
  const all = [timed('large', 5, 0.1, { sizeBytes: 4e9 }), timed('small', 5.5, 0.1, { sizeBytes: 1e9 })]
  assert.equal(chosen({ minimize: 'latency' }, all).winner, 'small')
  assert.match(
    chosen({ minimize: 'latency' }, all).chosen?.reason ?? '',
    /large counts as equal in that, so cost, size, p95 decide in this order/,
  )
  const told = all.map((one) => timed(one.name, one.performance.p95Ms, 0, { sizeBytes: one.sizeBytes }))
  assert.equal(chosen({ minimize: 'latency' }, told).winner, 'large')
})

test('a drop that nobody measured meets no limit', () => {
  const objective: Objective = { minimize: 'size', subjectTo: { accuracyDrop: 0.5 } }
  assert.equal(chosen(objective, [timed('int8', 5)]).winner, undefined)
  assert.match(
    chosen(objective, [timed('int8', 5)]).chosen?.reason ?? '',
    /cannot be judged: it was not compared/,
  )
  assert.equal(chosen(objective, [timed('as-is', 5)]).winner, 'as-is')
})

test('a drop of exactly the limit is within it', () => {
  const objective: Objective = { minimize: 'size', subjectTo: { accuracyDrop: 0.01 } }
  assert.equal(chosen(objective, [timed('int8', 5)], { int8: 0.9 - 0.89 }).winner, 'int8')
})
