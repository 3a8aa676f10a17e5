/** What was measured of a version or of a candidate, in the one form that is shown and compared. */
import type { Evaluation, ModelVersion } from '../cluster/resources.ts'
import { figure } from '../terminal/figures.ts'

export interface Measured {
  /** The metric that counts as accuracy. */
  readonly metric: string | undefined
  readonly metrics: Readonly<Record<string, number>>
  readonly intervals: Readonly<Record<string, readonly number[]>>
  readonly p50Ms?: number | undefined
  readonly p95Ms?: number | undefined
  readonly p99Ms?: number | undefined
  readonly throughputPerSecond?: number | undefined
  readonly loadMs?: number | undefined
  readonly peakMemoryBytes?: number | undefined
  readonly sizeBytes?: number | undefined
  readonly hourlyCost?: number | undefined
  readonly score?: number | undefined
  /** Digest of the data: only what was measured on the same data is compared. */
  readonly dataset?: string | undefined
}

export const measuredVersion = (version: ModelVersion): Measured | undefined => {
  const { evaluation } = version
  if (!evaluation) return undefined
  const { metric, metrics, interval, p95Ms, throughputPerSecond, hourlyCost, dataset } = evaluation
  return {
    metric,
    metrics,
    intervals: interval ? { [metric]: interval } : {},
    p95Ms,
    throughputPerSecond,
    sizeBytes: version.sizeBytes,
    hourlyCost: hourlyCost === undefined ? undefined : Number(hourlyCost),
    dataset: dataset.digest,
  }
}

/** `accuracy 0.912, passed`; undefined where it was not measured. */
export const verdictOf = (version: ModelVersion): string | undefined => {
  if (!version.evaluation) return undefined
  const { metric, value, passed } = version.evaluation
  const verdict = passed === undefined ? '' : passed ? ', passed' : ', not passed'
  return `${metric} ${figure(value) ?? 'unknown'}${verdict}`
}

export type Result = NonNullable<NonNullable<Evaluation['status']>['results']>[number]

export const measuredResult = (evaluation: Evaluation, result: Result): Measured => ({
  metric: evaluation.spec.metric,
  metrics: result.metrics,
  intervals: result.intervals ?? {},
  ...result.performance,
  sizeBytes: result.sizeBytes,
  hourlyCost: result.cost.total,
  score: evaluation.spec.score === 'comprehensive' ? result.score.comprehensive : result.score.normalized,
  dataset: evaluation.status?.dataset?.digest,
})
