/** When requests run out of time: one deadline for all of them, and earlier ones that callers ask for. */

import { Failure } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import { createArrivals } from './arrivals.ts'
import type { Entry } from './submission.ts'

export interface Deadlines {
  /** @param ownTimeoutMs a deadline of its own, which counts where it is the earlier one */
  readonly watch: (entry: Entry, ownTimeoutMs: number | undefined) => void
  /** Requests that wait or run. */
  readonly pending: () => number
}

export interface DeadlinesOptions {
  readonly timeoutMs: number
  readonly clock: Clock
  readonly expire: (entry: Entry, failure: Failure) => void
}

const timedOut = (timeoutMs: number): Failure =>
  new Failure('timeout', `no result within ${timeoutMs / 1000} s; send fewer rows or try again later`)

const ownTimeoutPassed = (timeoutMs: number): Failure =>
  new Failure(
    'timeout',
    `no result within ${Math.round(timeoutMs * 1000)} microseconds, the timeout of the request; give it more time, or send fewer rows`,
    { asked: true },
  )

export const createDeadlines = ({ timeoutMs, clock, expire }: DeadlinesOptions): Deadlines => {
  const pending = createArrivals<Entry>()
  let cancelTimer: (() => void) | undefined

  /** One timer, for the oldest request: all have the same time to live, and `pending` keeps the order of arrival. */
  const setTimer = (): void => {
    if (cancelTimer) return
    const oldest = pending.oldest()
    if (!oldest) return
    cancelTimer = clock.after(oldest.submittedMs + timeoutMs - clock.nowMs(), () => {
      cancelTimer = undefined
      const dueMs = clock.nowMs() - timeoutMs
      for (let entry = pending.oldest(); entry && entry.submittedMs <= dueMs; entry = pending.oldest()) {
        expire(entry, timedOut(timeoutMs))
      }
      setTimer()
    })
  }

  return {
    watch: (entry, ownTimeoutMs) => {
      const leave = pending.add(entry)
      entry.leave = leave
      if (ownTimeoutMs !== undefined && ownTimeoutMs < timeoutMs) {
        // Few requests have one, so each has a timer of its own.
        const cancel = clock.after(ownTimeoutMs, () => expire(entry, ownTimeoutPassed(ownTimeoutMs)))
        entry.leave = () => {
          cancel()
          leave()
        }
      }
      setTimer()
    },
    pending: pending.size,
  }
}
