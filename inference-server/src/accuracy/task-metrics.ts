/** Which metrics a task has, and what its labels are. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { Task } from '@gantry/contract/server.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import type { LabelKind } from '../datasets/sample.ts'

/** Labels of a kind, and what is computed from them. */
interface Measure {
  readonly labels: LabelKind
  readonly metrics: readonly Metric[]
}

const classes: Measure = { labels: 'class', metrics: ['accuracy', 'topK', 'f1Macro', 'f1Weighted'] }
const regression: Measure = { labels: 'number', metrics: ['meanAbsoluteError', 'meanSquaredError', 'r2'] }
const texts: Measure = { labels: 'texts', metrics: ['exactMatch', 'tokenF1', 'bleu', 'chrf'] }
const continued: Measure = { labels: 'texts', metrics: [...texts.metrics, 'perplexity'] }

const measures: Readonly<Record<Task, readonly Measure[]>> = {
  tensor: [classes, regression],
  'text-classification': [classes],
  'image-classification': [classes],
  'zero-shot-classification': [classes],
  'zero-shot-image-classification': [classes],
  // Classes of the vocabulary: an average over those that occur would weigh words, and means nothing.
  'fill-mask': [{ labels: 'class', metrics: ['accuracy', 'topK'] }],
  'token-classification': [{ labels: 'entities', metrics: ['entityF1'] }],
  'question-answering': [{ labels: 'answers', metrics: ['exactMatch', 'tokenF1'] }],
  'feature-extraction': [{ labels: 'relevant', metrics: ['recallAtK', 'meanReciprocalRank'] }],
  translation: [texts],
  'image-to-text': [texts],
  'text-generation': [continued],
  'code-generation': [continued],
}

/** The metric's labels, and the metrics that are computed along with it. @throws DatasetError MetricUnsupported */
const measureOf = (task: Task, metric: Metric): Measure => {
  const found = measures[task].find(({ metrics }) => metrics.includes(metric))
  if (found !== undefined) return found
  const has = measures[task].flatMap(({ metrics }) => metrics).join(', ')
  throw new DatasetError(
    'MetricUnsupported',
    `task ${task} has no metric ${metric}; set metric to one of: ${has}`,
  )
}

/** What the labels of a data set are. @throws DatasetError MetricUnsupported, which lists the metrics that the task has */
export const labelKindFor = (task: Task, metric: Metric): LabelKind => measureOf(task, metric).labels

/** The metrics that are computed from the same labels, `metric` included. @throws DatasetError MetricUnsupported */
export const metricsBeside = (task: Task, metric: Metric): readonly Metric[] =>
  measureOf(task, metric).metrics
