/** Metrics of numbers, as scikit-learn defines them, and perplexity. */
import type { Likelihood } from './prediction.ts'
import { meanOf, rowsOf, type Statistics } from './statistics.ts'

const errorsOf = (labels: readonly number[], answers: readonly number[]): readonly number[] =>
  labels.map((label, at) => (answers[at] as number) - label)

export const absoluteErrorStatistics = (labels: readonly number[], answers: readonly number[]): Statistics =>
  meanOf(errorsOf(labels, answers).map(Math.abs))

export const squaredErrorStatistics = (labels: readonly number[], answers: readonly number[]): Statistics =>
  meanOf(errorsOf(labels, answers).map((error) => error * error))

/**
 * 1 less the squared errors over the squared distances from the mean. Labels are moved by their mean first, which changes no distance and
 * keeps the digits of labels that are far from 0.
 */
export const r2Statistics = (labels: readonly number[], answers: readonly number[]): Statistics => {
  const centre = labels.reduce((sum, label) => sum + label / labels.length, 0)
  const errors = errorsOf(labels, answers)
  return {
    rows: rowsOf(
      labels.map((label, at) => {
        const [error, distance] = [errors[at] as number, label - centre]
        return [
          [0, error * error],
          [1, distance],
          [2, distance * distance],
          [3, 1],
        ]
      }),
    ),
    width: 4,
    value: ([errors = 0, distances = 0, squares = 0, count = 0]) => {
      const spread = squares - (distances * distances) / count
      // What is left of equal labels is rounding.
      return spread <= squares * 1e-12 ? Number.NaN : 1 - errors / spread
    },
  }
}

/** The exponential of the mean negative log-likelihood over all tokens of all samples. */
export const perplexityStatistics = (likelihoods: readonly Likelihood[]): Statistics => ({
  rows: rowsOf(
    likelihoods.map(({ logLikelihood, tokens }) => [
      [0, -logLikelihood],
      [1, tokens],
    ]),
  ),
  width: 2,
  value: ([negative = 0, tokens = 0]) => (tokens === 0 ? Number.NaN : Math.exp(negative / tokens)),
})
