import type { Sample } from '../datasets/sample.ts'
import { answeredBy, type Found, unusable } from './answered.ts'
import type { Prediction } from './prediction.ts'
import { absoluteErrorStatistics, r2Statistics, squaredErrorStatistics } from './regression.ts'

const r2Trouble = (labels: readonly number[]): string | undefined => {
  if (labels.length < 2) return 'r2 needs at least two samples'
  return labels.every((label) => label === labels[0])
    ? `r2 compares with the spread of the labels, and every label is ${labels[0]}`
    : undefined
}

/** Metrics of labels that are numbers. @throws CandidateError PredictionFailed for NaN and Infinity */
export const numberMetrics = (samples: readonly Sample[], predictions: readonly Prediction[]): Found => {
  const all = answeredBy(samples, predictions, ['number', 'number'])
  const endless = all.find(({ prediction }) => !Number.isFinite(prediction.value))
  if (endless !== undefined) throw unusable(endless.line, `the model answered ${endless.prediction.value}`)
  const labels = all.map(({ label }) => label.value)
  const answers = all.map(({ prediction }) => prediction.value)
  const trouble = r2Trouble(labels)
  return {
    statistics: {
      meanAbsoluteError: absoluteErrorStatistics(labels, answers),
      meanSquaredError: squaredErrorStatistics(labels, answers),
      ...(trouble === undefined ? { r2: r2Statistics(labels, answers) } : {}),
    },
    undefinedMetrics: trouble === undefined ? {} : { r2: trouble },
    remarks: [],
    // No single number is wrong.
    mistakes: [],
  }
}
