/** What keeps a version from being optimized, or an optimized one from being served. */
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import { nothingMeasured } from '../../evaluating/measuring.ts'
import { podTrouble } from '../../evaluating/pod-trouble.ts'
import { type Reference, sourceReferences } from '../../evaluating/references.ts'
import { lastFailureOf } from '../../jobs/attempt.ts'
import { triedAgain } from '../../jobs/said.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { Observed } from '../observe.ts'
import { calibrationOf } from '../optimization/recipe.ts'
import { type OptimizationOutcome, optimizationOutcome, optimizeKind } from '../optimization/record.ts'
import type { Check } from './check.ts'
import { jobFailed, jobPodRefused, podOf } from './job.ts'
import { resourcesFields } from './pods.ts'
import { moreRoom } from './volume.ts'

/** What serves, and what would without the step that failed. */
const serves = ({ target, model }: Observed): string => {
  if (target.kind !== 'optimize') return ''
  if (target.current) return `${target.current.id} serves on.`
  if (target.parent.input) return 'Nothing serves, since this is the first version.'
  const how = model.spec.optimize?.export
    ? 'remove the other steps of spec.optimize to serve the graph as it was exported'
    : 'remove spec.optimize to serve it as it was imported'
  return `Nothing serves, since this is the first version: ${how}.`
}

const failed = (
  observed: Observed,
  job: LiveJob,
  outcome: Extract<OptimizationOutcome, { kind: 'failed' }>,
): Finding => {
  const room = outcome.reason === 'VolumeFull' ? `${moreRoom(observed.claim, observed.growth)} ` : ''
  return jobFailed(job, outcome, { change: 'spec.optimize', before: `${room}${serves(observed)}` })
}

/** The current Job, while the version that it makes is not on the volume. */
const optimizing = ({ optimizeJob, target }: Observed): LiveJob | undefined =>
  target.kind === 'optimize' ? optimizeJob : undefined

const ended: Check = (observed) => {
  const job = optimizing(observed)
  if (!job) return undefined
  const outcome = optimizationOutcome(job, observed.optimizePods)
  if (outcome.kind === 'failed') return failed(observed, job, outcome)
  if (outcome.kind !== 'done') return undefined
  const message = `The optimization reported revision ${outcome.report.version.revision}, which was not asked for.`
  return failed(observed, job, { kind: 'failed', reason: 'OptimizationFailed', message, retry: 'never' })
}

const optimizingPod = (observed: Observed): LivePod | undefined =>
  podOf(optimizing(observed), observed.optimizePods)

/** What the pod refers to, and where spec names it. */
const referencesOf = (model: Observed['model']): readonly Reference[] => {
  const calibration = calibrationOf(model)
  const bundle = model.spec.storage?.import?.caBundle?.configMapRef.name
  return [
    ...(calibration ? sourceReferences(calibration.dataset, calibration.field) : []),
    ...(bundle === undefined
      ? []
      : [{ kind: 'ConfigMap', name: bundle, field: 'spec.storage.import.caBundle' } as const]),
  ]
}

const stuck: Check = (observed) => {
  const { events, model } = observed
  const pod = optimizingPod(observed)
  const references = referencesOf(model)
  const resourcesField = resourcesFields.optimize
  return (
    pod &&
    podTrouble(pod, {
      references,
      resourcesField,
      events,
      measuring: nothingMeasured,
      noun: 'optimization',
    })
  )
}

const refused: Check = (observed) =>
  jobPodRefused(optimizing(observed), optimizingPod(observed), observed, resourcesFields.optimize)

/** Another attempt runs, and no check has found a fault of its pod. */
const failedBefore: Check = (observed) => {
  const job = optimizing(observed)
  if (!job || optimizationOutcome(job, observed.optimizePods).kind !== 'running') return undefined
  const failure = lastFailureOf(optimizeKind, job)
  return failure && triedAgain(job.metadata.namespace, failure)
}

/** What keeps the version that spec asks for from being made. */
export const notOptimized: Check = (observed) =>
  observed.target.kind === 'optimize'
    ? (observed.optimizationRefusal ??
      ended(observed) ??
      refused(observed) ??
      stuck(observed) ??
      failedBefore(observed))
    : undefined

const judgedAgain =
  'Give another recipe, or change spec.optimize.maxAccuracyDrop: it is judged again without being measured again.'
/** What else might be served. */
const nextSteps = {
  AccuracyDropped: judgedAgain,
  AgreementTooLow: judgedAgain,
  NotComparable: 'Set spec.evaluate with labelled data, which prove more, or give another recipe.',
  NotFaster: 'Give another recipe, such as quantize: fp16, or serve the model on CPUs.',
} as const

/** The version is made, and worse than its parent by more than spec.optimize allows. */
export const worseThanParent: Check = ({ target, proof, model }) => {
  const verdict = proof?.verdict
  if (target.kind !== 'evaluate' || !verdict || verdict.passed) return undefined
  const { id, parent = '' } = proof.version
  const change = nextSteps[verdict.reason]
  const unoptimized = model.spec.optimize?.export
    ? 'To serve the graph as it was exported, remove the other steps of spec.optimize.'
    : `To serve ${parent} as it was imported, remove spec.optimize.`
  return {
    reason: verdict.reason,
    message: `${id} gets no traffic: ${verdict.sentence}. ${target.current ? `${target.current.id} serves on.` : 'Nothing serves, since this is the first version.'} ${change} ${unoptimized}`,
    retry: 'never',
  }
}
