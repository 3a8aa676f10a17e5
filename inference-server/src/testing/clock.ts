import type { Clock } from '../process/clock.ts'

export interface ManualClock extends Clock {
  /** Moves time, calling back what falls due on the way, in order. */
  readonly advance: (byMs: number) => void
  /** Timers that have neither fired nor been cancelled. */
  readonly timers: () => number
}

export const manualClock = (): ManualClock => {
  let nowMs = 0
  const timers = new Set<{ readonly atMs: number; readonly callback: () => void }>()
  const due = (untilMs: number) =>
    [...timers].filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.atMs - other.atMs)[0]
  return {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { atMs: nowMs + delayMs, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    timers: () => timers.size,
    advance: (byMs) => {
      const untilMs = nowMs + byMs
      for (let timer = due(untilMs); timer; timer = due(untilMs)) {
        timers.delete(timer)
        nowMs = Math.max(nowMs, timer.atMs)
        timer.callback()
      }
      nowMs = untilMs
    },
  }
}
