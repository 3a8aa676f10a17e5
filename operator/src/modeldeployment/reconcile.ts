import { isEnding } from '@gantry/kube/live.ts'
import { Job } from '@gantry/kube/resources.ts'
import { givesWay } from '../evaluating/give-way.ts'
import { converge, dueChanges } from '../runtime/converge.ts'
import type { Finding } from '../runtime/finding.ts'
import { specTooDeep, withoutDepths } from '../runtime/nesting.ts'
import { namespaceEnding } from '../runtime/refusals.ts'
import { report } from '../runtime/report.ts'
import type { Result } from '../runtime/result.ts'
import { sleepingOf } from './asleep.ts'
import { stuckPod } from './checks/evaluation.ts'
import { keptUnknown } from './checks/import.ts'
import { firstBlocker, firstObstacle } from './checks.ts'
import { takeTurn } from './fleet/turn.ts'
import { inquire } from './inquire.ts'
import { modelDeploymentKind } from './kind.ts'
import type { ModelDeployment } from './model-deployment.ts'
import { nextPass } from './next-pass.ts'
import { modelOf, type Observed, observe } from './observe.ts'
import { clearPodSlices, findPath } from './path/find-path.ts'
import { keepPath } from './path/keep-path.ts'
import { planOf } from './plan.ts'
import { routeTrouble } from './routing/trouble.ts'
import { scalingTrouble } from './scaling/trouble.ts'
import { nextStatus } from './status.ts'
import { rolloutOf, trialOf } from './trial.ts'
import type { World } from './world.ts'

export type { World }

/** What kept the operator from reaching the desired state, and what it left for later. */
type Acted = Pick<Observed, 'suspendedChange' | 'hold'> & { readonly refusal: Finding | undefined }

const nothing: Acted = { refusal: undefined, suspendedChange: undefined, hold: undefined }

/** Brings the cluster closer to the desired state. */
const act = async (world: World, observed: Observed, signal: AbortSignal): Promise<Acted> => {
  const { model } = observed
  const blocker = firstBlocker(observed, world.config)
  if (blocker) {
    await keepPath({ ...world, kind: modelDeploymentKind }, observed, signal)
    return { ...nothing, refusal: blocker }
  }
  const { plan, hold } = takeTurn(world, observed, planOf(observed, world.config, world.now()))
  const refusal = await converge({ ...world, kind: modelDeploymentKind }, model, plan, signal)
  return { ...nothing, refusal, hold }
}

/** Finds out what the spec of a suspended model asks for, without doing it. */
const rest = async (world: World, observed: Observed): Promise<Acted> => {
  const { model } = observed
  const blocker = firstBlocker(observed, world.config)
  if (blocker) return { ...nothing, suspendedChange: blocker.message }
  const { plan, hold } = takeTurn(world, observed, planOf(observed, world.config, world.now()))
  const due = await dueChanges({ ...world, kind: modelDeploymentKind }, model, plan)
  return {
    ...nothing,
    suspendedChange: due.length > 0 ? `this is not done: ${due.join(', ')}.` : undefined,
    hold,
  }
}

/** Leaves everything as it is where the spec cannot be read as a whole. */
const leave = ({ spec }: ModelDeployment, tooDeep: Finding): Acted =>
  spec.suspend ? { ...nothing, suspendedChange: tooDeep.message } : { ...nothing, refusal: tooDeep }

/** Deletes the evaluation whose pod cannot start and keeps its node from others. It is made again a minute later. */
const giveWay = async ({ kube, cache, rests, now }: World, observed: Observed): Promise<void> => {
  const { name, namespace } = observed.model.metadata
  const { evaluateJob: job } = observed
  const stuck = stuckPod(observed)
  if (!stuck || !job || observed.model.spec.suspend) return
  if (!givesWay(cache, stuck.pod, { job: job.metadata.uid, finding: stuck.finding, now: now() })) return
  rests.begin(`${namespace}/${name}`, stuck.finding)
  await kube.remove(Job, namespace, job.metadata.name, job.metadata.uid)
}

/** Asks the gateways, or the pods behind a route, where spec asks for a rollout by canary, and plans it. */
const tryOut = async ({ gateways, routes, now }: World, observed: Observed, signal: AbortSignal) => {
  const rollout = rolloutOf(observed.model)
  if (!rollout) return undefined
  const counted = await (rollout.routing ? routes.counts(observed, rollout, signal) : gateways(signal))
  return trialOf(observed, counted, now())
}

/** Observes, acts, observes again and reports. */
const passOver = async (world: World, key: string, signal: AbortSignal): Promise<Result> => {
  const stored = modelOf(world.cache, key)
  if (!stored || isEnding(stored)) return { kind: 'settled' } // the garbage collector deletes what it owned
  const claim = await world.claims.claim(world.cache, stored, signal)
  if (claim.kind === 'refused') return { kind: 'waiting', reason: claim.reason, afterMs: claim.afterMs }
  const tooDeep = specTooDeep(claim.object)
  const model = tooDeep ? withoutDepths(claim.object) : claim.object
  const found = await observe(world, model)
  const sleep = sleepingOf(found, world.demanded(key), world.now())
  const first = { ...found, sleep }
  const trial = model.spec.suspend || tooDeep ? undefined : await tryOut(world, first, signal)
  const path = await findPath(world, { ...first, trial }, signal)
  const seen = { ...first, trial, path }
  const managing = { ...world, kube: world.claims.guard(world.cache, model) }
  const deal = () => (model.spec.suspend ? rest(world, seen) : act(managing, seen, signal))
  if (tooDeep || model.spec.suspend) await keepPath({ ...managing, kind: modelDeploymentKind }, seen, signal)
  const { refusal, suspendedChange, hold } = tooDeep ? leave(model, tooDeep) : await deal()
  if (refusal === namespaceEnding) return { kind: 'settled' }
  const seenAgain = await observe(world, model)
  const left = refusal?.isNonBlocking ? refusal : undefined
  const degradation =
    left ??
    routeTrouble(seenAgain) ??
    scalingTrouble(seenAgain, world.config.triggerAuthentications) ??
    keptUnknown(seenAgain)
  const again = { ...seenAgain, sleep, trial, path, degradation, suspendedChange, hold }
  if (!model.spec.suspend) await clearPodSlices(managing, again)
  const observed = await inquire(world, again, signal)
  await giveWay(managing, observed)
  const finding = (left ? undefined : refusal) ?? firstObstacle(observed)
  const now = world.now()
  const status = nextStatus(observed, finding, now)
  const isStale = await report({ ...world, kind: modelDeploymentKind }, model, status, signal)
  return nextPass(observed, finding, { now, isStale })
}

/**
 * One pass over one model: observe, act, observe again, report. It is correct after a crash, a duplicate event or a gap, since
 * its decisions use only what it reads from the cluster. It writes nothing where nothing has to change.
 * @param key namespace/name
 * @throws ReconcileError or ApiError for a fault that may pass by itself
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
