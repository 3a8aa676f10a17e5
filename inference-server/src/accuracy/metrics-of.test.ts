import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classes, numbers, numeral, ranked, sampleOf, written } from '../testing/predictions.ts'
import { checkClasses } from './class-names.ts'
import { metricsOf } from './metrics-of.ts'
import type { Prediction } from './prediction.ts'
import { labelKindFor } from './task-metrics.ts'

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
