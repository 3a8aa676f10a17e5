/** Who won, by what score, and who is not eligible; accuracy against cost and throughput. */
import { metricOf } from '../evaluation.ts'
import { figure } from '../numbers.ts'
import { type Point, scatter } from './plots/scatter.ts'
import { bytes, milliseconds, money, perSecond, withInterval } from './quantities.ts'
import { paragraph, plot, type Section, table } from './section.ts'
import { type EvaluationSummary, type Placed, placed } from './summary.ts'

const row = (summary: EvaluationSummary, { place, result }: Placed): readonly string[] => {
  const metric = metricOf(summary.spec)
  const { name, metrics, intervals, performance, cost, score, sizeBytes } = result
  return [
    String(place),
    name,
    withInterval(metrics[metric], intervals?.[metric]),
    money(cost.total),
    milliseconds(performance.p50Ms),
    milliseconds(performance.p95Ms),
    perSecond(performance.throughputPerSecond),
    bytes(sizeBytes),
    figure(score.normalized),
    score.comprehensive === undefined ? '–' : figure(score.comprehensive),
    (summary.status.pareto ?? []).includes(name) ? 'yes' : 'no',
  ]
}

export const rankingSection = (summary: EvaluationSummary): Section => {
  const metric = metricOf(summary.spec)
  const columns = ['Place#', 'Candidate', `${metric}#`, 'Cost/h#', 'p50#', 'p95#', 'Throughput#', 'Size#']
  const rows = placed(summary).map((one) => row(summary, one))
  const ineligible = summary.status.ineligible ?? []
  return {
    heading: 'Ranking',
    blocks: [
      ...(rows.length > 0
        ? [table([...columns, 'normalized#', 'comprehensive#', 'Pareto front'], rows)]
        : []),
      ...(ineligible.length > 0
        ? [
            paragraph('Not eligible:'),
            table(
              ['Candidate', 'Why'],
              ineligible.flatMap(({ name, reasons }) => reasons.map((reason) => [name, reason])),
            ),
          ]
        : []),
    ],
  }
}

/** Metric values against another quantity, for all results that have both. */
const points = (
  summary: EvaluationSummary,
  across: (one: Placed) => number | undefined,
): readonly Point[] => {
  const metric = metricOf(summary.spec)
  return placed(summary).flatMap((one) => {
    const { place, result } = one
    const [x, y, interval] = [across(one), result.metrics[metric], result.intervals?.[metric]]
    if (x === undefined || y === undefined) return []
    const [low = y, high = y] = interval ?? []
    const front = (summary.status.pareto ?? []).includes(result.name)
    return [{ place, name: result.name, x, y, low, high, front }]
  })
}

export const tradeoffSection = (summary: EvaluationSummary): Section => {
  const y = metricOf(summary.spec)
  const byCost = points(summary, ({ result }) => result.cost.total)
  const byThroughput = points(summary, ({ result }) => result.performance.throughputPerSecond)
  const front = summary.status.pareto ?? []
  if (byCost.length === 0) return { heading: 'Accuracy, cost and throughput', blocks: [] }
  const caption = 'Bars are 95 % intervals. Numbers are places; filled candidates are on the Pareto front.'
  return {
    heading: 'Accuracy, cost and throughput',
    blocks: [
      paragraph(
        `On the Pareto front are candidates that no other one beats in ${y}, cost and throughput at once: ${front.join(', ')}.`,
      ),
      plot(`Cost and ${y}. ${caption}`, () =>
        scatter({ points: byCost, xLabel: 'Cost per hour', yLabel: y }),
      ),
      plot(`Throughput and ${y}. ${caption}`, () =>
        scatter({ points: byThroughput, xLabel: 'Throughput (samples per second)', yLabel: y }),
      ),
    ],
  }
}
