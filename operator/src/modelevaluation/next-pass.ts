import { nextAttemptAt } from '../jobs/step.ts'
import { shareOfAge } from '../runtime/age.ts'
import type { Finding } from '../runtime/finding.ts'
import { type Result, waiting } from '../runtime/result.ts'
import { waitingObjects } from './inquire.ts'
import type { Observed } from './observe.ts'
import { dueOf } from './plan.ts'
import { lookAgainMs } from './pricing.ts'
import { measuringKind } from './standing.ts'

/** Time between reads of Events, which are not watched; others may wait for the node. */
const firstEventsMs = 10_000
const longestEventsMs = 60_000
const staleMs = 200
/** Time until an attempt that is due but has to wait for another pod. */
const soonestMs = 1_000

const untilRetry = (observed: Observed, now: number): number | undefined => {
  const times = dueOf(observed).flatMap((due) =>
    due.job ? (nextAttemptAt(measuringKind(due), due.job, observed.pods) ?? []) : [],
  )
  return times.length === 0 ? undefined : Math.max(Math.min(...times) - now, soonestMs)
}

/** Time of the next pass. Watches show every change of an object, so only what they do not show needs one. */
export const nextPass = (
  observed: Observed,
  finding: Finding | undefined,
  { now, isStale }: { readonly now: number; readonly isStale: boolean },
): Result => {
  if (isStale) return waiting('EvaluationChanged', staleMs)
  const { spec } = observed.evaluation
  const isPriced = spec.costModel?.prices !== undefined
  const prices: Result = isPriced ? waiting('PricesMayChange', lookAgainMs) : { kind: 'settled' }
  if (spec.suspend) return prices
  if (finding?.afterMs !== undefined) return waiting(finding.reason, finding.afterMs)
  const retryMs = untilRetry(observed, now)
  if (retryMs !== undefined) return waiting(finding?.reason ?? 'Measuring', retryMs)
  const waiters = waitingObjects(observed)
  return waiters.length > 0
    ? waiting(finding?.reason ?? 'EventsDue', shareOfAge(waiters, now, [firstEventsMs, longestEventsMs]))
    : prices
}
