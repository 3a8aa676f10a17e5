import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rank } from '../evaluation/ranking.ts'
import { fast, spec } from '../evaluation/testing/measurements.ts'

/** Cells of the example's rows: candidate, accuracy, size, throughput, total cost, both scores. */
const page = readFileSync(join(import.meta.dirname, '../docs/evaluation-score.md'), 'utf8')
const rows = [
  ...page.matchAll(/^\| (\w+) \| ([\d.]+) \| ([\d.]+) GB \| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$/gm),
]
const names = rows.map(([, name = '']) => name)
const measured = rows.map(([, name = '', accuracy, size, throughput]) =>
  fast(name, Number(throughput), {
    metrics: { accuracy: Number(accuracy) },
    sizeBytes: Math.round(Number(size) * 1e9),
  }),
)

test('the example of docs/evaluation-score.md has the figures that the code computes, best first', () => {
  const { results } = rank(spec(names.toSorted()), measured)
  assert.equal(results.length, 3)
  assert.deepEqual(
    results.map(({ name, cost, score }) => [
      name,
      cost.total.toFixed(4),
      score.normalized.toFixed(4),
      score.comprehensive?.toFixed(4),
    ]),
    rows.map(([, name, , , , total, normalized, comprehensive]) => [
      name,
      Number(total).toFixed(4),
      normalized,
      comprehensive,
    ]),
  )
})

test('the weights that docs/evaluation-score.md suggests make the candidate the winner that it names', () => {
  const [, accuracy, cost, throughput, winner] =
    page.match(/weights: \{accuracy: ([\d.]+), cost: ([\d.]+), throughput: ([\d.]+)\}`, `(\w+)` is/) ?? []
  const weights = { accuracy: Number(accuracy), cost: Number(cost), throughput: Number(throughput) }
  assert.equal(rank(spec(names, { weights }), measured).winner, winner)
})
