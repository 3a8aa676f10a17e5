/** What a report is made from. */
import type {
  CandidateReport,
  CandidateReports,
  Comparison,
  EvaluatedDataset,
  Measurement,
} from '@gantry/contract/evaluation.ts'
import type { RankingSpec, ReportedStatus, Result } from '../evaluation.ts'

export interface EvaluationSummary {
  /** metadata.name, or what the file is called. */
  readonly name: string
  readonly namespace?: string
  readonly spec: RankingSpec
  readonly status: ReportedStatus
  /** The reports of all runs: one for each candidate from a cluster, one for all from a file. What is missing is left out of the page. */
  readonly reports: readonly CandidateReports[]
}

/** A result and its place, which is also its number in plots. */
export interface Placed {
  readonly place: number
  readonly result: Result
}

export const placed = ({ status }: EvaluationSummary): readonly Placed[] =>
  (status.results ?? []).map((result, index) => ({ place: index + 1, result }))

/** The reports of the candidates that were measured, those with a place first and in its order, each candidate once. */
export const candidateReports = ({ reports, status }: EvaluationSummary): readonly CandidateReport[] => {
  const byName = new Map(
    reports
      .flatMap(({ candidates }) => candidates)
      .flatMap((one) => ('measurement' in one ? [[one.measurement.name, one] as const] : [])),
  )
  const first = (status.results ?? []).flatMap(({ name }) => byName.get(name) ?? [])
  return [...new Set([...first, ...byName.values()])]
}

/** Measurements of all candidates that were measured, be they eligible or not. */
export const measurements = (summary: EvaluationSummary): readonly Measurement[] =>
  candidateReports(summary).map(({ measurement }) => measurement)

export const comparisons = ({ reports }: EvaluationSummary): readonly Comparison[] =>
  reports.flatMap((report) => report.comparisons ?? [])

/** The data of all runs, the same data once. */
export const datasets = ({ reports, status }: EvaluationSummary): readonly EvaluatedDataset[] => {
  const all = [...(status.dataset ? [status.dataset] : []), ...reports.map(({ dataset }) => dataset)]
  return [...new Map(all.map((data) => [`${data.digest} ${data.samples}`, data])).values()]
}
