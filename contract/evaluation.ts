/** What an evaluation measures, and what its programs tell each other about it. */
import type * as documents from './documents.gen.ts'
import type { Frozen } from './documents.ts'

export {
  type CandidateFailure,
  candidateFailures,
  type EvaluationFailure,
  evaluationFailures,
  type Metric,
  metrics,
} from './documents.gen.ts'

/** What one run of `evaluate` measures. */
export type EvaluationRequest = Frozen<documents.EvaluationRequest>
export type EvaluationCandidate = Frozen<documents.EvaluationCandidate>
export type EvaluationDataset = Frozen<documents.EvaluationDataset>
/** What `evaluate` leaves as its container's termination message: JSON of at most `maxReportBytes` (importing.ts). */
export type EvaluationReport = Frozen<documents.EvaluationReport>
export type Measurement = Frozen<documents.Measurement>
export type PerformanceMeasurement = Frozen<documents.PerformanceMeasurement>
export type MeasuringHardware = Frozen<documents.MeasuringHardware>
export type Unmeasured = Frozen<documents.Unmeasured>
export type Comparison = Frozen<documents.Comparison>
export type EvaluatedDataset = Frozen<documents.EvaluatedDataset>
export type ReportLocation = Frozen<documents.ReportLocation>
/** The whole report of one run, as the log and the ConfigMap have it. */
export type CandidateReports = Frozen<documents.CandidateReports>
export type CandidateReport = Frozen<documents.CandidateReport>
export type VersionEvaluation = Frozen<documents.VersionEvaluation>

/** Whether a candidate was measured. */
export const isMeasurement = (candidate: Measurement | Unmeasured): candidate is Measurement =>
  'digest' in candidate

/** The same in the whole report. */
export const isCandidateReport = (candidate: CandidateReport | Unmeasured): candidate is CandidateReport =>
  'measurement' in candidate

/** Metrics where less is better. */
const errorMetrics: readonly documents.Metric[] = ['perplexity', 'meanAbsoluteError', 'meanSquaredError']

/** Whether a smaller value of the metric is the better one. */
export const isError = (metric: documents.Metric): boolean => errorMetrics.includes(metric)

/** Most bytes of the report of one run in the log, gzipped. */
export const maxEvaluationReportBytes = 256 * 1024

/** Message of the log's lines that carry the report, each with `part` (from 1), `parts` and `data` (base64). */
export const reportLine = 'evaluation report'

/** Name of the ConfigMap with the reports of an evaluation. Each candidate has the key `NAME.json.gz` (CandidateReports, gzipped). */
export const reportMapName = (evaluation: string): string => `${evaluation}-report`
export const reportKey = (candidate: string): string => `${candidate}.json.gz`
