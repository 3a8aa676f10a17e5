/** Answers and labels that leave a candidate without metrics, and the sentence that says why. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import type { Sample } from '../datasets/sample.ts'
import { classes, numbers, numeral, ranked, sampleOf, written } from '../testing/predictions.ts'
import { CandidateError } from './candidate-error.ts'
import { metricsOf } from './metrics-of.ts'
import type { Prediction } from './prediction.ts'

interface Refusal {
  readonly reason: string
  readonly message: RegExp
  readonly task?: Task
  readonly metric?: Metric
  readonly samples?: readonly Sample[]
  readonly predictions: readonly Prediction[]
}

const vectors = [
  sampleOf({ kind: 'document', id: 'd' }, 0),
  sampleOf({ kind: 'relevant', documents: ['d'] }, 1),
]
const vector = (...values: readonly number[]): Prediction => ({ kind: 'vector', vector: values })
const retrieval = { task: 'feature-extraction', metric: 'meanReciprocalRank', samples: vectors } as const
const regression = { task: 'tensor', metric: 'meanSquaredError', samples: numbers(1, 2) } as const

const refusals: Readonly<Record<string, Refusal>> = {
  'answers that no label could be': {
    predictions: [ranked('LABEL_0'), ranked('LABEL_1')],
    reason: 'LabelsMismatch',
    message: /^the model answers "LABEL_0", "LABEL_1" and the labels of the data set are "a", "b"/,
  },
  'fewer answers than samples': {
    predictions: [ranked('a')],
    reason: 'PredictionFailed',
    message: /answered 1 of 2 samples/,
  },
  'a text for a class': {
    predictions: [ranked('a'), written('b')],
    reason: 'PredictionFailed',
    message: /^line 2: the model answered text, and the label needs classes/,
  },
  'no class': {
    predictions: [ranked('a'), ranked()],
    reason: 'PredictionFailed',
    message: /^line 2: the model answered no class/,
  },
  NaN: {
    ...regression,
    predictions: [numeral(1), numeral(Number.NaN)],
    reason: 'PredictionFailed',
    message: /^line 2: the model answered NaN/,
  },
  'numbers whose squares are infinite': {
    ...regression,
    predictions: [numeral(1), numeral(1e200)],
    reason: 'PredictionFailed',
    message: /too far from the labels/,
  },
  'vectors with NaN': {
    ...retrieval,
    predictions: [vector(1, 2), vector(1, Number.NaN)],
    reason: 'PredictionFailed',
    message: /^line 2: the model answered a vector with NaN/,
  },
  'vectors of two lengths': {
    ...retrieval,
    predictions: [vector(1, 2), vector(1)],
    reason: 'ShapeMismatch',
    message: /^line 2: .*vector of 1 numbers, and one of 2/,
  },
  'a metric of another task': {
    metric: 'bleu',
    predictions: [ranked('a'), ranked('b')],
    reason: 'MetricUnsupported',
    message:
      /^task text-classification has no metric bleu; set metric to one of: accuracy, topK, f1Macro, f1Weighted$/,
  },
  'equal labels, for r2': {
    ...regression,
    metric: 'r2',
    samples: numbers(2, 2),
    predictions: [numeral(1), numeral(2)],
    reason: 'MetricUnsupported',
    message: /every label is 2/,
  },
  'no likelihoods, for perplexity': {
    task: 'text-generation',
    metric: 'perplexity',
    samples: [sampleOf({ kind: 'texts', texts: ['a'] }, 0)],
    predictions: [written('a')],
    reason: 'PredictionFailed',
    message: /perplexity needs/,
  },
  'one document, for recallAtK': {
    ...retrieval,
    metric: 'recallAtK',
    predictions: [vector(1), vector(1)],
    reason: 'MetricUnsupported',
    message: /the data set has 1; set topK below that/,
  },
  'labels without entities': {
    task: 'token-classification',
    metric: 'entityF1',
    samples: [sampleOf({ kind: 'entities', entities: [] }, 0)],
    predictions: [{ kind: 'entities', entities: [] }],
    reason: 'MetricUnsupported',
    message: /no label of the data set has an entity/,
  },
}

const isRefusal = (error: unknown): error is CandidateError | DatasetError =>
  error instanceof CandidateError || error instanceof DatasetError

for (const [
  what,
  { task = 'text-classification', metric = 'accuracy', samples = classes('a', 'b'), ...one },
] of Object.entries(refusals))
  test(`refused with a sentence: ${what}`, () => {
    assert.throws(
      () => metricsOf(task, samples, one.predictions, { metric }),
      (error) => {
        assert.ok(isRefusal(error), String(error))
        assert.equal(error.reason, one.reason)
        assert.match(error.message, one.message)
        return true
      },
    )
  })
