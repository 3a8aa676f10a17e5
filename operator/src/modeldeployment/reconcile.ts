import { isEnding } from '@gantry/kube/live.ts'
import { converge, dueChanges } from '../runtime/converge.ts'
import type { Finding } from '../runtime/finding.ts'
import { specTooDeep, withoutDepths } from '../runtime/nesting.ts'
import { namespaceEnding } from '../runtime/refusals.ts'
import { report } from '../runtime/report.ts'
import type { Result } from '../runtime/result.ts'
import { firstBlocker, firstObstacle } from './checks.ts'
import { inquire } from './inquire.ts'
import { modelDeploymentKind } from './kind.ts'
import type { ModelDeployment } from './model-deployment.ts'
import { nextPass } from './next-pass.ts'
import { type Observed, observe } from './observe.ts'
import { planOf } from './plan.ts'
import { ModelDeployment as modelDeployments } from './resources.ts'
import { nextStatus } from './status.ts'
import type { World } from './world.ts'

export type { World }

const modelOf = ({ cache }: World, key: string): ModelDeployment | undefined => {
  const [namespace = '', name = ''] = key.split('/')
  return cache.get<ModelDeployment>(modelDeployments, namespace, name)
}

/** Brings the cluster nearer to the wish. @returns what kept it from that */
const act = async (world: World, observed: Observed, signal: AbortSignal): Promise<Finding | undefined> => {
  const { model } = observed
  const blocker = firstBlocker(observed, world.config)
  if (blocker) return blocker
  return converge(
    { ...world, kind: modelDeploymentKind },
    model,
    planOf(observed, world.config, world.now()),
    signal,
  )
}

/** What the spec of a suspended model asks for and is not done. */
const heldBackOf = async (world: World, observed: Observed): Promise<string | undefined> => {
  const { model } = observed
  const blocker = firstBlocker(observed, world.config)
  if (blocker) return blocker.message
  const due = await dueChanges(
    { ...world, kind: modelDeploymentKind },
    model,
    planOf(observed, world.config, world.now()),
  )
  return due.length > 0 ? `this is not done: ${due.join(', ')}.` : undefined
}

/**
 * One pass over one model: look, act, look again, tell. It is right after a crash, a duplicate or a gap, since
 * everything it goes by is read from the cluster, and it writes nothing where nothing is to be changed.
 * @param key namespace/name
 * @throws ReconcileError or ApiError for what only time can mend
 */
export const reconcile = async (world: World, key: string, signal: AbortSignal): Promise<Result> => {
  const stored = modelOf(world, key)
  if (!stored || isEnding(stored)) return { kind: 'settled' } // what it owned goes by its owner references
  const claim = await world.claims.claim(world.cache, stored, signal)
  if (claim.kind === 'refused') return { kind: 'waiting', reason: claim.reason, afterMs: claim.afterMs }
  const tooDeep = specTooDeep(claim.object)
  const model = tooDeep ? withoutDepths(claim.object) : claim.object
  const seen = await observe(world, model)
  const { suspend = false } = model.spec
  const managing = { ...world, kube: world.claims.guard(world.cache, model) }
  const refusal = suspend ? undefined : (tooDeep ?? (await act(managing, seen, signal)))
  if (refusal === namespaceEnding) return { kind: 'settled' }
  const aside = refusal?.isAside ? refusal : undefined
  const heldBack = suspend ? (tooDeep?.message ?? (await heldBackOf(world, seen))) : undefined
  const observed = await inquire(world, { ...(await observe(world, model)), aside, heldBack }, signal)
  const finding = (aside ? undefined : refusal) ?? firstObstacle(observed)
  const now = world.now()
  const status = nextStatus(observed, finding, now)
  const isStale = await report({ ...world, kind: modelDeploymentKind }, model, status, signal)
  return nextPass(observed, finding, { now, isStale })
}
