/** What is wrong with a spec that a ranking would have to guess at. The CRD refuses the same; a file on disk has met no API server. */
import { isError } from '@gantry/contract/evaluation.ts'
import { metricOf, type RankingSpec } from './evaluation.ts'
import { weightsOf } from './score.ts'

/** As the rule of the CRD. */
const tolerance = 1e-6

const isAmount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

const weightProblems = (spec: RankingSpec): readonly string[] => {
  const weights = Object.entries(weightsOf(spec))
  const wrong = weights.filter(([, weight]) => !isAmount(weight))
  if (wrong.length > 0)
    return wrong.map(([name, weight]) => `spec.weights.${name} is ${weight} and must be from 0 to 1`)
  const sum = weights.reduce((total, [, weight]) => total + weight, 0)
  return Math.abs(sum - 1) < tolerance
    ? []
    : [
        `spec.weights sum to ${Number(sum.toPrecision(6))} and must sum to 1; a weight that is left out has its default`,
      ]
}

const amountProblems = ({ costModel = {}, expectedRequestsPerHour }: RankingSpec): readonly string[] => {
  const { prices: _, ...coefficients } = costModel
  const amounts = [
    ...Object.entries(coefficients).map(([name, value]) => [`costModel.${name}`, value] as const),
    ['expectedRequestsPerHour', expectedRequestsPerHour] as const,
  ]
  return amounts
    .filter(([, value]) => value !== undefined && !isAmount(value))
    .map(([name, value]) => `spec.${name} is ${value} and must be a number of at least 0`)
}

const priceProblems = ({ costModel = {} }: RankingSpec): readonly string[] => {
  const { prices, ...coefficients } = costModel
  const names = Object.keys(coefficients)
  return prices && names.length > 0
    ? [`spec.costModel.prices takes the place of ${names.join(', ')}; set either`]
    : []
}

const scoreProblems = (spec: RankingSpec): readonly string[] =>
  spec.score === 'comprehensive' && isError(metricOf(spec))
    ? [
        `spec.score comprehensive adds the metric to other shares, and ${metricOf(spec)} is an error without a bound; set spec.score to normalized`,
      ]
    : []

/** A sentence each; none where the spec can be ranked. */
export const specProblems = (spec: RankingSpec): readonly string[] => [
  ...weightProblems(spec),
  ...amountProblems(spec),
  ...priceProblems(spec),
  ...scoreProblems(spec),
]
