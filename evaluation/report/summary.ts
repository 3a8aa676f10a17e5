/** What a report is made from. */
import type { CandidateReports } from '@gantry/contract/evaluation.ts'
import type { RankingSpec, ReportedStatus } from '../evaluation.ts'

export interface EvaluationSummary {
  /** metadata.name, or what the file is called. */
  readonly name: string
  readonly namespace?: string
  readonly spec: RankingSpec
  readonly status: ReportedStatus
  /** The reports of all runs: one for each candidate from a cluster, one for all from a file. What is missing is left out of the page. */
  readonly reports: readonly CandidateReports[]
}
