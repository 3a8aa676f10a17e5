/** A metric as a number from 0 to 1, where more is better: what a score can add to other shares. */
import { isError, type Metric } from '@gantry/contract/evaluation.ts'

/** Metrics of sacrebleu, from 0 to 100. */
const percentages: readonly Metric[] = ['bleu', 'chrf']

/** The metric as the article's accuracy: a share. Errors have no such form. R² may be negative. */
export const asShare = (metric: Metric, value: number): number | undefined => {
  if (isError(metric)) return undefined
  return percentages.includes(metric) ? value / 100 : value
}

/** The least of a quantity as a share of one value of it: 1 for the least itself, be it zero. */
export const leastShare = (least: number, value: number): number => (value <= least ? 1 : least / value)

/** A value as a share of the greatest: 1 for the greatest itself, be it zero. */
export const greatestShare = (greatest: number, value: number): number =>
  value >= greatest ? 1 : value / greatest

/**
 * A number from 0 to 1. Shares are taken as they are, percentages by their hundredth, a negative R² as 0. An error has a unit and no
 * upper bound, so it is the least error among the candidates as a share of the error.
 * @param values of all candidates that are compared
 */
export const goodness = (metric: Metric, value: number, values: readonly number[]): number => {
  const share = asShare(metric, value)
  return share === undefined ? leastShare(Math.min(...values), value) : Math.min(1, Math.max(0, share))
}

/** Whether the first value is better than the second. */
export const isBetter = (metric: Metric, value: number, other: number): boolean =>
  isError(metric) ? value < other : value > other
