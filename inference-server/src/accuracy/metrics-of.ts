/** The metrics of one candidate: begin reading here. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import type { Sample } from '../datasets/sample.ts'
import type { Accuracy, AccuracyOptions } from './accuracy.ts'
import type { Found } from './answered.ts'
import { bootstrap } from './bootstrap.ts'
import { CandidateError } from './candidate-error.ts'
import { classMetrics } from './class-metrics.ts'
import { entityMetrics } from './entity-metrics.ts'
import { numberMetrics } from './number-metrics.ts'
import type { Prediction } from './prediction.ts'
import { retrievalMetrics } from './retrieval-metrics.ts'
import { metricOf, type Statistics } from './statistics.ts'
import { labelKindFor, metricsBeside } from './task-metrics.ts'
import { textMetrics } from './text-metrics.ts'

/** The k of topK and recallAtK, where nobody says. */
const defaultTopK = 5

const foundIn = (
  task: Task,
  samples: readonly Sample[],
  predictions: readonly Prediction[],
  { metric, topK = defaultTopK, classes }: AccuracyOptions,
): Found => {
  const kind = labelKindFor(task, metric)
  switch (kind) {
    case 'class':
      return classMetrics(samples, predictions, { task, topK, ...(classes === undefined ? {} : { classes }) })
    case 'number':
      return numberMetrics(samples, predictions)
    case 'texts':
    case 'answers':
      return textMetrics(samples, predictions, metricsBeside(task, metric))
    case 'entities':
      return entityMetrics(samples, predictions)
    case 'relevant':
      return retrievalMetrics(samples, predictions, topK)
  }
}

interface Measured {
  readonly metric: Metric
  readonly statistics: Statistics
  readonly value: number
}

/** Metrics that the task has, with their values; those that are no numbers are left out and named. */
const measured = (found: Found, wanted: readonly Metric[]) => {
  const values: Measured[] = []
  const undefinedMetrics = { ...found.undefinedMetrics }
  for (const metric of wanted) {
    const statistics = found.statistics[metric]
    if (statistics === undefined) continue
    const value = metricOf(statistics)
    if (Number.isFinite(value)) values.push({ metric, statistics, value })
    else undefinedMetrics[metric] = `${metric} is ${value} on this data set`
  }
  return { values, undefinedMetrics }
}

const recordOf = <Value>(values: readonly Measured[], valueAt: (one: Measured, at: number) => Value) =>
  Object.fromEntries(values.map((one, at) => [one.metric, valueAt(one, at)])) as Partial<
    Record<Metric, Value>
  >

/** Metrics that the answers of a candidate leave without a value, where the labels do not. */
const byAnswers: readonly Metric[] = ['topK', 'perplexity']

/** @throws CandidateError or DatasetError where the metric that counts has no value */
const refuseUndefined = (
  metric: Metric,
  values: readonly Measured[],
  byLabels: Found['undefinedMetrics'],
): void => {
  const sentence = byLabels[metric]
  if (sentence !== undefined && !byAnswers.includes(metric))
    throw new DatasetError('MetricUnsupported', `metric ${metric} has no value: ${sentence}`)
  if (values.some((one) => one.metric === metric)) return
  throw new CandidateError(
    'PredictionFailed',
    `metric ${metric} has no value: ${sentence ?? 'the answers of the model are too far from the labels for a number'}`,
  )
}

/**
 * Compares predictions with labels.
 * @param predictions one for each sample, in the same order
 * @returns all metrics of the task that the labels allow, each with an interval
 * @throws CandidateError where the candidate's answers cannot be used @throws DatasetError where the task does not have the metric, or
 * the data set leaves it without a value
 */
export const metricsOf = (
  task: Task,
  samples: readonly Sample[],
  predictions: readonly Prediction[],
  options: AccuracyOptions,
): Accuracy => {
  if (samples.length !== predictions.length)
    throw new CandidateError(
      'PredictionFailed',
      `the model answered ${predictions.length} of ${samples.length} samples; all are needed`,
    )
  const found = foundIn(task, samples, predictions, options)
  const { values, undefinedMetrics } = measured(found, metricsBeside(task, options.metric))
  refuseUndefined(options.metric, values, found.undefinedMetrics)
  const intervals = bootstrap(
    values.map(({ statistics }) => statistics),
    options.seed ?? 0,
  )
  return {
    ...found,
    metrics: recordOf(values, ({ value }) => value),
    intervals: recordOf(values, ({ value }, at) => intervals[at] ?? ([value, value] as const)),
    undefinedMetrics,
    statistics: recordOf(values, ({ statistics }) => statistics),
  }
}
