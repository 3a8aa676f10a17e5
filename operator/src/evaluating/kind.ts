/** The evaluation as a kind of Job. */
import { isEvaluationReport } from '@gantry/contract/documents.ts'
import {
  type EvaluationFailure,
  type EvaluationReport,
  evaluationFailures,
  type Measurement,
  type Unmeasured,
} from '@gantry/contract/evaluation.ts'
import { plainText } from '@gantry/contract/plain-text.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { Done, Failed, JobKind } from '../jobs/kind.ts'
import { failedOf, longestMessage } from '../jobs/report.ts'

export type Measured = Extract<EvaluationReport, { outcome: 'measured' }>

export const isMeasurement = (candidate: Measurement | Unmeasured): candidate is Measurement =>
  'digest' in candidate

/** The CRD's limit of the address of a source. */
const longestSource = 2048

/** Texts of a report may come from a model or a data set. */
const plain = (candidate: Measurement | Unmeasured): Measurement | Unmeasured =>
  isMeasurement(candidate)
    ? candidate
    : { ...candidate, message: plainText(candidate.message, longestMessage) }

const measuredOf = ({ outcome, candidates, dataset, comparisons, report }: Measured): Measured => ({
  outcome,
  candidates: candidates.map(plain),
  dataset: { ...dataset, source: plainText(dataset.source, longestSource) },
  ...(comparisons ? { comparisons } : {}),
  ...(report ? { report } : {}),
})

/** @returns undefined for what is no report of an evaluation: any container may write one */
export const readEvaluationReport = (
  given: unknown,
): Done<Measured> | Failed<EvaluationFailure> | undefined => {
  if (!isEvaluationReport(given)) return undefined
  return given.outcome === 'failed' ? failedOf(given) : { kind: 'done', report: measuredOf(given) }
}

/** @param resourcesField the part of spec that holds requests and limits of the container that measures */
export const evaluateKind = (
  resourcesField: string,
  deadlineSeconds: number,
): JobKind<Measured, EvaluationFailure> => ({
  noun: 'evaluation',
  failures: evaluationFailures,
  unreported: 'EvaluationFailed',
  resourcesField,
  deadlineSeconds,
  read: readEvaluationReport,
})

/**
 * What a candidate is that ended its whole Job: the server that is measured shares memory and time with the program that measures.
 * @param pod of the Job
 */
export const unmeasuredBy = (
  name: string,
  { reason, message }: { readonly reason: string; readonly message: string },
  pod: LivePod | undefined,
): Unmeasured => {
  const terminated = pod?.status?.containerStatuses?.[0]?.state?.terminated
  if (terminated?.reason === 'OOMKilled') return { name, reason: 'OutOfMemory', message }
  if (pod?.status?.reason === 'DeadlineExceeded') return { name, reason: 'OutOfTime', message }
  return { name, reason: reason === 'MetricUnsupported' ? reason : 'EvaluationFailed', message }
}

/** Failures of the data set: no candidate can be measured with it. */
export const isOfDataset = (reason: string): boolean => reason.startsWith('Dataset')
