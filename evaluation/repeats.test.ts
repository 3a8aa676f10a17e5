import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measurement } from '@gantry/contract/evaluation.ts'
import { randomOf } from './random.ts'
import { rank } from './ranking.ts'
import { fast, spec } from './testing/measurements.ts'

/** Throughput with spread of the rounds, at the concurrency with most of it. */
const paced = (one: Measurement, throughputPerSecond: number, spread: number): Measurement => {
  const [alone, most] = one.performance.byConcurrency
  const byConcurrency = alone && most ? [alone, { ...most, throughputPerSecond, spread }] : []
  return { ...one, performance: { ...one.performance, throughputPerSecond, byConcurrency } }
}

interface Known {
  readonly name: string
  readonly accuracy: number
  readonly throughput: number
  readonly spread: number
}

const measured = ({ name, accuracy, throughput, spread }: Known): Measurement =>
  paced(fast(name, throughput, { sizeBytes: 1000, metrics: { accuracy } }), throughput, spread)

const summaryOf = (all: readonly Known[]): string => {
  const names = all.map(({ name }) => name)
  const { results, pareto } = rank(spec(names), all.map(measured))
  return JSON.stringify([results.map(({ name }) => name), pareto.toSorted()])
}

/** Accuracies of examples/breast-cancer, whose models answer equally fast. */
const alike: readonly Known[] = [
  { name: 'logistic', accuracy: 0.986, throughput: 14_100, spread: 0.04 },
  { name: 'network', accuracy: 0.979, throughput: 13_900, spread: 0.05 },
  { name: 'boosted', accuracy: 0.944, throughput: 13_800, spread: 0.06 },
  { name: 'tree', accuracy: 0.937, throughput: 14_300, spread: 0.05 },
  { name: 'stump', accuracy: 0.888, throughput: 14_200, spread: 0.05 },
]
const different: readonly Known[] = [
  { name: 'tiny', accuracy: 0.85, throughput: 900, spread: 0.17 },
  { name: 'tiny-too', accuracy: 0.86, throughput: 890, spread: 0.17 },
  { name: 'small', accuracy: 0.93, throughput: 400, spread: 0.05 },
  { name: 'base', accuracy: 0.95, throughput: 120, spread: 0.02 },
]

for (const [what, candidates] of Object.entries({ alike, different }))
  test(`candidates that are ${what} in throughput rank the same in 95 of 100 measurements within the spread`, () => {
    const random = randomOf(7)
    const expected = summaryOf(candidates)
    const again = (one: Known): Known => ({
      ...one,
      throughput: one.throughput * (1 + one.spread * (2 * random() - 1)),
    })
    const repeats = Array.from({ length: 400 }, () => summaryOf(candidates.map(again)))
    assert.ok(repeats.filter((one) => one === expected).length >= 0.95 * repeats.length)
  })

const rankOf = (all: readonly Known[]) => rank(spec(all.map(({ name }) => name)), all.map(measured))

test('throughputs that differ by more than twice both spreads are told apart', () => {
  const { winner, pareto } = rankOf([
    { name: 'fast', accuracy: 0.9, throughput: 1000, spread: 0.025 },
    { name: 'slow', accuracy: 0.95, throughput: 900, spread: 0.025 },
  ])
  assert.equal(winner, 'fast')
  assert.deepEqual(pareto.toSorted(), ['fast', 'slow'])
})

test('those that count as equal have one share, and the article keeps what was measured', () => {
  const { winner, pareto, results } = rankOf([
    { name: 'fast', accuracy: 0.9, throughput: 1000, spread: 0.025 },
    { name: 'slow', accuracy: 0.91, throughput: 920, spread: 0.025 },
  ])
  assert.equal(winner, 'slow')
  assert.deepEqual(pareto, ['slow'])
  const [first, second] = results.map(({ score }) => score)
  assert.ok(first && second)
  assert.ok(Math.abs(first.normalized - second.normalized - 0.004) < 1e-12)
  assert.ok(Math.abs(Number(second.comprehensive) - Number(first.comprehensive) - (24 - 0.004)) < 1e-9)
})

test('a slower candidate never counts as faster, however wide its spread', () => {
  const { results } = rankOf([
    { name: 'first', accuracy: 0.9, throughput: 1000, spread: 0.005 },
    { name: 'second', accuracy: 0.9, throughput: 900, spread: 0.005 },
    { name: 'noisy', accuracy: 0.9, throughput: 890, spread: 0.25 },
  ])
  const [first, second, third] = results.map(({ score }) => score.normalized)
  assert.ok(Number(first) > Number(second))
  assert.equal(second, third)
})

test('neighbours that each lie within the spread do not make the fastest and the slowest equal', () => {
  const all = [1000, 920, 840, 760].map((throughput, index) => ({
    name: `c${index}`,
    accuracy: 0.9,
    throughput,
    spread: 0.025,
  }))
  for (const given of [all, all.toReversed()]) {
    const scores = new Map(rankOf(given).results.map(({ name, score }) => [name, score.normalized]))
    assert.equal(scores.get('c0'), scores.get('c1'))
    assert.equal(scores.get('c2'), scores.get('c3'))
    assert.ok(Number(scores.get('c1')) > Number(scores.get('c2')))
  }
})
