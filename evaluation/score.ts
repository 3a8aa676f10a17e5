/** The score of the article (2.2), and one in which each part is a share of the best candidate. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import type { Cost, RankingSpec, Score } from './evaluation.ts'
import { asShare, goodness, greatestShare, leastShare } from './goodness.ts'
import { countedThroughputs, type Throughput } from './throughput.ts'

export interface Weights {
  readonly accuracy: number
  readonly cost: number
  readonly throughput: number
}

/** The article's weights, the default of spec.weights. */
const defaultWeights: Weights = { accuracy: 0.4, cost: 0.3, throughput: 0.3 }

export const weightsOf = ({ weights }: Pick<RankingSpec, 'weights'>): Weights => ({
  ...defaultWeights,
  ...weights,
})

/** What a score is computed from. */
export interface Scored extends Throughput {
  /** Value of the metric that counts as accuracy. */
  readonly value: number
  readonly cost: Cost
}

/** accuracy x weight + (1 - total / 100) x weight + throughput x weight, to the letter. An error is no accuracy: undefined. */
const comprehensive = (
  metric: Metric,
  { value, cost, throughput }: Scored,
  weights: Weights,
): number | undefined => {
  const accuracy = asShare(metric, value)
  if (accuracy === undefined) return undefined
  return accuracy * weights.accuracy + (1 - cost.total / 100) * weights.cost + throughput * weights.throughput
}

/** The candidates that are compared, the one in question (the same object) among them. */
export interface Field {
  readonly all: readonly Scored[]
  readonly weights: Weights
}

/** What metric, cost and throughput add to the normalized score. Throughputs that the measurement does not tell apart add the same. */
export const normalizedParts = (metric: Metric, one: Scored, { all, weights }: Field): Weights => {
  const values = all.map(({ value }) => value)
  const cheapest = Math.min(...all.map(({ cost }) => cost.total))
  const counted = countedThroughputs(all)
  const fastest = Math.max(...counted.values())
  return {
    accuracy: goodness(metric, one.value, values) * weights.accuracy,
    cost: leastShare(cheapest, one.cost.total) * weights.cost,
    throughput: greatestShare(fastest, counted.get(one) ?? one.throughput) * weights.throughput,
  }
}

export const score = (metric: Metric, one: Scored, field: Field): Score => {
  const parts = normalizedParts(metric, one, field)
  const article = comprehensive(metric, one, field.weights)
  return {
    ...(article !== undefined && { comprehensive: article }),
    normalized: parts.accuracy + parts.cost + parts.throughput,
  }
}
