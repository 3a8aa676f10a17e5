import { setImmediate as macrotask } from 'node:timers/promises'
import type { Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Moves time forward, runs what falls due in order, and lets pending promises settle after each. */
  readonly advance: (ms: number) => Promise<void>
}

/** A clock that stands still until it is told to advance. @param startMs wall time at the start */
export const manualClock = (startMs = Date.UTC(2026, 0, 1)): ManualClock => {
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>()
  let elapsedMs = 0

  const earliest = (until: number) =>
    [...timers].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0]

  const advance = async (ms: number): Promise<void> => {
    const until = elapsedMs + ms
    await macrotask()
    for (let timer = earliest(until); timer; timer = earliest(until)) {
      timers.delete(timer)
      elapsedMs = Math.max(elapsedMs, timer.due)
      timer.callback()
      await macrotask()
    }
    elapsedMs = until
  }
  const after = (ms: number, callback: () => void): (() => void) => {
    const timer = { due: elapsedMs + ms, callback }
    timers.add(timer)
    return () => void timers.delete(timer)
  }
  return { now: () => startMs + elapsedMs, elapsed: () => elapsedMs, after, advance }
}
