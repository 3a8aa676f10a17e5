/** What is computed from the predictions of one candidate. */
import type { CandidateReport, Metric } from '@gantry/contract/evaluation.ts'
import type { Statistics } from './statistics.ts'

export interface Accuracy {
  readonly metrics: Readonly<Partial<Record<Metric, number>>>
  /** 95 % bootstrap intervals, lower and upper bound. */
  readonly intervals: Readonly<Partial<Record<Metric, readonly [number, number]>>>
  /** Metrics of the task that have no value, each with a sentence that says why. */
  readonly undefinedMetrics: Readonly<Partial<Record<Metric, string>>>
  /** Sentences about the data set that a reader of the metrics should know: only one class occurs, and the like. */
  readonly remarks: readonly string[]
  readonly confusion?: CandidateReport['confusion']
  readonly perClass?: CandidateReport['perClass']
  readonly mistakes: NonNullable<CandidateReport['mistakes']>
  /** What `compare` takes. */
  readonly statistics: Readonly<Partial<Record<Metric, Statistics>>>
}

export interface AccuracyOptions {
  /** The metric that counts: without a value for it there is no accuracy. */
  readonly metric: Metric
  /** The k of topK and recallAtK. */
  readonly topK?: number
  /** Seed of the bootstrap. */
  readonly seed?: number
  /** Names of all classes that the model has, where they are known. */
  readonly classes?: readonly string[]
}

/** A paired comparison, without the names of the candidates. */
export interface PairedTest {
  /** Metric of the candidate less that of the other. */
  readonly difference: number
  /** 95 % bootstrap interval of the difference. */
  readonly interval: readonly [number, number]
  readonly pValue: number
  readonly samples: number
}

/** Why two candidates cannot be compared, in a sentence. */
export interface NotComparable {
  readonly notComparable: string
}
