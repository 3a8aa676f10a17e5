/** What keeps a version from being optimized, or an optimized one from being served. */
import { shownDuration } from '@gantry/contract/duration.ts'
import { isOver, isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import { nothingMeasured } from '../../evaluating/measuring.ts'
import { podTrouble } from '../../evaluating/pod-trouble.ts'
import { type Reference, sourceReferences } from '../../evaluating/references.ts'
import { firstDelayMs, lastFailureOf, longestDelayMs } from '../../jobs/attempt.ts'
import { podRefused } from '../../pods/refused.ts'
import type { Finding } from '../../runtime/finding.ts'
import type { Version } from '../model-deployment.ts'
import type { Observed } from '../observe.ts'
import { calibrationOf } from '../optimization/recipe.ts'
import { type OptimizationOutcome, optimizationOutcome, optimizeKind } from '../optimization/record.ts'
import type { Check } from './check.ts'
import { resourcesFields } from './pods.ts'
import { moreRoom } from './volume.ts'

/** Ends a message of the report with a full stop, since another sentence follows it. */
const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)

const serves = (current: Version | undefined): string =>
  current
    ? `${current.id} serves on.`
    : 'Nothing serves, since this is the first version: remove spec.optimize to serve it as it was imported.'

const triedAgain = ({ metadata: { namespace } }: LiveJob, { reason, message }: Finding): Finding => ({
  reason,
  message: `${sentence(message)} It is tried again by itself, after ${shownDuration(firstDelayMs)} at first and ${shownDuration(longestDelayMs)} at last (kubectl -n ${namespace} get jobs).`,
  retry: 'backoff',
})

const failed = (
  { claim, growth, target }: Observed,
  job: LiveJob,
  outcome: Extract<OptimizationOutcome, { kind: 'failed' }>,
): Finding => {
  const { reason, message, retry } = outcome
  if (retry === 'backoff') return triedAgain(job, outcome)
  const { name, namespace } = job.metadata
  const again = `To try again, change spec.optimize, or: kubectl -n ${namespace} delete job ${name}`
  const room = reason === 'VolumeFull' ? `${moreRoom(claim, growth)} ` : ''
  const current = target.kind === 'optimize' ? target.current : undefined
  return { reason, retry, message: `${sentence(message)} ${room}${serves(current)} ${again}` }
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

const podOf = (observed: Observed): LivePod | undefined => {
  const job = optimizing(observed)
  return job && observed.optimizePods.find((pod) => isOwnedBy(pod, job.metadata.uid) && !isOver(pod))
}

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
  const pod = podOf(observed)
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

/** A Job says nothing in its status when its pod is refused. */
const refused: Check = (observed) => {
  const job = optimizing(observed)
  if (!job || podOf(observed)) return undefined
  const event = observed.events.findLast(
    ({ involvedObject, reason }) => involvedObject?.uid === job.metadata.uid && reason === 'FailedCreate',
  )
  return event && podRefused(event.message ?? '', resourcesFields.optimize)
}

/** Another attempt runs, and no check has found a fault of its pod. */
const failedBefore: Check = (observed) => {
  const job = optimizing(observed)
  if (!job || optimizationOutcome(job, observed.optimizePods).kind !== 'running') return undefined
  const failure = lastFailureOf(optimizeKind, job)
  return failure && triedAgain(job, { ...failure, retry: 'backoff' })
}

/** What keeps the version that spec asks for from being made. */
export const notOptimized: Check = (observed) =>
  observed.target.kind === 'optimize'
    ? (observed.calibrationRefusal ??
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
export const worseThanParent: Check = ({ target, proof }) => {
  const verdict = proof?.verdict
  if (target.kind !== 'evaluate' || !verdict || verdict.passed) return undefined
  const { id, parent = '' } = proof.version
  const change = nextSteps[verdict.reason]
  const unoptimized = `To serve ${parent} as it was imported, remove spec.optimize.`
  return {
    reason: verdict.reason,
    message: `${id} gets no traffic: ${verdict.sentence}. ${target.current ? `${target.current.id} serves on.` : 'Nothing serves, since this is the first version.'} ${change} ${unoptimized}`,
    retry: 'never',
  }
}
