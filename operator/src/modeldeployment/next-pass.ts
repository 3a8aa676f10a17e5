import type { LogReason } from '@gantry/contract/reasons.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { nextAttemptAt } from '../jobs/step.ts'
import type { Finding } from '../runtime/finding.ts'
import { type Result, waiting } from '../runtime/result.ts'
import { asksForGpu } from './conditions.ts'
import { importKind } from './importing.ts'
import { silent } from './inquire.ts'
import type { Observed } from './observe.ts'
import { readyPods } from './rollout.ts'
import { stageOf } from './stage.ts'

/** Events are not watched: soon while a wait is young, then ever more rarely, a fifth of its age from one look to the next. */
const firstEventsMs = 10_000
const longestEventsMs = 300_000
const ageShare = 1 / 5
/** Neither is what a server answers. Pods that never answer take two seconds of each pass, so they are asked ever more rarely. */
const firstAnswerMs = 2_000
const longestAnswerMs = 60_000
/** Nor that a server moves to the CPU later on, when the GPU's memory has run out: its pod stays ready. One GET per pod and no write. */
const acceleratorIntervalMs = 60_000
const staleMs = 200
/** An attempt that is due but has to wait for another import's pod. */
const soonestMs = 1_000

/** A model that waits for its turn is woken when that comes; this is for a cluster where all that rolls is gone unseen. */
const fleetRollMs = 60_000

const untilRetry = ({ job, wish, importPods }: Observed, now: number): number | undefined => {
  if (!job || wish.kind !== 'import') return undefined
  const at = nextAttemptAt(importKind, job, importPods)
  return at === undefined ? undefined : Math.max(at - now, soonestMs)
}

/** A share of the age of the youngest of them, within the two limits. */
const byAge = (
  objects: readonly KubernetesObject[],
  now: number,
  [firstMs, longestMs]: readonly [number, number],
): number => {
  const times = objects.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? '') || 0)
  const youngest = Math.max(...times, 0)
  return Math.min(Math.max((now - youngest) * ageShare, firstMs), longestMs)
}

/** Either way: a server also finds back to the GPU, when a worker of it is replaced. */
const mayChangeDevice = ({ model, answers }: Observed): boolean =>
  asksForGpu(model) || [...answers.values()].some(({ device }) => device.active === 'cuda')

const sooner = (result: Result, reason: LogReason, afterMs: number): Result =>
  result.kind === 'waiting' && result.afterMs <= afterMs ? result : waiting(reason, afterMs)

/** A refused object that everything goes on without, and a wait for the model's turn, are looked at again at times of their own. */
export const nextPass = (
  observed: Observed,
  finding: Finding | undefined,
  at: { readonly now: number; readonly isStale: boolean },
): Result => {
  const { aside, hold, model } = observed
  const look = nextLook(observed, finding, at)
  const retry = aside?.afterMs === undefined ? look : sooner(look, aside.reason, aside.afterMs)
  return hold && !model.spec.suspend ? sooner(retry, 'FleetRollWaiting', fleetRollMs) : retry
}

/** When to look again: watches bring every change of an object, so only for what they do not show. */
const nextLook = (
  observed: Observed,
  finding: Finding | undefined,
  { now, isStale }: { readonly now: number; readonly isStale: boolean },
): Result => {
  if (isStale) return waiting('ModelChanged', staleMs)
  if (observed.model.spec.suspend) return { kind: 'settled' }
  if (finding?.afterMs !== undefined) return waiting(finding.reason, finding.afterMs)
  const retryMs = untilRetry(observed, now)
  if (retryMs !== undefined) return waiting(finding?.reason ?? 'ImportFailed', retryMs)
  const waiters = silent(observed)
  if (waiters.length > 0)
    return waiting(finding?.reason ?? 'EventsDue', byAge(waiters, now, [firstEventsMs, longestEventsMs]))
  const stage = stageOf(observed)
  if (stage.kind === 'notAnswering') {
    return waiting(stage.reason, byAge(readyPods(observed), now, [firstAnswerMs, longestAnswerMs]))
  }
  return stage.kind === 'ready' && mayChangeDevice(observed)
    ? waiting('AcceleratorMayChange', acceleratorIntervalMs)
    : { kind: 'settled' }
}
