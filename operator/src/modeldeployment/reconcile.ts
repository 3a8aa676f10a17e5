import { isEnding } from '@gantry/kube/live.ts'
import { converge, dueChanges } from '../runtime/converge.ts'
import type { Finding } from '../runtime/finding.ts'
import { specTooDeep, withoutDepths } from '../runtime/nesting.ts'
import { namespaceEnding } from '../runtime/refusals.ts'
import { report } from '../runtime/report.ts'
import type { Result } from '../runtime/result.ts'
import { firstBlocker, firstObstacle } from './checks.ts'
import { takeTurn } from './fleet/turn.ts'
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

/** What kept the cluster from the wish, and what of it is left for later. */
type Acted = Pick<Observed, 'heldBack' | 'hold'> & { readonly refusal: Finding | undefined }

const nothing: Acted = { refusal: undefined, heldBack: undefined, hold: undefined }

/** Brings the cluster nearer to the wish. */
const act = async (world: World, observed: Observed, signal: AbortSignal): Promise<Acted> => {
  const { model } = observed
  const blocker = firstBlocker(observed, world.config)
  if (blocker) return { ...nothing, refusal: blocker }
  const { plan, hold } = takeTurn(world, observed, planOf(observed, world.config, world.now()))
  const refusal = await converge({ ...world, kind: modelDeploymentKind }, model, plan, signal)
  return { ...nothing, refusal, hold }
}

/** What the spec of a suspended model asks for is found out, and not done. */
const rest = async (world: World, observed: Observed): Promise<Acted> => {
  const { model } = observed
  const blocker = firstBlocker(observed, world.config)
  if (blocker) return { ...nothing, heldBack: blocker.message }
  const { plan, hold } = takeTurn(world, observed, planOf(observed, world.config, world.now()))
  const due = await dueChanges({ ...world, kind: modelDeploymentKind }, model, plan)
  return { ...nothing, heldBack: due.length > 0 ? `this is not done: ${due.join(', ')}.` : undefined, hold }
}

/** Nothing is done for a spec that cannot be read as a whole. */
const leave = ({ spec }: ModelDeployment, tooDeep: Finding): Acted =>
  spec.suspend ? { ...nothing, heldBack: tooDeep.message } : { ...nothing, refusal: tooDeep }

/** Looks, acts, looks again, tells. */
const passOver = async (world: World, key: string, signal: AbortSignal): Promise<Result> => {
  const stored = modelOf(world, key)
  if (!stored || isEnding(stored)) return { kind: 'settled' } // what it owned goes by its owner references
  const claim = await world.claims.claim(world.cache, stored, signal)
  if (claim.kind === 'refused') return { kind: 'waiting', reason: claim.reason, afterMs: claim.afterMs }
  const tooDeep = specTooDeep(claim.object)
  const model = tooDeep ? withoutDepths(claim.object) : claim.object
  const seen = await observe(world, model)
  const managing = { ...world, kube: world.claims.guard(world.cache, model) }
  const deal = () => (model.spec.suspend ? rest(world, seen) : act(managing, seen, signal))
  const { refusal, heldBack, hold } = tooDeep ? leave(model, tooDeep) : await deal()
  if (refusal === namespaceEnding) return { kind: 'settled' }
  const aside = refusal?.isAside ? refusal : undefined
  const again = { ...(await observe(world, model)), aside, heldBack, hold }
  const observed = await inquire(world, again, signal)
  const finding = (aside ? undefined : refusal) ?? firstObstacle(observed)
  const now = world.now()
  const status = nextStatus(observed, finding, now)
  const isStale = await report({ ...world, kind: modelDeploymentKind }, model, status, signal)
  return nextPass(observed, finding, { now, isStale })
}

/**
 * One pass over one model: look, act, look again, tell. It is right after a crash, a duplicate or a gap, since
 * everything it goes by is read from the cluster, and it writes nothing where nothing is to be changed.
 * @param key namespace/name
 * @throws ReconcileError or ApiError for what only time can mend
 */
export const reconcile = async (world: World, key: string, signal: AbortSignal): Promise<Result> => {
  const { fleet, cache, wake } = world
  let hasFailed = true
  try {
    const result = await passOver(world, key, signal)
    hasFailed = false
    return result
  } finally {
    fleet.conclude(cache, key, { wake, hasFailed })
  }
}
