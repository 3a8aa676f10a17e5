/** When a change of a cost is told to the passes, each of which may write a status. Pure. */
import { exceeds, type HourlyCost } from '@gantry/evaluation/hourly-cost.ts'
import { ceilingOf } from './budget.ts'
import type { CostedModel, KnownCost, ModelCost } from './world.ts'

/** A measurement that differs less from what was told before is the same for people. */
const tellingShare = 0.1
/** Traffic moves all the time: time between two changes that only tell how much. */
const leastMs = 600_000

type Part = keyof Omit<HourlyCost, 'total'>

/** Whether one of the parts differs by a tenth of the total or more. */
const isOther = (before: HourlyCost, now: HourlyCost, parts: readonly Part[]): boolean => {
  const least = Math.max(before.total, now.total) * tellingShare
  return parts.some((part) => exceeds(Math.abs(before[part] - now[part]), least))
}

/** Volumes and pods, whose changes are written anyway. */
const things: readonly Part[] = ['base', 'hardware']
const all: readonly Part[] = [...things, 'inference']

const ceiling = ({ budget, bounds }: CostedModel, cost: KnownCost): number | undefined =>
  budget === undefined || !bounds ? undefined : ceilingOf(budget, cost, bounds)

/** Whether a pass would decide something else. */
const decidesOtherwise = (model: CostedModel, before: KnownCost, now: KnownCost): boolean =>
  before.currency !== now.currency ||
  before.over?.is !== now.over?.is ||
  before.over?.budget !== now.over?.budget ||
  ceiling(model, before) !== ceiling(model, now)

/**
 * What is told from now on.
 * @param ageMs time since the numbers changed last
 */
export const nextTold = (model: CostedModel, before: ModelCost, now: KnownCost, ageMs: number): KnownCost => {
  if (before.kind !== 'known') {
    const { shown } = model
    // An operator that has just started goes on from what the status says.
    return shown && !isOther(shown, now.cost, all) ? { ...now, cost: shown } : now
  }
  if (decidesOtherwise(model, before, now) || isOther(before.cost, now.cost, things)) return now
  return ageMs >= leastMs && isOther(before.cost, now.cost, all) ? now : before
}
