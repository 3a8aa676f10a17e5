import { isEnding } from '@gantry/kube/live.ts'
import { Job } from '@gantry/kube/resources.ts'
import { givesWay } from '../evaluating/give-way.ts'
import { converge } from '../runtime/converge.ts'
import type { Finding } from '../runtime/finding.ts'
import { specTooDeep, withoutDepths } from '../runtime/nesting.ts'
import { namespaceEnding } from '../runtime/refusals.ts'
import { report } from '../runtime/report.ts'
import type { Result } from '../runtime/result.ts'
import { firstBlocker } from './blockers.ts'
import { firstObstacle, podStuck, runningPod } from './checks.ts'
import { collect } from './collect.ts'
import { inquire } from './inquire.ts'
import { modelEvaluationKind as kind } from './kind.ts'
import type { ModelEvaluation } from './model-evaluation.ts'
import { nextPass } from './next-pass.ts'
import { evaluationOf, type Inquired, type Observed, observe } from './observe.ts'
import { planOf } from './plan.ts'
import { type NamedSheet, namedSheet } from './pricing.ts'
import { nextStatus } from './status.ts'
import type { World } from './world.ts'

export type { World }

const keyOf = ({ metadata }: ModelEvaluation): string => `${metadata.namespace}/${metadata.name}`

/** Brings the cluster closer to the desired state. @returns what keeps the operator from it */
const act = async (
  world: World,
  observed: Observed,
  sheet: NamedSheet,
  signal: AbortSignal,
): Promise<Finding | undefined> => {
  const { evaluation } = observed
  const blocker = firstBlocker(evaluation, world.config)
  if (blocker) return blocker
  const reports = await collect(world, observed, sheet)
  const rest = world.rests.of(keyOf(evaluation))
  const plan = planOf(observed, world.config, { reports, isResting: rest !== undefined, now: world.now() })
  return (await converge({ ...world, kind }, evaluation, plan, signal)) ?? rest
}

/** Deletes the Job of a pod that cannot start and keeps its node from others. @returns why, with the time of the next attempt */
const giveWay = async (
  { kube, cache, rests, now }: World,
  observed: Inquired,
): Promise<Finding | undefined> => {
  const running = runningPod(observed)
  const finding = podStuck(observed)
  const { name, uid } = running?.due.job?.metadata ?? {}
  if (!running || !finding || name === undefined) return undefined
  if (!givesWay(cache, running.pod, { job: uid, finding, now: now() })) return undefined
  const key = keyOf(observed.evaluation)
  rests.begin(key, finding)
  await kube.remove(Job, observed.evaluation.metadata.namespace, name, uid)
  return rests.of(key)
}

/**
 * One pass over one evaluation: observe, act, observe again, report. It is correct after a crash, a duplicate event or a gap, since
 * its decisions use only what it reads from the cluster. It writes nothing where nothing has to change.
 * @param key namespace/name
 * @throws ReconcileError or ApiError for a fault that may pass by itself
 */
export const reconcile = async (world: World, key: string, signal: AbortSignal): Promise<Result> => {
  const stored = evaluationOf(world.cache, key)
  if (!stored || isEnding(stored)) return { kind: 'settled' } // the garbage collector deletes what it owned
  const claim = await world.claims.claim(world.cache, stored, signal)
  if (claim.kind === 'refused') return { kind: 'waiting', reason: claim.reason, afterMs: claim.afterMs }
  const tooDeep = specTooDeep(claim.object)
  const evaluation = tooDeep ? withoutDepths(claim.object) : claim.object
  const managing = { ...world, kube: world.claims.guard(world.cache, evaluation) }
  const sheet = await namedSheet(world, evaluation)
  const refusal = tooDeep ?? (await act(managing, observe(world, evaluation), sheet, signal))
  if (refusal === namespaceEnding) return { kind: 'settled' }
  const observed = await inquire(world, observe(world, evaluation), sheet)
  const finding = refusal ?? (await giveWay(managing, observed)) ?? firstObstacle(observed)
  const now = world.now()
  const status = nextStatus(observed, finding, now)
  const isStale = await report({ ...world, kind }, evaluation, status, signal)
  return nextPass(observed, finding, { now, isStale })
}
