/** The progress of a model while no check finds a fault. */
import type { Reason } from '@gantry/contract/reasons.ts'
import { isOwnedBy, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import type { Version } from './model-deployment.ts'
import { deployedVersionOf, type Observed, standing, versionIdOf } from './observe.ts'
import { desiredReplicas } from './replicas.ts'
import { isRolledOut, readyPods, readyPodsOf, wasRolledOut } from './rollout.ts'
import { asksToShare, totalPods } from './shared-pods.ts'
import { triedOn } from './trial.ts'

const stageReasons = {
  importing: 'Importing',
  optimizing: 'Optimizing',
  evaluating: 'Evaluating',
  waiting: 'WaitingForEvaluation',
  canaryStarting: 'CanaryStarting',
  canaryProgressing: 'CanaryProgressing',
  canaryPaused: 'CanaryPaused',
  rollingOut: 'RollingOut',
  podsNotReady: 'PodsNotReady',
  notAnswering: 'NotAnswering',
  scaledToZero: 'ScaledToZero',
  asleep: 'Asleep',
  ready: 'Ready',
} as const satisfies Readonly<Record<string, Reason>>

export interface Stage {
  readonly kind: keyof typeof stageReasons
  readonly reason: Reason
  readonly message: string
}

const stage = (kind: Stage['kind'], message: string): Stage => ({
  kind,
  reason: stageReasons[kind],
  message,
})

const nameOf = ({ id, label }: Pick<Version, 'id' | 'label'>): string => (label ? `${id} (${label})` : id)
const pods = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`)

const meanwhile = (current: Pick<Version, 'id' | 'label'> | undefined): string =>
  current ? `; ${nameOf(current)} serves meanwhile` : ''

/** A pod of another Job that still writes to the volume. */
const otherWriter = (
  { importPods, optimizePods, evaluatePods }: Observed,
  job: LiveJob | undefined,
): LivePod | undefined =>
  job
    ? undefined
    : [...importPods, ...optimizePods, ...evaluatePods].find(({ status }) => status?.phase === 'Running')

const importing = (observed: Observed): Stage => {
  const { target, job } = observed
  const current = target.kind === 'import' ? target.current : undefined
  const other = otherWriter(observed, job)
  const what = other
    ? `Waiting for pod ${other.metadata.name} of an earlier import or evaluation to end`
    : 'The source is being imported to the volume'
  return stage('importing', `${what}${meanwhile(current)}.`)
}

/** Which of its containers runs, in words. */
const progressOf = ({ model, optimizeJob, optimizePods }: Observed): string => {
  const pod = optimizeJob && optimizePods.find((one) => isOwnedBy(one, optimizeJob.metadata.uid))
  const running = pod?.status?.initContainerStatuses?.find(({ state }) => state?.running)?.name
  switch (running) {
    case 'samples':
      return 'its samples are being read'
    case 'export':
      return 'a graph is being made of it'
    case 'optimize':
      return model.spec.optimize?.distill ? 'a student of it is being trained' : 'the optimizer runs'
    default:
      return 'it is being optimized'
  }
}

const optimizing = (
  observed: Observed,
  { parent, current }: Extract<Observed['target'], { kind: 'optimize' }>,
): Stage => {
  const other = otherWriter(observed, observed.optimizeJob)
  const what = other
    ? `Waiting for pod ${other.metadata.name} of an earlier Job to end`
    : `${nameOf(parent)} is on the volume, and ${progressOf(observed)}`
  return stage('optimizing', `${what}${meanwhile(current)}.`)
}

const evaluating = (
  observed: Observed,
  { version, current }: Extract<Observed['target'], { kind: 'evaluate' }>,
): Stage => {
  const { asked, evaluateJob } = observed
  const rest = meanwhile(current ?? asked?.question.compared?.version)
  if (asked?.isAnswered)
    return stage('evaluating', `${nameOf(version)} is measured, and waits for the prices${rest}.`)
  const other = otherWriter(observed, evaluateJob)
  const what = other
    ? `Waiting for pod ${other.metadata.name} of an earlier import or evaluation to end`
    : `${nameOf(version)} is being measured before it gets any traffic`
  return stage('evaluating', `${what}${rest}.`)
}

/** A candidate that its ModelEvaluation does not name any more serves on. */
const formerWinner = ({ origin }: Observed): string => {
  if (origin.kind !== 'none' || !origin.last) return ''
  const { evaluation, candidate } = origin.last
  return ` It is candidate ${candidate} of ModelEvaluation ${evaluation}, which names none now, so it stays.`
}

/**
 * The number of ready pods is a column of `kubectl get`, and not part of the message: each step of a rollout would be a write of the status,
 * and a line of `kubectl get -w`, for the message alone.
 */
const rollingOut = (observed: Observed, version: Version): Stage => {
  const desired = pods(desiredReplicas(observed))
  if (wasRolledOut(observed)) {
    return stage(
      'podsNotReady',
      `Not all of ${desired} of ${nameOf(version)} are ready; the others start or recover.`,
    )
  }
  const [other] = readyPods(observed).map(versionIdOf)
  const isServing = readyPodsOf(observed, version.id).length > 0
  const rest = isServing || other === undefined ? '' : `; ${other} serves meanwhile`
  return stage('rollingOut', `${nameOf(version)} is being rolled out to ${desired}${rest}.`)
}

/** The version that ready pods report decides, rather than the one in their template. */
const notAnswering = (observed: Observed, version: Version): Stage | undefined => {
  const ready = readyPodsOf(observed, version.id)
  const served = ready.flatMap(({ metadata }) => observed.answers.get(metadata.name)?.version ?? [])
  const other = served.find((id) => id !== version.id)
  if (other !== undefined) {
    return stage('notAnswering', `A ready pod answers with version ${other} instead of ${version.id}.`)
  }
  if (served.length > 0) return undefined
  return stage(
    'notAnswering',
    `${pods(ready.length)} of ${nameOf(version)} do not tell the operator what they serve; if that stays so, check that network policies let the operator reach them.`,
  )
}

/** Requests that are not batched are slower under load. That is no failure, but the message gives users the cause. */
const runsAlone = ({ model, answers }: Observed): string => {
  const { rows, maxRows } = model.spec.serve?.batching ?? {}
  if (rows === 'alone' || maxRows === 1) return ''
  const found = [...answers.values()].find(({ batching }) => batching?.batched === false)?.batching
  return found ? ` Requests run one by one (rows are ${found.rows}): ${found.reason}.` : ''
}

/** The version that serves has fewer pods with `surge: 0`: those of the canary are taken from it. */
const onItsPods = (observed: Observed): string => {
  const tried = triedOn(observed)
  return tried && asksToShare(observed.model)
    ? `, and has given it ${tried.count} of ${pods(totalPods(observed))} (surge: 0)`
    : ''
}

/** A version that is being tried beside the one that serves. */
const trying = (observed: Observed, version: Version): Stage | undefined => {
  const { trial, model } = observed
  if (trial?.kind !== 'run') return undefined
  const { weight, step } = trial.canary
  const rest = `${model.status?.activeVersion} has the others${onItsPods(observed)}`
  switch (trial.hold) {
    case 'Starting':
    case 'CanaryNotReady':
    case 'CanaryStarved':
      return stage(
        'canaryStarting',
        `The pods of ${nameOf(version)} start; ${model.status?.activeVersion} serves meanwhile${onItsPods(observed)}.`,
      )
    case 'Paused':
      return stage('canaryPaused', `${nameOf(version)} stays at ${weight} % of the requests; ${rest}.`)
    case 'RouteNotReady':
    case 'Holding':
    case 'MovingPods':
    case 'Advancing':
      return stage(
        'canaryProgressing',
        `${nameOf(version)} has ${weight} % of the requests (step ${step}); ${rest}.`,
      )
  }
}

/** @returns the stage that the model has reached */
export const stageOf = (observed: Observed): Stage => {
  const { target } = observed
  if (target.kind === 'optimize') return optimizing(observed, target)
  if (target.kind === 'evaluate') return evaluating(observed, target)
  if (target.kind === 'wait') return stage('waiting', target.finding.message)
  if (target.kind !== 'serve') return importing(observed)
  const { version } = target
  const trial = trying(observed, version)
  if (trial) return trial
  if (deployedVersionOf(standing(observed)) !== version.id || !isRolledOut(observed)) {
    return rollingOut(observed, version)
  }
  if (observed.sleep?.kind === 'asleep')
    return stage(
      'asleep',
      `${nameOf(version)} sleeps since ${observed.sleep.since}; a request by the gateway wakes it.`,
    )
  if (desiredReplicas(observed) === 0) {
    return stage('scaledToZero', `No pod is desired for ${nameOf(version)}: spec.replicas is 0.`)
  }
  const count = readyPodsOf(observed, version.id).length
  return (
    notAnswering(observed, version) ??
    stage(
      'ready',
      `${nameOf(version)} serves on ${pods(count)}.${formerWinner(observed)}${runsAlone(observed)}`,
    )
  )
}
