import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import type { Label, Sample } from '../datasets/sample.ts'
import { seededRandom } from '../generation/random.ts'
import type { Accuracy } from './accuracy.ts'
import { CandidateError } from './candidate-error.ts'
import { checkClasses } from './class-names.ts'
import { compare } from './compare.ts'
import { metricsOf } from './metrics-of.ts'
import type { Prediction } from './prediction.ts'
import { labelKindFor } from './task-metrics.ts'

const sampleOf = (label: Label, at: number, text = 'text'): Sample => ({
  line: at + 1,
  inputs: { kind: 'members', members: { text } },
  label,
})
const classes = (...names: readonly string[]): readonly Sample[] =>
  names.map((name, at) => sampleOf({ kind: 'class', name }, at))
const numbers = (...values: readonly number[]): readonly Sample[] =>
  values.map((value, at) => sampleOf({ kind: 'number', value }, at))
const ranked = (...names: readonly string[]): Prediction => ({ kind: 'classes', ranking: names })
const numeral = (value: number): Prediction => ({ kind: 'number', value })
const written = (text: string): Prediction => ({ kind: 'text', text })

/** Samples of a task, and predictions some of which are wrong. */
interface Case {
  readonly task: Task
  readonly metric: Metric
  readonly samples: readonly Sample[]
  readonly predictions: readonly Prediction[]
}

const drawnCase = (
  name: 'classes' | 'numbers' | 'texts' | 'entities' | 'retrieval',
  count: number,
  skill: number,
  seed: number,
): Case => {
  const random = seededRandom(seed)
  const pick = <Of>(list: readonly Of[]): Of => list[Math.floor(random() * list.length)] as Of
  const names = ['a', 'b', 'c', 'd']
  const indices = Array.from({ length: count }, (_, at) => at)
  switch (name) {
    case 'classes': {
      const samples = classes(...indices.map(() => pick(names)))
      const predictions = samples.map(({ label }) => {
        const first = random() < skill && label.kind === 'class' ? label.name : pick(names)
        return ranked(first, ...names.filter((other) => other !== first))
      })
      return { task: 'text-classification', metric: 'f1Macro', samples, predictions }
    }
    case 'numbers': {
      const values = indices.map(() => random() * 10)
      const predictions = values.map((value) => numeral(value + (1 - skill) * (random() - 0.5) * 10))
      return { task: 'tensor', metric: 'r2', samples: numbers(...values), predictions }
    }
    case 'texts': {
      const texts = indices.map(() => Array.from({ length: 8 }, () => pick(names)).join(' '))
      const samples = texts.map((text, at) => sampleOf({ kind: 'texts', texts: [text] }, at))
      const predictions = texts.map((text) =>
        written(
          text
            .split(' ')
            .map((word) => (random() < skill ? word : pick(names)))
            .join(' '),
        ),
      )
      return { task: 'translation', metric: 'bleu', samples, predictions }
    }
    case 'entities': {
      const entity = (type: string) => ({ type, start: 0, end: 4 })
      const samples = indices.map((at) => sampleOf({ kind: 'entities', entities: [entity(pick(names))] }, at))
      const predictions = samples.map(({ label }): Prediction => {
        const right = label.kind === 'entities' ? label.entities : []
        return { kind: 'entities', entities: random() < skill ? right : [entity(pick(names))] }
      })
      return { task: 'token-classification', metric: 'entityF1', samples, predictions }
    }
    case 'retrieval': {
      const samples = indices.map((at) =>
        sampleOf(
          at < 20 ? { kind: 'document', id: `d${at}` } : { kind: 'relevant', documents: [`d${at % 20}`] },
          at,
        ),
      )
      const base = Array.from({ length: 20 }, () => Array.from({ length: 5 }, () => random() - 0.5))
      const predictions = indices.map((at): Prediction => {
        const own = base[at % 20] as number[]
        return {
          kind: 'vector',
          vector: at < 20 ? own : own.map((value) => value + (1 - skill) * (random() - 0.5) * 2),
        }
      })
      return { task: 'feature-extraction', metric: 'meanReciprocalRank', samples, predictions }
    }
  }
}

const kinds = ['classes', 'numbers', 'texts', 'entities', 'retrieval'] as const
const accuracyOf = ({ task, metric, samples, predictions }: Case): Accuracy =>
  metricsOf(task, samples, predictions, { metric, topK: 2, seed: 3 })

/** The samples of a case in another order, each with its prediction. Documents keep theirs, which decides between equal cosines. */
const reordered = (one: Case): Case => {
  const order = one.samples.map((_, at) => at).reverse()
  return {
    ...one,
    samples: order.map((at) => one.samples[at] as Sample),
    predictions: order.map((at) => one.predictions[at] as Prediction),
  }
}

for (const kind of kinds)
  test(`the order of samples does not change metrics of ${kind}`, () => {
    const one = drawnCase(kind, 60, 0.6, 1)
    const [metrics, others] = [accuracyOf(one).metrics, accuracyOf(reordered(one)).metrics]
    assert.deepEqual(Object.keys(metrics), Object.keys(others))
    for (const [metric, value] of Object.entries(metrics))
      assert.ok(Math.abs(value - (others[metric as Metric] as number)) < 1e-12, metric)
  })

for (const kind of kinds)
  test(`intervals of ${kind} hold their metric, and come out equal for equal seeds`, () => {
    const one = drawnCase(kind, 80, 0.7, 2)
    const { metrics, intervals } = accuracyOf(one)
    assert.deepEqual(accuracyOf(one).intervals, intervals)
    for (const [metric, value] of Object.entries(metrics)) {
      const [lower, upper] = intervals[metric as Metric] as readonly [number, number]
      assert.ok(
        lower <= value && value <= upper && lower < upper,
        `${metric} ${value} in ${lower} to ${upper}`,
      )
    }
  })

for (const kind of kinds)
  test(`a better candidate of ${kind} is told from a worse one, and equal ones are not`, () => {
    const one = drawnCase(kind, 80, 0.95, 5)
    const better = accuracyOf(one)
    const worse = accuracyOf({ ...one, predictions: drawnCase(kind, 80, 0.2, 5).predictions })
    const equal = compare(one.metric, better, better)
    assert.deepEqual([equal.difference, equal.interval, equal.pValue], [0, [0, 0], 1])
    const { difference, interval, pValue } = compare(one.metric, better, worse, 1)
    assert.ok(difference > 0 && interval[0] > 0 && pValue < 0.01, `${difference}, ${interval}, ${pValue}`)
    assert.deepEqual(compare(one.metric, better, worse, 1), compare(one.metric, better, worse, 1))
  })

test('labels decide the answers of a comparison, and an advantage has a small chance where there is none', () => {
  const samples = classes(...Array.from({ length: 40 }, (_, at) => (at % 2 ? 'a' : 'b')))
  const right = samples.map(({ label }) => ranked(label.kind === 'class' ? label.name : ''))
  const wrongIn = (count: number): readonly Prediction[] =>
    samples.map((_, at) => (at < count ? ranked('c') : (right[at] as Prediction)))
  const measured = (predictions: readonly Prediction[]): Accuracy =>
    metricsOf('text-classification', samples, predictions, { metric: 'accuracy' })
  const exact = compare('accuracy', measured(right), measured(wrongIn(10)))
  assert.deepEqual([exact.difference, exact.pValue, exact.samples], [0.25, 2 / 2 ** 10, 40])
  const averaged = compare('f1Macro', measured(right), measured(wrongIn(10)))
  assert.ok(
    averaged.difference > 0.2 && averaged.pValue < 0.01 && averaged.interval[0] > 0,
    JSON.stringify(averaged),
  )
  const reverse = compare('f1Macro', measured(wrongIn(10)), measured(right))
  assert.equal(reverse.pValue, averaged.pValue)
  assert.ok(Math.abs(reverse.difference + averaged.difference) < 1e-12)
})

test('an interval of a large set is as wide as the samples make it', () => {
  const share = 0.8
  const samples = classes(...Array.from({ length: 50_000 }, () => 'a'))
  const predictions = samples.map((_, at) => ranked(at % 5 === 0 ? 'b' : 'a'))
  const { intervals } = metricsOf('text-classification', samples, predictions, { metric: 'accuracy' })
  const [lower, upper] = intervals.accuracy as readonly [number, number]
  const normal = 2 * 1.96 * Math.sqrt((share * (1 - share)) / samples.length)
  assert.ok(Math.abs((upper - lower) / normal - 1) < 0.12, `${upper - lower}, and ${normal} is expected`)
})

test('words have the tag of the first token that begins in them', () => {
  const text = 'Angela Merkel kam'
  const words = [
    { start: 0, end: 6 },
    { start: 7, end: 13 },
    { start: 14, end: 17 },
  ]
  const samples = [sampleOf({ kind: 'tags', tags: ['B-PER', 'I-PER', 'O'], words }, 0, text)]
  const token = (tag: string, start: number, end: number) => ({ tag, start, end })
  const f1 = (...tokens: readonly ReturnType<typeof token>[]): number | undefined =>
    metricsOf('token-classification', samples, [{ kind: 'tokens', tokens }], { metric: 'entityF1' }).metrics
      .entityF1
  assert.equal(
    f1(token('B-PER', 0, 3), token('B-LOC', 3, 6), token('I-PER', 6, 13)),
    1,
    'a space before a token',
  )
  assert.equal(
    f1(token('B-PER', 0, 6), token('I-PER', 10, 13)),
    0,
    'the first token of the second word is outside',
  )
  assert.equal(f1(), 0)
})

test('places of entities may hold the white space around them', () => {
  const samples = [
    sampleOf({ kind: 'entities', entities: [{ type: 'PER', start: 2, end: 5 }] }, 0, '🙂 Bob '),
  ]
  const predictions: Prediction[] = [{ kind: 'entities', entities: [{ type: 'PER', start: 1, end: 6 }] }]
  assert.equal(
    metricsOf('token-classification', samples, predictions, { metric: 'entityF1' }).metrics.entityF1,
    1,
  )
})

test('a data set of one class has an accuracy, and a sentence that says what it is worth', () => {
  const { metrics, remarks } = metricsOf(
    'image-classification',
    classes('x', 'x'),
    [ranked('x'), ranked('x')],
    {
      metric: 'accuracy',
    },
  )
  assert.equal(metrics.accuracy, 1)
  assert.match(remarks.join(), /every label is "x"/)
})

test('metrics without a value are left out, and say why', () => {
  const answers = metricsOf('text-classification', classes('a', 'b'), [ranked('a', 'b'), ranked('a', 'b')], {
    metric: 'accuracy',
    classes: ['a', 'b'],
  })
  assert.match(String(answers.undefinedMetrics.topK), /has 2 classes; set topK below that/)
  assert.equal(answers.metrics.topK, undefined)
  const equal = metricsOf('tensor', numbers(2, 2), [numeral(1), numeral(2)], { metric: 'meanAbsoluteError' })
  assert.match(String(equal.undefinedMetrics.r2), /every label is 2/)
  const texts = metricsOf(
    'text-generation',
    [sampleOf({ kind: 'texts', texts: ['我们很好'] }, 0)],
    [written('我们好')],
    {
      metric: 'bleu',
    },
  )
  assert.match(String(texts.undefinedMetrics.perplexity), /likelihoods/)
  assert.match(texts.remarks.join(), /tokenizer zh of sacrebleu/)
})

test('mistakes are named by their line, and their texts are cut', () => {
  const samples = [
    sampleOf({ kind: 'texts', texts: ['yes\nno'] }, 0),
    sampleOf({ kind: 'texts', texts: ['b'] }, 1),
  ]
  const { mistakes } = metricsOf('translation', samples, [written('x'.repeat(1000)), written('b')], {
    metric: 'chrf',
  })
  assert.equal(mistakes.length, 1)
  assert.deepEqual(
    [mistakes[0]?.line, mistakes[0]?.expected, mistakes[0]?.predicted.length],
    [1, 'yes no', 200],
  )
})

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

test('labels that a model does not have are named before it is asked', () => {
  assert.doesNotThrow(() => checkClasses(classes('a', 'b'), ['b', 'a', 'c']))
  assert.throws(
    () => checkClasses(classes('a', 'x', 'y', 'x'), ['a', 'b']),
    /no class for the labels "x", "y" of the data set; it has "a", "b"\./,
  )
})

test('what a label is follows from the task, and for tensors from the metric', () => {
  assert.deepEqual(
    [labelKindFor('tensor', 'accuracy'), labelKindFor('tensor', 'r2'), labelKindFor('translation', 'chrf')],
    ['class', 'number', 'texts'],
  )
})
