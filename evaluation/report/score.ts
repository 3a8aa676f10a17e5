/** Where the scores come from: what metric, cost and throughput add, and the parts of the cost. */
import { isError } from '@gantry/contract/evaluation.ts'
import { factorsOf } from '../cost.ts'
import { metricOf, type RankingSpec } from '../evaluation.ts'
import { figure } from '../numbers.ts'
import { normalizedParts, type Scored, weightsOf } from '../score.ts'
import { spreadOf } from '../throughput.ts'
import { scoreBars } from './plots/score-bars.ts'
import { money } from './quantities.ts'
import { type Block, paragraph, plot, type Section, table } from './section.ts'
import { type EvaluationSummary, type Placed, placed } from './summary.ts'

type ScoredPlace = Placed & Scored

/** Results with all that a score is computed from. */
const scoredPlaces = (summary: EvaluationSummary): readonly ScoredPlace[] =>
  placed(summary).flatMap((one) => {
    const { metrics, performance, cost } = one.result
    const [value, throughput] = [metrics[metricOf(summary.spec)], performance.throughputPerSecond]
    return value === undefined || throughput === undefined
      ? []
      : [{ ...one, value, throughput, cost, spread: spreadOf(performance) }]
  })

/** How a metric becomes a share, as goodness.ts does it. */
const metricTerm = (spec: RankingSpec): string => {
  const metric = metricOf(spec)
  if (isError(metric)) return `least ${metric} / ${metric}`
  return metric === 'bleu' || metric === 'chrf' ? `${metric} / 100` : metric
}

export const formulas = (spec: RankingSpec): readonly string[] => {
  const { accuracy, cost, throughput } = weightsOf(spec)
  const term = metricTerm(spec)
  const article = `comprehensive = ${term} × ${accuracy} + (1 − cost / 100) × ${cost} + throughput × ${throughput}.`
  return [
    `normalized = ${term} × ${accuracy} + least cost / cost × ${cost} + throughput / greatest throughput × ${throughput}.`,
    'Throughputs whose difference the spreads of their rounds explain count as equal in normalized: the fastest of them stands for all.',
    ...(isError(metricOf(spec)) ? [] : [article]),
  ]
}

const costFormula = (spec: RankingSpec): string => {
  const { basePerGb, perRequest, hardwarePerGb, requestsPerHour } = factorsOf(spec)
  const prices = spec.costModel?.prices
  return prices
    ? `Cost of an hour by the price sheet ${prices.configMapRef.name}.`
    : `Cost of an hour: base is GB × ${basePerGb}, inference is ${requestsPerHour} requests × ${perRequest}, hardware is GB × ${hardwarePerGb}.`
}

const costBlocks = (summary: EvaluationSummary): readonly Block[] => [
  paragraph(costFormula(summary.spec)),
  table(
    ['Candidate', 'Base#', 'Inference#', 'Hardware#', 'Total#'],
    placed(summary).map(({ result: { name, cost } }) => [
      name,
      ...[cost.base, cost.inference, cost.hardware, cost.total].map(money),
    ]),
  ),
]

export const scoreSection = (summary: EvaluationSummary): Section => {
  const all = scoredPlaces(summary)
  if (all.length === 0) return { heading: 'Score and cost', blocks: [] }
  const [metric, weights] = [metricOf(summary.spec), weightsOf(summary.spec)]
  const parts = all.map((one) => ({
    name: one.result.name,
    ...normalizedParts(metric, one, { all, weights }),
  }))
  return {
    heading: 'Score and cost',
    blocks: [
      ...formulas(summary.spec).map(paragraph),
      plot('What each part adds to the normalized score.', () => scoreBars(parts, metric)),
      table(
        ['Candidate', `From ${metric}#`, 'From cost#', 'From throughput#', 'normalized#'],
        parts.map(({ name, accuracy, cost, throughput }) => [
          name,
          ...[accuracy, cost, throughput, accuracy + cost + throughput].map(figure),
        ]),
      ),
      ...costBlocks(summary),
    ],
  }
}
