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

const metricOf = ({ metadata }: LiveJob): string => metadata.annotations?.[annotations.metric] ?? ''

const bounds = ({ intervals }: Measurement, metric: string): Pick<Evaluation, 'interval'> => {
  const interval = intervals[metric]
  return interval ? { interval: [...interval] } : {}
}

/** Why there is no comparison with a version that was to be measured, too. @param role what that version is */
const whyNot = ({ candidates }: Measured, id: string, other: string, role: string): string => {
  const found = candidates.find(({ name }) => name === other)
  if (!found) return `${other}, ${role}, is not in the report`
  return isMeasurement(found)
    ? `${other} and ${id} have no samples in common`
    : `${other}, ${role}, was not measured: ${found.message}`
}

/** The comparison of a version with another one; the run may have compared them the other way round. */
const between = ({ comparisons = [] }: Measured, id: string, other: string): Comparison | undefined => {
  const found = comparisons.find((one) => one.name === id && one.with === other)
  const turned = comparisons.find((one) => one.name === other && one.with === id)
  if (found || !turned) return found
  const [low, high] = turned.interval
  return { ...turned, name: id, with: other, difference: -turned.difference, interval: [-high, -low] }
}

/** Id of the version that served while a Job measured another one beside it. Jobs of an operator before optimizations do not name it. */
const comparedVersionOf = ({ metadata }: LiveJob, { candidates }: Measured, version: Version) =>
  metadata.annotations?.[annotations.comparedVersion] ??
  candidates.find(({ name }) => name !== version.id && name !== version.parent)?.name

const isMetric = (name: string): boolean => knownMetrics.some((known) => known === name)

/** Members are named one by one: a field that the CRD does not know would be refused. */
const recordOf = (
  job: LiveJob,
  report: Measured,
  { measured, version }: { readonly measured: Measurement; readonly version: Version },
): Evaluation => {
  const metric = metricOf(job)
  const { name: id, metrics, performance, hardware } = measured
  const value = metrics[metric]
  const other = comparedVersionOf(job, report, version)
  const comparison = other === undefined ? undefined : between(report, id, other)
  const { source, digest, samples } = report.dataset
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
    ...(comparison ? { comparison: comparisonOf(comparison) } : {}),
    ...(other !== undefined && !comparison ? { notCompared: whyNot(report, id, other, 'which serves') } : {}),
    evaluatedAt: endOf(job),
  }
}

/** Why a version has no measurement in a report. */
export const unmeasuredIn = ({ candidates }: Measured, id: string): Unmeasured => {
  const found = candidates.find(({ name }) => name === id)
  if (found && !isMeasurement(found)) return found
  return { name: id, reason: 'EvaluationFailed', message: 'The report does not name it.' }
}

/** An optimized version with how it compares with its parent, in a run that measured both. */
const besideParent = (
  job: LiveJob,
  report: Measured,
  { measured, version }: { readonly measured: Measurement; readonly version: Version },
): Pick<Version, 'optimization'> => {
  const { id, parent, optimization } = version
  if (!optimization || parent === undefined) return {}
  const { comparison: _, notCompared: __, ...made } = optimization
  const base = report.candidates.filter(isMeasurement).find(({ name }) => name === parent)
  const compared = between(report, id, parent)
  if (!compared || !base)
    return { optimization: { ...made, notCompared: whyNot(report, id, parent, 'its parent') } }
  const { with: ___, ...rest } = comparisonOf(compared)
  const speedup = base.performance.p95Ms / measured.performance.p95Ms
  const isOnGpu = [base, measured].every(({ hardware }) => hardware.accelerator === 'cuda')
  const accelerator = isOnGpu ? 'cuda' : 'cpu'
  return { optimization: { ...made, comparison: { ...rest, metric: metricOf(job), speedup, accelerator } } }
}

type Reported = Pick<Version, 'optimization'> & { readonly evaluation: Evaluation }

/** What a finished Job says of the version that it has measured. */
const reportedBy = (
  job: LiveJob,
  { pods, evaluate }: { readonly pods: readonly LivePod[]; readonly evaluate: Evaluate },
  version: Version,
): Reported | undefined => {
  const outcome = evaluationOutcome(job, pods, evaluate)
  if (outcome.kind !== 'done') return undefined
  const pod = pods.find((one) => isOwnedBy(one, job.metadata.uid))
  const measured = outcome.report.candidates
    .map((one) => measuredIn(pod, one))
    .filter(isMeasurement)
    .find(({ name }) => name === version.id)
  if (!measured) return undefined
  const named = { measured, version }
  return { evaluation: recordOf(job, outcome.report, named), ...besideParent(job, outcome.report, named) }
}

const isNewer = (one: Evaluation, other: Evaluation | undefined): boolean =>
  one.measurement !== other?.measurement && (one.evaluatedAt ?? '') >= (other?.evaluatedAt ?? '')

/** The versions with what was measured of them last: what status has, and what Jobs have reported since. */
export const withEvaluations = (
  versions: readonly Version[],
  { jobs, pods, evaluate }: { jobs: readonly LiveJob[]; pods: readonly LivePod[]; evaluate: Evaluate },
): readonly Version[] => {
  return versions.map((version) => {
    const reported = jobs
      .filter((job) => measuredVersionOf(job) === version.id)
      .flatMap((job) => reportedBy(job, { pods, evaluate }, version) ?? [])
      .filter(({ evaluation }) => isNewer(evaluation, version.evaluation))
      .sort((a, b) => (a.evaluation.evaluatedAt ?? '').localeCompare(b.evaluation.evaluatedAt ?? ''))
    return { ...version, ...reported.at(-1) }
  })
}
