/** Where each candidate stands: cannot do what is required, measured, failed, or to be measured. */
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
import { lacking } from '@gantry/evaluation/requirements.ts'
import { isOwnedBy, type LiveConfigMap, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import { type EvaluatingConfig, longestSeconds } from '../evaluating/job.ts'
import { evaluateKind, isOfDataset, readEvaluationReport, unmeasuredBy } from '../evaluating/kind.ts'
import type { Measured } from '../evaluating/plain-report.ts'
import type { Failed, JobKind } from '../jobs/kind.ts'
import { type Outcome, outcomeOf } from '../jobs/outcome.ts'
import { failedOf } from '../jobs/report.ts'
import type { Candidate, ModelEvaluation } from './model-evaluation.ts'
import { type CandidateRecord, recordOf } from './record.ts'
import { type CandidateRun, candidateRun, resourcesField } from './run.ts'

type Failure = EvaluationFailure | CandidateFailure | ImportFailure

/** The Job of one candidate. A candidate that time may mend counts as a Job that failed: the machine of Jobs tries it again. */
export const measuringKind = (run: CandidateRun): JobKind<Measured, Failure> => ({
  ...evaluateKind(resourcesField, longestSeconds(run.run.request)),
  failures: [...new Set<Failure>([...evaluationFailures, ...candidateFailures, ...importFailures])],
  read: (given) => {
    const read = readEvaluationReport(given)
    if (read?.kind !== 'done') return read
    const [result, ...others] = read.report.candidates
    if (result?.name !== run.candidate.name || others.length > 0) return undefined
    if (isMeasurement(result) || result.retry !== 'backoff') return read
    return failedOf({ reason: result.reason, message: result.message, retry: 'backoff' })
  },
})

/** A candidate that a Job has to measure, and its Job where there is one. */
export interface Due extends CandidateRun {
  readonly kind: 'due'
  readonly job: LiveJob | undefined
  readonly outcome: Outcome<Measured, Failure> | undefined
}

export type Standing =
  /** It cannot do what is required, so nothing is measured. */
  | { readonly kind: 'lacking'; readonly candidate: Candidate }
  /** Its result, or why it has none, is known. */
  | { readonly kind: 'known'; readonly candidate: Candidate; readonly record: CandidateRecord }
  | Due

/** A measurement holds for what spec says; a failure holds for its Job, which somebody may delete in order to try again. */
const isValid = (
  { inputs, job, result }: CandidateRecord,
  run: CandidateRun,
  jobs: readonly LiveJob[],
): boolean =>
  isMeasurement(result)
    ? inputs === run.inputs
    : job === run.jobName && jobs.some(({ metadata }) => metadata.name === job)

interface Seen {
  readonly evaluation: ModelEvaluation
  readonly config: EvaluatingConfig
  readonly jobs: readonly LiveJob[]
  readonly pods: readonly LivePod[]
  readonly map: LiveConfigMap | undefined
}

const standingOf = ({ evaluation, config, jobs, pods, map }: Seen, candidate: Candidate): Standing => {
  if (lacking(evaluation.spec.requirements, candidate).length > 0) return { kind: 'lacking', candidate }
  const run = candidateRun(evaluation, candidate, config)
  const record = recordOf(map, candidate.name)
  if (record && isValid(record, run, jobs)) return { kind: 'known', candidate, record }
  const job = jobs.find(({ metadata }) => metadata.name === run.jobName)
  return { kind: 'due', ...run, job, outcome: job && outcomeOf(measuringKind(run), job, pods) }
}

/** In the order of spec. */
export const standingsOf = (seen: Seen): readonly Standing[] =>
  seen.evaluation.spec.candidates.map((candidate) => standingOf(seen, candidate))

/** The failure of the data set, which no candidate can be measured with. */
export const datasetFailure = (
  standings: readonly Standing[],
): { readonly due: Due; readonly failure: Failed<Failure> } | undefined => {
  for (const due of standings)
    if (due.kind === 'due' && due.outcome?.kind === 'failed' && isOfDataset(due.outcome.reason))
      return { due, failure: due.outcome }
  return undefined
}

/** The result of a Job that has ended for good, to be recorded. */
export const endedResult = (
  { outcome, candidate, job }: Due,
  pods: readonly LivePod[],
): { readonly result: Measurement | Unmeasured; readonly report?: Measured } | undefined => {
  if (outcome?.kind === 'done') {
    const [result] = outcome.report.candidates
    return result && { result, report: outcome.report }
  }
  if (outcome?.kind !== 'failed' || outcome.retry === 'backoff' || isOfDataset(outcome.reason))
    return undefined
  const pod = pods.find((one) => isOwnedBy(one, job?.metadata.uid))
  return { result: unmeasuredBy(candidate.name, outcome, pod) }
}
