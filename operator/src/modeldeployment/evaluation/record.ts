/** What finished evaluations say of the versions, as status.versions keeps it. */
import {
  type Comparison,
  isMeasurement,
  metrics as knownMetrics,
  type Measurement,
  type Unmeasured,
} from '@gantry/contract/evaluation.ts'
import { shownSource } from '@gantry/contract/source.ts'
import { conditionOf, isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import {
  evaluateKind,
  type MeasuringFailure,
  passingFailure,
  readEvaluationReport,
} from '../../evaluating/kind.ts'
import { type Measured, measuredIn } from '../../evaluating/plain-report.ts'
import type { Failed, JobKind } from '../../jobs/kind.ts'
import { type Outcome, outcomeOf } from '../../jobs/outcome.ts'
import { annotations } from '../desired/metadata.ts'
import type { ModelDeploymentSpec, Version } from '../model-deployment.ts'

export type Evaluation = NonNullable<Version['evaluation']>

export type EvaluationOutcome = Outcome<Measured, MeasuringFailure>

type Evaluate = ModelDeploymentSpec['evaluate']

/** Id of the version that a Job measures. */
export const measuredVersionOf = ({ metadata }: LiveJob): string | undefined =>
  metadata.annotations?.[annotations.measuredVersion]

/** A failure that time may mend, with the version: two are measured. */
const namedFailure = (candidate: Measurement | Unmeasured): Failed<MeasuringFailure> | undefined => {
  const failure = passingFailure(candidate)
  return failure && { ...failure, message: `${candidate.name} could not be measured: ${failure.message}` }
}

/**
 * The evaluation of a version as a kind of Job. It is tried again where time may mend what kept that version from being measured; where
 * a limit needs the comparison with the version that serves, also what kept that one from it.
 */
export const gateKind = (
  job: LiveJob | undefined,
  evaluate: Evaluate,
): JobKind<Measured, MeasuringFailure> => ({
  ...evaluateKind('spec.serve.resources', 0),
  read: (given) => {
    const read = readEvaluationReport(given)
    if (read?.kind !== 'done' || !job) return read
    const { candidates } = read.report
    const needed =
      evaluate?.maxAccuracyDrop === undefined
        ? candidates.filter(({ name }) => name === measuredVersionOf(job))
        : candidates
    return needed.map(namedFailure).find(Boolean) ?? read
  },
})

/** @param pods of evaluations */
export const evaluationOutcome = (
  job: LiveJob,
  pods: readonly LivePod[],
  evaluate: Evaluate,
): EvaluationOutcome => outcomeOf(gateKind(job, evaluate), job, pods)

export const measurementOf = ({ metadata }: LiveJob): string | undefined =>
  metadata.annotations?.[annotations.measurement]

/** RFC 3339 in whole seconds, when the Job ended. */
const endOf = (job: LiveJob): string => {
  const time = Date.parse(conditionOf(job, 'Complete')?.lastTransitionTime ?? '') || 0
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
}

const comparisonOf = ({ with: other, difference, interval, pValue, samples }: Comparison) => ({
  ...{ with: other, difference, pValue, samples },
  interval: [...interval],
})

const bounds = ({ intervals }: Measurement, metric: string): Pick<Evaluation, 'interval'> => {
  const interval = intervals[metric]
  return interval ? { interval: [...interval] } : {}
}

/** Why there is no comparison with a version that was to be measured, too. */
const notCompared = (candidates: Measured['candidates'], id: string): Pick<Evaluation, 'notCompared'> => {
  const other = candidates.find(({ name }) => name !== id)
  if (!other) return {}
  return {
    notCompared: isMeasurement(other)
      ? `${other.name} and ${id} have no samples in common`
      : `${other.name}, which serves, was not measured: ${other.message}`,
  }
}

const isMetric = (name: string): boolean => knownMetrics.some((known) => known === name)

/** Members are named one by one: a field that the CRD does not know would be refused. */
const recordOf = (
  job: LiveJob,
  { candidates, comparisons = [], dataset }: Measured,
  measured: Measurement,
): Evaluation => {
  const metric = job.metadata.annotations?.[annotations.metric] ?? ''
  const { name: id, metrics, performance, hardware } = measured
  const value = metrics[metric]
  const comparison = comparisons.find(({ name }) => name === id)
  const { source, digest, samples } = dataset
  return {
    measurement: measurementOf(job) ?? '',
    metric,
    ...(value === undefined ? {} : { value }),
    ...bounds(measured, metric),
    metrics: Object.fromEntries(Object.entries(metrics).filter(([name]) => isMetric(name))),
    p95Ms: performance.p95Ms,
    throughputPerSecond: performance.throughputPerSecond,
    ...(hardware.node ? { node: hardware.node } : {}),
    dataset: { source: shownSource(source), digest, samples },
    ...(comparison ? { comparison: comparisonOf(comparison) } : notCompared(candidates, id)),
    evaluatedAt: endOf(job),
  }
}

/** Why a version has no measurement in a report. */
export const unmeasuredIn = ({ candidates }: Measured, id: string): Unmeasured => {
  const found = candidates.find(({ name }) => name === id)
  if (found && !isMeasurement(found)) return found
  return { name: id, reason: 'EvaluationFailed', message: 'The report does not name it.' }
}

/** The record of the version that a finished Job has measured. */
const reportedBy = (job: LiveJob, pods: readonly LivePod[], evaluate: Evaluate): Evaluation | undefined => {
  const outcome = evaluationOutcome(job, pods, evaluate)
  if (outcome.kind !== 'done') return undefined
  const id = measuredVersionOf(job)
  const pod = pods.find((one) => isOwnedBy(one, job.metadata.uid))
  const measured = outcome.report.candidates
    .map((one) => measuredIn(pod, one))
    .filter(isMeasurement)
    .find(({ name }) => name === id)
  return measured && recordOf(job, outcome.report, measured)
}

const isNewer = (one: Evaluation, other: Evaluation | undefined): boolean =>
  one.measurement !== other?.measurement && (one.evaluatedAt ?? '') >= (other?.evaluatedAt ?? '')

/** The versions with what was measured of them last: what status has, and what Jobs have reported since. */
export const withEvaluations = (
  versions: readonly Version[],
  { jobs, pods, evaluate }: { jobs: readonly LiveJob[]; pods: readonly LivePod[]; evaluate: Evaluate },
): readonly Version[] => {
  const reported = jobs.flatMap((job) => {
    const evaluation = reportedBy(job, pods, evaluate)
    return evaluation ? [{ id: measuredVersionOf(job), evaluation }] : []
  })
  return versions.map((version) => {
    const newer = reported
      .filter(({ id, evaluation }) => id === version.id && isNewer(evaluation, version.evaluation))
      .sort((a, b) => (a.evaluation.evaluatedAt ?? '').localeCompare(b.evaluation.evaluatedAt ?? ''))
    const evaluation = newer.at(-1)?.evaluation
    return evaluation ? { ...version, evaluation } : version
  })
}
