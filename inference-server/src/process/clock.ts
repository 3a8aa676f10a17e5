/** Time, passed in so that tests can hold it. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  readonly nowMs: () => number
  /** Calls back once after `delayMs`; the returned function cancels. Does not keep the process alive. */
  readonly after: (delayMs: number, callback: () => void) => () => void
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, callback) => {
    // Node warns of a negative delay.
    const timer = setTimeout(callback, Math.max(0, delayMs))
    timer.unref()
    return () => clearTimeout(timer)
  },
}
