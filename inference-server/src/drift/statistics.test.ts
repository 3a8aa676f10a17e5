import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { seededRandom } from '../testing/random.ts'
import {
  kolmogorovSmirnov,
  meanDistance,
  populationStability,
  rareChiSquare,
  stabilityDistance,
} from './statistics.ts'
import { binOf } from './tally.ts'

interface Case {
  readonly edges: readonly number[]
  readonly numbers: readonly number[]
  readonly bins: readonly number[]
  readonly reference: readonly number[]
  readonly counts: readonly number[]
  readonly psi: number
  readonly ks: number
}

const { cases, quantiles } = JSON.parse(
  readFileSync(new URL('../../golden/drift.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly Case[]
  readonly quantiles: readonly { readonly degrees: number; readonly value: number }[]
}

const close = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)

test('bins, the stability index and the Kolmogorov-Smirnov statistic are those of numpy and scipy', () => {
  for (const { edges, numbers, bins, reference, counts, psi, ks } of cases) {
    assert.deepEqual(
      numbers.map((value) => binOf(edges, value)),
      bins,
    )
    close(populationStability(reference, counts), psi, 1e-9)
    close(kolmogorovSmirnov(reference, counts), ks, 1e-9)
  }
})

test('the quantile of chance is that of chi-square, or a little above it', () => {
  for (const { degrees, value } of quantiles) {
    const own = rareChiSquare(degrees)
    assert.ok(own >= value * 0.99 && own <= value * 1.15, `${degrees}: ${own} instead of ${value}`)
  }
})

const drawn = (rows: number, bins: number, random: () => number): readonly number[] => {
  const counts = new Array<number>(bins).fill(0)
  for (let row = 0; row < rows; row++) {
    const bin = Math.floor(random() * bins)
    counts[bin] = (counts[bin] as number) + 1
  }
  return counts
}

test('two samples of one distribution do not drift, and the index that is left has about the mean 0', () => {
  const random = seededRandom(60)
  let sum = 0
  const times = 3000
  for (let time = 0; time < times; time++) {
    const { value, isBeyondChance } = stabilityDistance(drawn(100, 5, random), drawn(500, 5, random))
    assert.ok(!(value > 0.2 && isBeyondChance), `draw ${time}`)
    sum += value
  }
  assert.ok(sum / times < 0.02, `${sum / times}`)
})

test('a mean that moved by as much as its members spread has the distance 1, and one that did not has none', () => {
  const mean = [1, 2]
  const reference = { samples: 1000, mean, variance: 2 }
  close(meanDistance(reference, { samples: 1000, mean: [2, 3] }).value, 1 - 0.002, 1e-12)
  assert.deepEqual(meanDistance(reference, { samples: 1000, mean }), { value: 0, isBeyondChance: false })
})
