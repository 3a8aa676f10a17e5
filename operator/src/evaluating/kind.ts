/** The evaluation as a kind of Job. */
import { isEvaluationReport, isImportReport, isOptimizationFailedReport } from '@gantry/contract/documents.ts'
import {
  type CandidateFailure,
  candidateFailures,
  type EvaluationFailure,
  evaluationFailures,
  isMeasurement,
  type Measurement,
  type Unmeasured,
} from '@gantry/contract/evaluation.ts'
import { type ImportFailure, importFailures } from '@gantry/contract/importing.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { Done, Failed, JobKind } from '../jobs/kind.ts'
import { failedOf } from '../jobs/report.ts'
import { type Measured, plainReport } from './plain-report.ts'

/** @returns undefined for what is no report of an evaluation: any container may write one */
export const readEvaluationReport = (
  given: unknown,
): Done<Measured> | Failed<EvaluationFailure> | undefined => {
  if (!isEvaluationReport(given)) return undefined
  return given.outcome === 'failed' ? failedOf(given) : { kind: 'done', report: plainReport(given) }
}

/** What the containers of a recipe report before anything is measured: time may mend a source, and nothing that the optimizer refuses. */
export const readRecipeFailure = (given: unknown): Failed<ImportFailure | 'RecipeFailed'> | undefined => {
  if (isImportReport(given)) return given.outcome === 'failed' ? failedOf(given) : undefined
  if (!isOptimizationFailedReport(given)) return undefined
  const { reason, message } = given
  return failedOf({ reason: 'RecipeFailed', message: `${reason}: ${message}`, retry: 'never' })
}

/** Why a Job has no result: the failures of the whole run, and those of a candidate that time may mend. */
export type MeasuringFailure = EvaluationFailure | CandidateFailure | ImportFailure

const measuringFailures: readonly MeasuringFailure[] = [
  ...new Set<MeasuringFailure>([...evaluationFailures, ...candidateFailures, ...importFailures]),
]

/** A candidate that time may mend counts as a Job that failed: the machine of Jobs tries it again. */
export const passingFailure = (
  result: Measurement | Unmeasured | undefined,
): Failed<MeasuringFailure> | undefined =>
  result && !isMeasurement(result) && result.retry === 'backoff'
    ? failedOf({ reason: result.reason, message: result.message, retry: 'backoff' })
    : undefined

/** @param resourcesField the part of spec that holds requests and limits of the container that measures */
export const evaluateKind = (
  resourcesField: string,
  deadlineSeconds: number,
): JobKind<Measured, MeasuringFailure> => ({
  noun: 'evaluation',
  failures: measuringFailures,
  unreported: 'EvaluationFailed',
  resourcesField,
  scratchField: 'evaluations.scratchSize of the chart',
  deadlineSeconds,
  read: readEvaluationReport,
})

const resultReasons: readonly Unmeasured['reason'][] = [...candidateFailures, ...importFailures]

/** How the container has ended that ended the pod: the first of a recipe that failed, or the one that measures. */
const endOf = (pod: LivePod | undefined) => {
  const { initContainerStatuses = [], containerStatuses = [] } = pod?.status ?? {}
  const failed = initContainerStatuses.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0)
  return (failed ?? containerStatuses[0])?.state?.terminated
}

/**
 * What a candidate is that ended its whole Job: the server that is measured shares memory and time with the program that measures.
 * @param pod of the Job
 */
export const unmeasuredBy = (
  name: string,
  { reason, message }: { readonly reason: string; readonly message: string },
  pod: LivePod | undefined,
): Unmeasured => {
  if (endOf(pod)?.reason === 'OOMKilled') return { name, reason: 'OutOfMemory', message }
  if (pod?.status?.reason === 'DeadlineExceeded') return { name, reason: 'OutOfTime', message }
  return { name, reason: resultReasons.find((one) => one === reason) ?? 'EvaluationFailed', message }
}

/** Failures of the data set: no candidate can be measured with it. */
export const isOfDataset = (reason: string): boolean => reason.startsWith('Dataset')
