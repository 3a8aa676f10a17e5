/** What holds for all metrics, their intervals and comparisons. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import type { Sample } from '../datasets/sample.ts'
import { seededRandom } from '../generation/random.ts'
import { classes, numbers, numeral, ranked, sampleOf, written } from '../testing/predictions.ts'
import type { Accuracy, PairedTest } from './accuracy.ts'
import { compare } from './compare.ts'
import { metricsOf } from './metrics-of.ts'
import type { Prediction } from './prediction.ts'

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

const compared = (...args: Parameters<typeof compare>): PairedTest => {
  const found = compare(...args)
  if ('notComparable' in found) assert.fail(found.notComparable)
  return found
}

for (const kind of kinds)
  test(`a better candidate of ${kind} is told from a worse one, and equal ones are not`, () => {
    const one = drawnCase(kind, 80, 0.95, 5)
    const better = accuracyOf(one)
    const worse = accuracyOf({ ...one, predictions: drawnCase(kind, 80, 0.2, 5).predictions })
    const equal = compared(one.metric, better, better)
    assert.deepEqual([equal.difference, equal.interval, equal.pValue], [0, [0, 0], 1])
    const { difference, interval, pValue } = compared(one.metric, better, worse, 1)
    assert.ok(difference > 0 && interval[0] > 0 && pValue < 0.01, `${difference}, ${interval}, ${pValue}`)
    assert.deepEqual(compared(one.metric, better, worse, 1), compared(one.metric, better, worse, 1))
  })

test('labels decide the answers of a comparison, and an advantage has a small chance where there is none', () => {
  const samples = classes(...Array.from({ length: 40 }, (_, at) => (at % 2 ? 'a' : 'b')))
  const right = samples.map(({ label }) => ranked(label.kind === 'class' ? label.name : ''))
  const wrongIn = (count: number): readonly Prediction[] =>
    samples.map((_, at) => (at < count ? ranked('c') : (right[at] as Prediction)))
  const measured = (predictions: readonly Prediction[]): Accuracy =>
    metricsOf('text-classification', samples, predictions, { metric: 'accuracy' })
  const exact = compared('accuracy', measured(right), measured(wrongIn(10)))
  assert.deepEqual([exact.difference, exact.pValue, exact.samples], [0.25, 2 / 2 ** 10, 40])
  const averaged = compared('f1Macro', measured(right), measured(wrongIn(10)))
  assert.ok(
    averaged.difference > 0.2 && averaged.pValue < 0.01 && averaged.interval[0] > 0,
    JSON.stringify(averaged),
  )
  const reverse = compared('f1Macro', measured(wrongIn(10)), measured(right))
  assert.equal(reverse.pValue, averaged.pValue)
  assert.ok(Math.abs(reverse.difference + averaged.difference) < 1e-12)
})

test('candidates with different numbers of samples are not compared, and the sentence has both numbers', () => {
  const measured = (count: number): Accuracy => {
    const labels = Array.from({ length: count }, () => 'a')
    const predictions = labels.map((label) => ranked(label))
    return metricsOf('text-classification', classes(...labels), predictions, { metric: 'accuracy' })
  }
  const found = compare('accuracy', measured(3), measured(5))
  assert.match('notComparable' in found ? found.notComparable : '', /over 3 samples.* over 5; .*same samples/)
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
