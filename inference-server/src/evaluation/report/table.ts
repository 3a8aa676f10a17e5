/** The result for people at a terminal. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import { metricOf, type Result } from '@gantry/evaluation/evaluation.ts'
import { figure } from '@gantry/evaluation/numbers.ts'
import type { EvaluationSummary } from '@gantry/evaluation/report/summary.ts'

type Cells = readonly string[]

const heads = (metric: Metric): Cells => [
  ...[
    '',
    'CANDIDATE',
    metric.toUpperCase(),
    'P50 MS',
    'P95 MS',
    'PER SECOND',
    'SPREAD',
    'LOAD MS',
    'MEMORY MB',
  ],
  ...['COST/H', 'SCORE'],
]

const optional = (value: number | undefined): string => (value === undefined ? '-' : figure(value))

const spreadOf = ({ byConcurrency = [], throughputPerSecond }: Result['performance']): string => {
  const best = byConcurrency.find((one) => one.throughputPerSecond === throughputPerSecond)
  return best ? `${(best.spread * 100).toFixed(1)} %` : '-'
}

const row = (result: Result, index: number, metric: Metric): Cells => {
  const { name, metrics = {}, performance, cost, score } = result
  const { p50Ms, p95Ms, throughputPerSecond, loadMs, peakMemoryBytes } = performance
  return [
    ...[`${index + 1}`, name, optional(metrics[metric]), optional(p50Ms), optional(p95Ms)],
    ...[optional(throughputPerSecond), spreadOf(performance), loadMs === undefined ? '-' : loadMs.toFixed(0)],
    peakMemoryBytes === undefined ? '-' : (peakMemoryBytes / 1e6).toFixed(0),
    ...[figure(cost.total), figure(score.normalized)],
  ]
}

/** Columns as wide as their widest cell; the first two to the left, numbers to the right. */
const aligned = (rows: readonly Cells[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => (cells[column] ?? '').length)),
  )
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** The ranking, who is not in it and why, and what the figures are about. */
export const resultTable = ({ spec, status }: EvaluationSummary): string => {
  const { results = [], ineligible = [], pareto = [], dataset, winner, chosen } = status
  const metric = metricOf(spec)
  const table =
    results.length === 0
      ? []
      : aligned([heads(metric), ...results.map((one, index) => row(one, index, metric))])
  const excluded = ineligible.map(
    ({ name, reasons }) => `${name} is not ranked: ${plainText(reasons.join('; '))}`,
  )
  const data = dataset
    ? [`data: ${plainText(dataset.source)}, ${dataset.samples} of ${dataset.total} samples`]
    : []
  const front =
    pareto.length > 0 ? [`Pareto front of accuracy, cost and throughput: ${pareto.join(', ')}`] : []
  const first =
    winner !== undefined
      ? `winner: ${winner}`
      : chosen
        ? 'no candidate meets spec.objective'
        : 'no candidate is eligible'
  const why = chosen ? [`why: ${plainText(chosen.reason)}`] : []
  return `${[...table, ...(table.length > 0 ? [''] : []), first, ...why, ...front, ...excluded, ...data].join('\n')}\n`
}
