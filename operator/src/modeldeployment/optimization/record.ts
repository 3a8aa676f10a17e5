/** The optimization as a kind of Job. Its containers report one after the other: samples, optimizer, commit. */
import { isEvaluationReport, isImportReport, isOptimizationFailedReport } from '@gantry/contract/documents.ts'
import {
  type OptimizationFailure,
  type OptimizationRecipe,
  optimizationFailures,
} from '@gantry/contract/optimizing.ts'
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import type { Done, Failed, JobKind } from '../../jobs/kind.ts'
import { type Outcome, outcomeOf } from '../../jobs/outcome.ts'
import { failedOf } from '../../jobs/report.ts'
import { type Imported, readImportReport } from '../import-report.ts'

/** What the samples may lack. */
const datasetFailures = [
  'DatasetUnreachable',
  'DatasetNotFound',
  'DatasetForbidden',
  'DatasetNotAllowed',
  'DatasetInvalid',
] as const

type Failure = OptimizationFailure | (typeof datasetFailures)[number]

export type OptimizationOutcome = Outcome<Imported, Failure>

const failures: readonly Failure[] = [...optimizationFailures, ...datasetFailures]

/** The reason as this kind of Job has it: a folder that an import would refuse is a failure of the optimizer. */
const reasonOf = (reason: string): Failure => failures.find((one) => one === reason) ?? 'OptimizationFailed'

const failed = (report: { reason: string; message: string; retry: 'never' | 'backoff' }): Failed<Failure> =>
  failedOf({ ...report, reason: reasonOf(report.reason) })

const read = (given: unknown): Done<Imported> | Failed<Failure> | undefined => {
  if (isImportReport(given)) {
    if (given.outcome === 'failed') return failed(given)
    const done = readImportReport(given)
    return done?.kind === 'done' && done.report.version.parent !== undefined ? done : undefined
  }
  if (isEvaluationReport(given) && given.outcome === 'failed') return failed(given)
  return isOptimizationFailedReport(given) ? failed({ ...given, retry: 'never' }) : undefined
}

/** The time beside that which a recipe gives to training. */
const longestOptimizationSeconds = 6 * 60 * 60

export const longestOptimizationOf = ({ distill }: OptimizationRecipe): number =>
  longestOptimizationSeconds + (distill?.seconds ?? 0)

export const optimizeKind: JobKind<Imported, Failure> = {
  noun: 'optimization',
  failures,
  unreported: 'OptimizationFailed',
  resourcesField: 'spec.optimize.resources',
  deadlineSeconds: longestOptimizationSeconds,
  read,
}

/** @param pods of optimizations */
export const optimizationOutcome = (job: LiveJob, pods: readonly LivePod[]): OptimizationOutcome =>
  outcomeOf(optimizeKind, job, pods)
