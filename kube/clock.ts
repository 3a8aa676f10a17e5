/** Time as the runtime uses it, so that tests can hold it still. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. May jump; only for times that others read. */
  readonly now: () => number
  /** Milliseconds since some start. Never jumps back; for every wait and every deadline. */
  readonly elapsed: () => number
  /** Calls back once after `ms` milliseconds, unless the function it answers with is called before. */
  readonly after: (ms: number, callback: () => void) => () => void
}

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
})

/** Resolves after `ms` milliseconds, or at once when the signal fires; the caller looks at the signal. */
export const sleep = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const wake = (): void => {
      cancel()
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.after(ms, wake)
    signal.addEventListener('abort', wake)
  })
