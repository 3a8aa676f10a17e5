/**
 * How long a step has lasted. Clocks may jump, and operators may be away, so the time is added up from pass to pass, and a
 * gap counts for no more than passes are apart.
 */
import { timestamp } from '../runtime/condition.ts'
import type { CanaryStatus } from './rollout.ts'

type HeldTime = Pick<CanaryStatus, 'heldSeconds' | 'seenAt'>

/** Seconds that a gap between two passes counts for, at most. */
const mostGapSeconds = 60

export const startedNow = (nowMs: number): HeldTime => ({ heldSeconds: 0, seenAt: timestamp(nowMs) })

/** @param isRunning false in a pause, which counts for nothing */
export const heldUntil = ({ heldSeconds, seenAt }: HeldTime, nowMs: number, isRunning: boolean): HeldTime => {
  const gap = Math.floor((nowMs - Date.parse(seenAt)) / 1000)
  const counted = Number.isNaN(gap) ? 0 : Math.min(Math.max(gap, 0), mostGapSeconds)
  return { heldSeconds: heldSeconds + (isRunning ? counted : 0), seenAt: timestamp(nowMs) }
}
