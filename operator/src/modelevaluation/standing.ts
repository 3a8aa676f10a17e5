/** Where each candidate stands: cannot do what is required, measured, failed, or to be measured. */
import { isMeasurement, type Measurement, type Unmeasured } from '@gantry/contract/evaluation.ts'
import { lacking } from '@gantry/evaluation/requirements.ts'
import { isOwnedBy, type LiveConfigMap, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import type { EvaluatingConfig } from '../evaluating/config.ts'
import { longestSeconds } from '../evaluating/job.ts'
import {
  evaluateKind,
  type MeasuringFailure as Failure,
  isOfDataset,
  passingFailure,
  readEvaluationReport,
  readRecipeFailure,
  unmeasuredBy,
} from '../evaluating/kind.ts'
import { type Measured, measuredIn } from '../evaluating/plain-report.ts'
import type { Failed, JobKind } from '../jobs/kind.ts'
import { type Outcome, outcomeOf } from '../jobs/outcome.ts'
import type { ModelEvaluation } from './model-evaluation.ts'
import { type CandidateRecord, recordOf } from './record.ts'
import { type CandidateRun, candidateRun, resourcesField } from './run.ts'
import { type Subject, subjectsOf } from './subjects.ts'

/** The Job of one candidate. */
export const measuringKind = (run: CandidateRun): JobKind<Measured, Failure> => ({
  ...evaluateKind(resourcesField, longestSeconds(run.run.request)),
  read: (given) => {
    const read = readEvaluationReport(given) ?? (run.run.recipe && readRecipeFailure(given))
    if (read?.kind !== 'done') return read
    const [result, ...others] = read.report.candidates
    if (result?.name !== run.candidate.name || others.length > 0) return undefined
    return passingFailure(result) ?? read
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
  | { readonly kind: 'lacking'; readonly candidate: Subject }
  /** Its result, or why it has none, is known. */
  | { readonly kind: 'known'; readonly candidate: Subject; readonly record: CandidateRecord }
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

const standingOf = ({ evaluation, config, jobs, pods, map }: Seen, candidate: Subject): Standing => {
  if (lacking(evaluation.spec.requirements, candidate).length > 0) return { kind: 'lacking', candidate }
  const run = candidateRun(evaluation, candidate, config)
  const record = recordOf(map, candidate.name)
  if (record && isValid(record, run, jobs)) return { kind: 'known', candidate, record }
  const job = jobs.find(({ metadata }) => metadata.name === run.jobName)
  return { kind: 'due', ...run, job, outcome: job && outcomeOf(measuringKind(run), job, pods) }
}

/** One for each candidate or variant, in the order of spec. */
export const standingsOf = (seen: Seen): readonly Standing[] =>
  subjectsOf(seen.evaluation).map((candidate) => standingOf(seen, candidate))

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
  const pod = pods.find((one) => isOwnedBy(one, job?.metadata.uid))
  if (outcome?.kind === 'done') {
    const [result] = outcome.report.candidates
    return result && { result: measuredIn(pod, result), report: outcome.report }
  }
  if (outcome?.kind !== 'failed' || outcome.retry === 'backoff' || isOfDataset(outcome.reason))
    return undefined
  return { result: unmeasuredBy(candidate.name, outcome, pod) }
}
