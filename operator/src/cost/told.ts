/** When a change of a cost is told to the passes, each of which may write a status. Pure. */
import { exceeds, type HourlyCost } from '@gantry/evaluation/hourly-cost.ts'
import { ceilingOf } from './budget.ts'
import type { CostedModel, KnownCost, ModelCost } from './world.ts'

/** A measurement that differs less from what was told before is the same for people. */
const tellingShare = 0.1
/** Time between two changes of the numbers alone. */
const leastMs = 600_000

const isFar = (before: number, now: number, total: number): boolean =>
  exceeds(Math.abs(before - now), total * tellingShare)

/** Whether one of the parts differs by a tenth of the total or more. */
export const isOther = (before: HourlyCost, now: HourlyCost): boolean => {
  const total = Math.max(before.total, now.total)
  return (['base', 'hardware', 'inference'] as const).some((part) => isFar(before[part], now[part], total))
}

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
    return shown && !isOther(shown, now.cost) ? { ...now, cost: shown } : now
  }
  if (decidesOtherwise(model, before, now)) return now
  return ageMs >= leastMs && isOther(before.cost, now.cost) ? now : before
}
