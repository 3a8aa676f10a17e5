import { isEnding } from '@gantry/kube/live.ts'
import { converge } from '../runtime/converge.ts'
import type { Finding } from '../runtime/finding.ts'
import { specTooDeep, withoutDepths } from '../runtime/nesting.ts'
import { namespaceEnding } from '../runtime/refusals.ts'
import { report } from '../runtime/report.ts'
import type { Result } from '../runtime/result.ts'
import { firstBlocker } from './blockers.ts'
import { firstObstacle } from './checks.ts'
import { collect } from './collect.ts'
import { inquire } from './inquire.ts'
import { modelEvaluationKind as kind } from './kind.ts'
import { nextPass } from './next-pass.ts'
import { evaluationOf, type Observed, observe } from './observe.ts'
import { planOf } from './plan.ts'
import { nextStatus } from './status.ts'
import type { World } from './world.ts'

export type { World }

/** Brings the cluster closer to the desired state. @returns what keeps the operator from it */
const act = async (world: World, observed: Observed, signal: AbortSignal): Promise<Finding | undefined> => {
  const { evaluation } = observed
  const blocker = firstBlocker(evaluation, world.config)
  if (blocker) return blocker
  const reports = await collect(world, observed)
  const plan = planOf(observed, world.config, reports, world.now())
  return converge({ ...world, kind }, evaluation, plan, signal)
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
  const refusal = tooDeep ?? (await act(managing, observe(world, evaluation), signal))
  if (refusal === namespaceEnding) return { kind: 'settled' }
  const observed = await inquire(world, observe(world, evaluation))
  const finding = refusal ?? firstObstacle(observed)
  const now = world.now()
  const status = nextStatus(observed, finding, now)
  const isStale = await report({ ...world, kind }, evaluation, status, signal)
  return nextPass(observed, finding, { now, isStale })
}
