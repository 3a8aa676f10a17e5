import { type Backoff, backoffMs } from './backoff.ts'
import type { Clock } from './clock.ts'

/**
 * Keys that want a pass. A key is in the queue at most once and with one worker at most; added while a worker has
 * it, it comes again when that worker is done. At most one timer waits per key, the earliest one, and it is dropped
 * when the key is taken: the pass looks at everything anyway and says when it wants to be back.
 */
export interface WorkQueue {
  readonly add: (key: string) => void
  readonly addAfter: (key: string, delayMs: number) => void
  /** Adds the key after its backoff, which grows until `forget`. Answers with the delay in milliseconds. */
  readonly retry: (key: string, atLeastMs?: number) => number
  /** Resets the backoff of a key. */
  readonly forget: (key: string) => void
  /** The next key, or undefined once the signal has fired. Each key that is taken must be given back with `done`. */
  readonly take: (signal: AbortSignal) => Promise<string | undefined>
  readonly done: (key: string) => void
  /** Keys that could be taken now. */
  readonly length: () => number
}

const retryBackoff: Backoff = { minMs: 500, maxMs: 300_000 }

/** One timer at most waits per key: the earliest one. */
const keyTimers = (clock: Clock, onDue: (key: string) => void) => {
  const timers = new Map<string, { readonly due: number; readonly cancel: () => void }>()
  const drop = (key: string): void => {
    timers.get(key)?.cancel()
    timers.delete(key)
  }
  const start = (key: string, delayMs: number): void => {
    const due = clock.elapsed() + delayMs
    if ((timers.get(key)?.due ?? Number.POSITIVE_INFINITY) <= due) return
    drop(key)
    const fire = (): void => {
      timers.delete(key)
      onDue(key)
    }
    timers.set(key, { due, cancel: clock.after(delayMs, fire) })
  }
  return { start, drop }
}

/** Workers that wait for a key, longest first. */
const waitingWorkers = () => {
  const wakes = new Set<() => void>()
  /** Resolves when it is this worker's turn, or the signal has fired. */
  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        wakes.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      wakes.add(wake)
      signal.addEventListener('abort', wake)
    })
  const wakeOne = (): void => {
    const [wake] = wakes
    wake?.()
  }
  return { wait, wakeOne }
}

export const workQueue = (clock: Clock, backoff: Backoff = retryBackoff): WorkQueue => {
  const ready = new Set<string>() // insertion order is the order of work
  const working = new Set<string>()
  const again = new Set<string>() // added while being worked on
  const failures = new Map<string, number>()
  const workers = waitingWorkers()

  const add = (key: string): void => {
    if (working.has(key)) {
      again.add(key)
      return
    }
    ready.add(key)
    workers.wakeOne()
  }
  const timers = keyTimers(clock, add)
  const retry = (key: string, atLeastMs = 0): number => {
    const count = (failures.get(key) ?? 0) + 1
    failures.set(key, count)
    const delayMs = Math.max(backoffMs(backoff, count), atLeastMs)
    timers.start(key, delayMs)
    return delayMs
  }
  const take = async (signal: AbortSignal): Promise<string | undefined> => {
    while (!signal.aborted) {
      const [key] = ready
      if (key !== undefined) {
        ready.delete(key)
        timers.drop(key)
        working.add(key)
        return key
      }
      await workers.wait(signal)
    }
    workers.wakeOne() // this worker stops, so another one must take the key that it was woken for
    return undefined
  }
  const done = (key: string): void => {
    working.delete(key)
    if (again.delete(key)) add(key)
  }
  return {
    add,
    addAfter: timers.start,
    retry,
    forget: (key) => void failures.delete(key),
    take,
    done,
    length: () => ready.size,
  }
}
