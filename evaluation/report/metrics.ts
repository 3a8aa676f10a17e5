/** All metrics of all candidates, and the paired tests between them. */
import { figure } from '../numbers.ts'
import { withInterval } from './quantities.ts'
import { type Block, paragraph, type Section, table } from './section.ts'
import { comparisons, type EvaluationSummary, measurements } from './summary.ts'

const metricsTable = (summary: EvaluationSummary): readonly Block[] => {
  const all = measurements(summary)
  const names = [...new Set(all.flatMap(({ metrics }) => Object.keys(metrics)))]
  if (names.length === 0) return []
  const rows = all.map(({ name, metrics, intervals }) => [
    name,
    ...names.map((metric) => withInterval(metrics[metric], intervals[metric])),
  ])
  return [table(['Candidate', ...names.map((name) => `${name}#`)], rows)]
}

const comparisonsTable = (summary: EvaluationSummary): readonly Block[] => {
  const rows = comparisons(summary).map((one) => [
    one.name,
    one.with,
    one.metric,
    withInterval(one.difference, one.interval),
    figure(one.pValue),
    String(one.samples),
  ])
  if (rows.length === 0) return []
  return [
    paragraph('Paired tests on the same samples. p is the chance of such a difference where there is none.'),
    table(['Candidate', 'Compared with', 'Metric', 'Difference#', 'p#', 'Samples#'], rows),
  ]
}

export const metricsSection = (summary: EvaluationSummary): Section => ({
  heading: 'Metrics',
  blocks: [...metricsTable(summary), ...comparisonsTable(summary)],
})
