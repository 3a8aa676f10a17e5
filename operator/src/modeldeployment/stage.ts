/** The progress of a model while no check finds a fault. */
import type { Reason } from '@gantry/contract/reasons.ts'
import type { Version } from './model-deployment.ts'
import { deployedVersionOf, type Observed, standing, versionIdOf } from './observe.ts'
import { desiredReplicas } from './replicas.ts'
import { isRolledOut, readyPods, readyPodsOf, wasRolledOut } from './rollout.ts'

const stageReasons = {
  importing: 'Importing',
  rollingOut: 'RollingOut',
  podsNotReady: 'PodsNotReady',
  notAnswering: 'NotAnswering',
  scaledToZero: 'ScaledToZero',
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

const nameOf = ({ id, label }: Version): string => (label ? `${id} (${label})` : id)
const pods = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`)

const importing = ({ target, importPods, job }: Observed): Stage => {
  const source =
    target.kind === 'import' && target.current ? `; ${nameOf(target.current)} serves meanwhile` : ''
  const other = job ? undefined : importPods.find(({ status }) => status?.phase === 'Running')
  const what = other
    ? `Waiting for pod ${other.metadata.name} of an earlier import to end`
    : 'The source is being imported to the volume'
  return stage('importing', `${what}${source}.`)
}

/**
 * The number of ready pods is a column of `kubectl get`, and not part of the message: each step of a rollout would be a write of the status,
 * and a line of `kubectl get -w`, for the message alone.
 */
const rollingOut = (observed: Observed, version: Version): Stage => {
  const desired = pods(desiredReplicas(observed.model))
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

/** @returns the stage that the model has reached */
export const stageOf = (observed: Observed): Stage => {
  const { model, target } = observed
  if (target.kind !== 'serve') return importing(observed)
  const { version } = target
  if (deployedVersionOf(standing(observed)) !== version.id || !isRolledOut(observed)) {
    return rollingOut(observed, version)
  }
  if (desiredReplicas(model) === 0) {
    return stage('scaledToZero', `No pod is desired for ${nameOf(version)}: spec.replicas is 0.`)
  }
  const count = readyPodsOf(observed, version.id).length
  return (
    notAnswering(observed, version) ??
    stage('ready', `${nameOf(version)} serves on ${pods(count)}.${runsAlone(observed)}`)
  )
}
