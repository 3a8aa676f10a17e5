/** The page that `describe` prints of an evaluation. */
import type { Announcement } from '../cluster/events.ts'
import type { Evaluation } from '../cluster/resources.ts'
import { eventLines, type PageOptions } from '../models/page.ts'
import { stateOf } from '../models/state.ts'
import { bytes, figure, milliseconds } from '../terminal/figures.ts'
import { fields, type Row, table, wrapped } from '../terminal/table.ts'
import { measuredResult, type Result } from './measured.ts'

const resultRow = (evaluation: Evaluation, result: Result, index: number): Row => {
  const { metric, metrics, intervals, p95Ms, throughputPerSecond, hourlyCost, score } = measuredResult(
    evaluation,
    result,
  )
  const [low, high] = intervals[metric ?? ''] ?? []
  const accuracy = figure(metrics[metric ?? ''])
  const isWinner = result.name === evaluation.status?.winner
  return [
    String(index + 1),
    isWinner ? { text: result.name, colour: 'green' } : result.name,
    accuracy && low !== undefined ? `${accuracy} [${figure(low)}, ${figure(high)}]` : accuracy,
    milliseconds(p95Ms),
    figure(throughputPerSecond),
    result.sizeBytes === undefined ? undefined : bytes(result.sizeBytes),
    figure(hourlyCost),
    figure(score),
  ]
}

export const resultLines = (evaluation: Evaluation, { style }: PageOptions): readonly string[] => {
  const { results: ranked = [] } = evaluation.status ?? {}
  if (ranked.length === 0) return []
  return table(
    [
      { title: '#', isNumber: true },
      { title: 'CANDIDATE' },
      { title: (evaluation.spec.metric ?? 'metric').toUpperCase() },
      { title: 'P95', isNumber: true },
      { title: 'PER SECOND', isNumber: true },
      { title: 'SIZE', isNumber: true },
      { title: 'COST', isNumber: true },
      { title: 'SCORE', isNumber: true },
    ],
    ranked.map((result, index) => resultRow(evaluation, result, index)),
    style,
  )
}

const ineligible = ({ status }: Evaluation, { columns }: PageOptions): readonly string[] =>
  (status?.ineligible ?? []).flatMap(({ name, reasons }) => [
    name,
    ...reasons.flatMap((reason) => wrapped(reason, columns - 6).map((line) => `  ${line}`)),
  ])

const next = ({ metadata, status }: Evaluation): readonly string[] =>
  status?.winner
    ? [
        `\`gantry report ${metadata.name}\` prints the whole report.`,
        `Deploy ${status.winner}: spec.model.source.evaluationRef.name: ${metadata.name} in a ModelDeployment.`,
      ]
    : [`\`gantry logs ${metadata.name} --evaluate\` shows the log of the measurement.`]

export const evaluationPage = (
  evaluation: Evaluation,
  events: readonly Announcement[],
  head: string,
  options: PageOptions,
): readonly string[] => {
  const { style, columns } = options
  const { spec, status } = evaluation
  const { dataset } = status ?? {}
  const part = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', style('bold', title), ...lines.map((line) => `  ${line}`)]
  const facts = fields(
    [
      ['winner', status?.winner],
      ['chosen', status?.chosen?.reason],
      ['measured', status?.progress],
      ['candidates', spec.candidates.map(({ name }) => name).join(', ')],
      ['data', dataset && `${dataset.samples} of ${dataset.total} samples from ${dataset.source}`],
      ['Pareto front', status?.pareto?.join(', ')],
      ['manager', status?.managedBy],
    ],
    style,
  )
  return [
    head,
    ...wrapped(stateOf(evaluation).message, columns - 2).map((line) => `  ${line}`),
    '',
    ...facts.map((line) => `  ${line}`),
    ...part('Results', resultLines(evaluation, options)),
    ...part('Not eligible', ineligible(evaluation, options)),
    ...part('Events', eventLines(events, options)),
    ...part('Next', next(evaluation)),
  ]
}
