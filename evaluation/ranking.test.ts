import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measurement, Unmeasured } from '@gantry/contract/evaluation.ts'
import { rank } from './ranking.ts'
import { fast, measurement, spec } from './testing/measurements.ts'

const near = (actual: number | undefined, expected: number): void => {
  assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`)
}
const names = (ranking: ReturnType<typeof rank>): readonly string[] => ranking.results.map(({ name }) => name)

/** 2 GB cost 0.02 + 2 + 0.1 = 2.12 at 1000 requests an hour, 1 GB costs 2.06. */
const large = fast('large', 100, { sizeBytes: 2e9, metrics: { accuracy: 0.95 } })
const small = fast('small', 400, { sizeBytes: 1e9, metrics: { accuracy: 0.9 } })

test('costs what the formula of the article says', () => {
  const { results } = rank(spec(['large']), [large])
  near(results[0]?.cost.base, 0.02)
  near(results[0]?.cost.inference, 2)
  near(results[0]?.cost.hardware, 0.1)
  near(results[0]?.cost.total, 2.12)
})

test('costs by the coefficients and requests of the spec', () => {
  const costModel = { basePerGb: 1, perRequest: 0.5, hardwarePerGb: 2 }
  const { results } = rank(spec(['large'], { costModel, expectedRequestsPerHour: 10 }), [large])
  assert.deepEqual(results[0]?.cost, { base: 2, inference: 5, hardware: 4, total: 11 })
})

test('scores by the formula of the article to the letter, throughput without a bound', () => {
  const { results } = rank(spec(['large']), [large])
  near(results[0]?.score.comprehensive, 0.95 * 0.4 + (1 - 2.12 / 100) * 0.3 + 100 * 0.3)
})

test('scores relative to the cheapest and the fastest, and ranks by that', () => {
  const ranking = rank(spec(['large', 'small']), [large, small])
  assert.deepEqual(names(ranking), ['small', 'large'])
  assert.equal(ranking.winner, 'small')
  near(ranking.results[0]?.score.normalized, 0.9 * 0.4 + 0.3 + 0.3)
  near(ranking.results[1]?.score.normalized, 0.95 * 0.4 + (2.06 / 2.12) * 0.3 + (100 / 400) * 0.3)
})

test('ranks by the weights and by the score that spec names', () => {
  const both = [large, small]
  const weights = { accuracy: 1, cost: 0, throughput: 0 }
  assert.equal(rank(spec(['large', 'small'], { weights }), both).winner, 'large')
  const slow = fast('cheap', 399, { sizeBytes: 1e3, metrics: { accuracy: 0.9 } })
  const pair = ['small', 'cheap']
  assert.equal(rank(spec(pair), [small, slow]).winner, 'cheap')
  assert.equal(rank(spec(pair, { score: 'comprehensive' }), [small, slow]).winner, 'small')
})

test('a candidate alone has the most of what is relative', () => {
  near(rank(spec(['small']), [small]).results[0]?.score.normalized, 0.9 * 0.4 + 0.3 + 0.3)
})

test('candidates that cost nothing share the weight of the cost, others get none of it', () => {
  const costOf = ({ name }: Measurement) => {
    const total = name === 'paid' ? 1 : 0
    return { base: 0, inference: total, hardware: 0, total }
  }
  const all = ['free', 'gratis', 'paid'].map((name) => fast(name, 400))
  const { results } = rank(spec(['free', 'gratis', 'paid']), all, costOf)
  for (const [index, share] of [1, 1, 0].entries())
    near(results[index]?.score.normalized, 0.9 * 0.4 + share * 0.3 + 0.3)
})

test('candidates without throughput are ranked by the rest', () => {
  const { results } = rank(spec(['a', 'b']), [fast('a', 0), fast('b', 0, { metrics: { accuracy: 1 } })])
  near(results[0]?.score.normalized, 0.4 + 0.3 + 0.3)
})

test('equal scores are ordered by the metric, then by cost, then by name', () => {
  const weights = { accuracy: 0, cost: 0, throughput: 1 }
  const all = [
    fast('d', 400, { sizeBytes: 1e9 }),
    fast('c', 400, { sizeBytes: 2e9 }),
    fast('b', 400, { sizeBytes: 2e9 }),
    fast('a', 400, { metrics: { accuracy: 0.8 } }),
  ]
  assert.deepEqual(names(rank(spec(['a', 'b', 'c', 'd'], { weights }), all)), ['d', 'b', 'c', 'a'])
  assert.deepEqual(names(rank(spec(['d', 'c', 'b', 'a'], { weights }), all.toReversed())), [
    'd',
    'b',
    'c',
    'a',
  ])
})

const scores = (metric: 'bleu' | 'r2' | 'perplexity' | 'meanAbsoluteError', values: readonly number[]) => {
  const all = values.map((value, index) => fast(`c${index}`, 400, { metrics: { [metric]: value } }))
  const { results } = rank(
    spec(
      all.map(({ name }) => name),
      { metric },
    ),
    all,
  )
  return results.map(({ name, score }) => ({ name, ...score }))
}

test('BLEU and chrF enter a score by their hundredth', () => {
  const [best] = scores('bleu', [40, 30])
  near(best?.normalized, 0.4 * 0.4 + 0.6)
  near(best?.comprehensive, 0.4 * 0.4 + (1 - 2.12 / 100) * 0.3 + 400 * 0.3)
})

test('a negative R² enters the normalized score as 0 and the formula of the article as it is', () => {
  const worst = scores('r2', [0.8, -2])[1]
  near(worst?.normalized, 0.6)
  near(worst?.comprehensive, -2 * 0.4 + (1 - 2.12 / 100) * 0.3 + 400 * 0.3)
})

test('an error is taken relative to the least one, and has no score by the formula of the article', () => {
  const found = scores('meanAbsoluteError', [4, 2])
  assert.deepEqual(
    found.map(({ name }) => name),
    ['c1', 'c0'],
  )
  near(found[0]?.normalized, 1)
  near(found[1]?.normalized, 0.5 * 0.4 + 0.6)
  assert.ok(found.every((one) => !('comprehensive' in one)))
})

test('an error of zero is the best there can be', () => {
  const found = scores('meanAbsoluteError', [0, 2])
  near(found[0]?.normalized, 1)
  near(found[1]?.normalized, 0.6)
})

const oom: Unmeasured = { name: 'huge', reason: 'OutOfMemory', message: 'needs more memory' }

test('lists who is not eligible with all reasons, in the order of the spec', () => {
  const candidates = [
    { name: 'huge', task: 'text-classification' },
    { name: 'small', task: 'text-classification' },
    { name: 'other', task: 'text-classification' },
    { name: 'translator', task: 'translation' },
  ] as const
  const requirements = { text_classification: true }
  const measured = [
    small,
    measurement('other', { metrics: { f1Macro: 0.9 } }),
    { ...oom, name: 'translator' },
    oom,
  ]
  const ranking = rank({ candidates, requirements }, measured)
  assert.deepEqual(names(ranking), ['small'])
  assert.deepEqual(ranking.ineligible, [
    { name: 'huge', reasons: ['needs more memory'] },
    {
      name: 'other',
      reasons: [
        'accuracy was not measured (measured were f1Macro): set spec.metric to one that all candidates have',
      ],
    },
    {
      name: 'translator',
      reasons: ['cannot classify texts: text_classification is required', 'needs more memory'],
    },
  ])
})

test('a candidate that no measurement could make eligible is listed before it is measured, others are not', () => {
  const { ineligible, winner } = rank(spec(['small'], { requirements: { translation: true } }), [])
  assert.deepEqual(ineligible, [{ name: 'small', reasons: ['cannot translate: translation is required'] }])
  assert.equal(winner, undefined)
  assert.deepEqual(rank(spec(['small']), []), { results: [], ineligible: [], pareto: [] })
})

test('a candidate that was measured, and lacks what is required, does not win with the best figures', () => {
  const requirements = { translation: true }
  const translator = { name: 'small', task: 'translation' } as const
  const candidates = [{ name: 'large', task: 'text-classification' } as const, translator]
  const weights = { accuracy: 1, cost: 0, throughput: 0 }
  const ranking = rank({ candidates, requirements, weights }, [large, small])
  assert.deepEqual(names(ranking), ['small'])
  assert.deepEqual(ranking.pareto, ['small'])
  assert.deepEqual(ranking.ineligible, [
    { name: 'large', reasons: ['cannot translate: translation is required'] },
  ])
})

test('a candidate whose cost is unknown is not eligible, and the sentence says why', () => {
  const costOf = ({ name }: Measurement) =>
    name === 'small' ? { base: 0, inference: 1, hardware: 0, total: 1 } : { unknown: 'no price for node n1' }
  const ranking = rank(spec(['large', 'small']), [large, small], costOf)
  assert.deepEqual(ranking.ineligible, [{ name: 'large', reasons: ['no price for node n1'] }])
})

test('what is no number makes a candidate ineligible, and never reaches a score', () => {
  const broken = [
    fast('a', Number.NaN),
    measurement('b', { metrics: { accuracy: Number.NaN } }),
    measurement('c', { sizeBytes: Number.POSITIVE_INFINITY }),
    measurement('d', {
      metrics: { accuracy: 0.9, perplexity: Number.POSITIVE_INFINITY },
      intervals: { accuracy: [0.8, 1], perplexity: [2, Number.POSITIVE_INFINITY] },
    }),
  ]
  const ranking = rank(spec(['a', 'b', 'c', 'd']), broken)
  assert.deepEqual(
    ranking.ineligible.map(({ name }) => name),
    ['a', 'b', 'c'],
  )
  assert.deepEqual(
    ranking.results.map(({ name, metrics }) => [name, metrics]),
    [['d', { accuracy: 0.9 }]],
  )
  assert.doesNotMatch(JSON.stringify(ranking), /null/)
})

test('the Pareto front has who is not beaten in all three at once', () => {
  const all = [
    large,
    small,
    fast('beaten', 50, { sizeBytes: 2e9, metrics: { accuracy: 0.89 } }),
    fast('cheap', 10, { sizeBytes: 1e6, metrics: { accuracy: 0.5 } }),
    fast('twin', 400, { sizeBytes: 1e9, metrics: { accuracy: 0.9 } }),
  ]
  const { pareto, results } = rank(spec(all.map(({ name }) => name)), all)
  assert.deepEqual(pareto.toSorted(), ['cheap', 'large', 'small', 'twin'])
  assert.deepEqual(
    pareto,
    results.map(({ name }) => name).filter((name) => pareto.includes(name)),
  )
})

test('a cost that is smaller by next to nothing keeps no candidate on the front', () => {
  const all = [
    fast('good', 400, { sizeBytes: 14_000, metrics: { accuracy: 0.98 } }),
    fast('poor', 300, { sizeBytes: 700, metrics: { accuracy: 0.88 } }),
  ]
  assert.deepEqual(rank(spec(['good', 'poor']), all).pareto, ['good'])
})

test('with an error as the metric the front keeps the smallest', () => {
  const all = [1, 2].map((value) => fast(`c${value}`, 400, { metrics: { meanSquaredError: value } }))
  assert.deepEqual(rank(spec(['c1', 'c2'], { metric: 'meanSquaredError' }), all).pareto, ['c1'])
})
