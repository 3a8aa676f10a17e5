/** Metric values of scikit-learn, seqeval, sacrebleu, SQuAD's script, statsmodels and scipy (golden/metrics.py). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bleuStatistics } from './bleu.ts'
import { type BleuTokenizer, bleuWords } from './bleu-tokens.ts'
import { bootstrap } from './bootstrap.ts'
import { chrfStatistics } from './chrf.ts'
import {
  accuracyStatistics,
  classPairs,
  classScores,
  confusionOf,
  f1Statistics,
  topKStatistics,
} from './classification.ts'
import { entitiesOfTags, entityStatistics, typeScores } from './entities.ts'
import { exchangeTest } from './exchange.ts'
import { mcnemar } from './mcnemar.ts'
import type { Likelihood } from './prediction.ts'
import {
  absoluteErrorStatistics,
  perplexityStatistics,
  r2Statistics,
  squaredErrorStatistics,
} from './regression.ts'
import { type Query, ranking, recallStatistics, reciprocalRankStatistics } from './retrieval.ts'
import { exactMatchStatistics, tokenF1Statistics } from './squad.ts'
import { meanOf, metricOf, rowsOf, type Statistics } from './statistics.ts'

interface Scores {
  readonly precision: readonly number[]
  readonly recall: readonly number[]
  readonly f1: readonly number[]
  readonly support: readonly number[]
}

interface Golden {
  readonly classification: readonly (Scores & {
    readonly name: string
    readonly labels: readonly string[]
    readonly rankings: readonly (readonly string[])[]
    readonly topK: number
    readonly topKValue?: number
    readonly accuracy: number
    readonly f1Macro: number
    readonly f1Weighted: number
    readonly names: readonly string[]
    readonly confusion: readonly (readonly number[])[]
  })[]
  readonly entities: readonly (Scores & {
    readonly name: string
    readonly expected: readonly (readonly string[])[]
    readonly predicted: readonly (readonly string[])[]
    readonly entities: readonly (readonly [string, number, number])[][]
    readonly entityF1: number
    readonly types: readonly string[]
  })[]
  readonly squad: readonly {
    readonly answer: string
    readonly texts: readonly string[]
    readonly exactMatch: number
    readonly tokenF1: number
  }[]
  readonly texts: readonly {
    readonly name: string
    readonly answers: readonly string[]
    readonly references: readonly (readonly string[])[]
    readonly bleu: Readonly<Record<BleuTokenizer, number>>
    readonly words: Readonly<Record<BleuTokenizer, readonly (readonly string[])[]>>
    readonly chrf: number
  }[]
  readonly regression: readonly {
    readonly name: string
    readonly labels: readonly number[]
    readonly answers: readonly number[]
    readonly meanAbsoluteError: number
    readonly meanSquaredError: number
    readonly r2: number
  }[]
  readonly perplexity: { readonly samples: readonly Likelihood[]; readonly perplexity: number }
  readonly retrieval: {
    readonly documents: readonly (readonly number[])[]
    readonly queries: readonly Query[]
    readonly recall: Readonly<Record<string, number>>
    readonly meanReciprocalRank: number
  }
  readonly tests: {
    readonly mcnemar: readonly {
      readonly onlyOne: number
      readonly onlyOther: number
      readonly pValue: number
    }[]
    readonly exchanges: readonly (
      | {
          readonly kind: 'mean'
          readonly rows: readonly (readonly number[])[]
          readonly difference: number
          readonly pValue: number
        }
      | {
          readonly kind: 'entities'
          readonly rows: readonly (readonly [number, number][])[]
          readonly difference: number
          readonly pValue: number
        }
    )[]
  }
  readonly bootstrap: readonly {
    readonly labels: readonly number[]
    readonly answers: readonly number[]
    readonly seed: number
    readonly meanAbsoluteError: readonly number[]
    readonly r2: readonly number[]
  }[]
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../golden/metrics.json'), 'utf8'),
) as Golden

const close = (found: number, expected: number, what: string): void =>
  assert.ok(Math.abs(found - expected) <= 1e-9, `${what}: ${found}, and the library says ${expected}`)

const allClose = (found: readonly number[], expected: readonly number[], what: string): void => {
  assert.equal(found.length, expected.length, what)
  found.forEach((value, at) => {
    close(value, expected[at] as number, `${what} ${at}`)
  })
}

const scoresClose = (
  found: ReturnType<typeof classScores>,
  labels: readonly string[],
  scores: Scores,
): void => {
  assert.deepEqual(
    found.map(({ label }) => label),
    labels,
  )
  for (const kind of ['precision', 'recall', 'f1', 'support'] as const)
    allClose(
      found.map((one) => one[kind]),
      scores[kind],
      kind,
    )
}

for (const one of golden.classification)
  test(`accuracy, top-k, F1 and the confusion matrix are scikit-learn's: ${one.name}`, () => {
    const pairs = classPairs(
      one.labels,
      one.rankings.map(([best = '']) => best),
    )
    close(metricOf(accuracyStatistics(pairs)), one.accuracy, 'accuracy')
    close(metricOf(f1Statistics(pairs).f1Macro), one.f1Macro, 'f1Macro')
    close(metricOf(f1Statistics(pairs).f1Weighted), one.f1Weighted, 'f1Weighted')
    if (one.topKValue !== undefined)
      close(metricOf(topKStatistics(one.labels, one.rankings, one.topK)), one.topKValue, 'topK')
    scoresClose(classScores(pairs), one.names, one)
    assert.deepEqual(confusionOf(pairs), { labels: one.names, counts: one.confusion })
  })

for (const one of golden.entities)
  test(`entities and their F1 are seqeval's: ${one.name}`, () => {
    const pairs = one.expected.map((tags, at) => ({
      expected: entitiesOfTags(tags),
      predicted: entitiesOfTags(one.predicted[at] ?? []),
    }))
    assert.deepEqual(
      pairs.map(({ predicted }) => predicted.map(({ type, start, end }) => [type, start, end])),
      one.entities,
    )
    close(metricOf(entityStatistics(pairs)), one.entityF1, 'entityF1')
    scoresClose(typeScores(pairs), one.types, one)
  })

for (const one of golden.squad)
  test(`exact match and token F1 are those of SQuAD's script: ${JSON.stringify(one.answer)}`, () => {
    close(metricOf(exactMatchStatistics([one.answer], [one.texts])), one.exactMatch, 'exactMatch')
    close(metricOf(tokenF1Statistics([one.answer], [one.texts])), one.tokenF1, 'tokenF1')
  })

for (const one of golden.texts)
  test(`BLEU, its words and chrF are sacrebleu's: ${one.name}`, () => {
    for (const tokenizer of ['13a', 'zh', 'char'] as const) {
      assert.deepEqual(
        one.answers.map((answer) => bleuWords(answer, tokenizer)),
        one.words[tokenizer],
      )
      const statistics = bleuStatistics(one.answers, one.references, tokenizer)
      close(metricOf(statistics), one.bleu[tokenizer], `bleu with ${tokenizer}`)
    }
    close(metricOf(chrfStatistics(one.answers, one.references)), one.chrf, 'chrf')
  })

for (const one of golden.regression)
  test(`errors and R² are scikit-learn's: ${one.name}`, () => {
    const { labels, answers } = one
    close(metricOf(absoluteErrorStatistics(labels, answers)), one.meanAbsoluteError, 'meanAbsoluteError')
    close(metricOf(squaredErrorStatistics(labels, answers)), one.meanSquaredError, 'meanSquaredError')
    close(metricOf(r2Statistics(labels, answers)), one.r2, 'r2')
  })

test('perplexity is the exponential of the mean negative log-likelihood of a token', () => {
  const { samples, perplexity } = golden.perplexity
  close(metricOf(perplexityStatistics(samples)), perplexity, 'perplexity')
})

test('recall@k and the mean reciprocal rank are those of a stable sort by scikit-learn’s cosines', () => {
  const { queries, documents, recall, meanReciprocalRank } = golden.retrieval
  const ranks = ranking(queries, documents)
  for (const [topK, value] of Object.entries(recall))
    close(metricOf(recallStatistics(ranks, Number(topK))), value, `recall@${topK}`)
  close(metricOf(reciprocalRankStatistics(ranks)), meanReciprocalRank, 'meanReciprocalRank')
})

for (const { onlyOne, onlyOther, pValue } of golden.tests.mcnemar)
  test(`McNemar’s exact test of ${onlyOne} and ${onlyOther} is statsmodels’`, () => {
    close(mcnemar(onlyOne, onlyOther), pValue, 'p')
    if (pValue > 0) close(mcnemar(onlyOne, onlyOther) / pValue, 1, 'p, relative')
  })

const entityRows = (rows: readonly (readonly [number, number])[]): Statistics => ({
  ...entityStatistics([]),
  rows: rowsOf(rows.map(([both, all]) => [[0, both] as const, [1, all] as const])),
})

for (const [at, one] of golden.tests.exchanges.entries())
  test(`the permutation test of few samples is scipy’s, exactly: ${at}`, () => {
    const [first, second] =
      one.kind === 'mean'
        ? [meanOf(one.rows[0] ?? []), meanOf(one.rows[1] ?? [])]
        : [entityRows(one.rows[0] ?? []), entityRows(one.rows[1] ?? [])]
    close(metricOf(first) - metricOf(second), one.difference, 'difference')
    close(exchangeTest(first, second, 0), one.pValue, 'p')
  })

for (const one of golden.bootstrap)
  test(`an interval of seed ${one.seed} is numpy’s percentiles of the same draws`, () => {
    const [absolute, r2] = bootstrap(
      [absoluteErrorStatistics(one.labels, one.answers), r2Statistics(one.labels, one.answers)],
      one.seed,
    )
    allClose([...(absolute ?? [])], one.meanAbsoluteError, 'meanAbsoluteError')
    allClose([...(r2 ?? [])], one.r2, 'r2')
  })
