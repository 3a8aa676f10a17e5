/** What spec.budget means for the number of pods, and when it counts as exceeded. Pure. */
import { exceeds } from '@gantry/evaluation/hourly-cost.ts'
import type { KnownCost, ReplicaBounds } from './world.ts'

/**
 * Most pods that the budget allows, within the bounds of spec. Storage is paid before the first pod. Requests do not count: they
 * cost the same on one pod as on many.
 */
export const ceilingOf = (
  budget: number,
  { cost, perPod }: Pick<KnownCost, 'cost' | 'perPod'>,
  { min, max }: ReplicaBounds,
): number => {
  const least = Math.max(min, 1)
  if (perPod === undefined || !exceeds(perPod, 0)) return max
  let allowed = Math.floor((budget - cost.base) / perPod)
  // The division may end just below a whole number.
  if (!exceeds(cost.base + (allowed + 1) * perPod, budget)) allowed += 1
  return Math.min(Math.max(allowed, least), max)
}

/** A sum is within the budget again at this share of it, so that one that moves around the budget changes nothing. */
const returnShare = 0.95
/** The pods of a rollout stand beside those that they replace for some minutes. A budget is exceeded by what lasts longer. */
const lastingMs = 300_000

export interface Total {
  readonly total: number
  readonly at: number
}

/** The totals that the next decision looks at. */
export const recent = (totals: readonly Total[], next: Total): readonly Total[] => {
  const all = [...totals, next]
  // One that is older than the time stays, so that the rest is known to last as long.
  const since = all.findLastIndex(({ at }) => next.at - at >= lastingMs)
  return since > 0 ? all.slice(since) : all
}

/** Whether a budget is exceeded. @param was what held before; undefined decides by the last total alone */
export const isOver = (budget: number, totals: readonly Total[], was: boolean | undefined): boolean => {
  const [first, last] = [totals[0], totals.at(-1)]
  if (!first || !last) return was ?? false
  if (was === undefined) return exceeds(last.total, budget)
  if (last.at - first.at < lastingMs) return was
  const limit = was ? budget * returnShare : budget
  const isEvery = totals.every(({ total }) => exceeds(total, limit) !== was)
  return isEvery ? !was : was
}
