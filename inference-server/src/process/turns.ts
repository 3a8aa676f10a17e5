/** Work on the thread of HTTP that takes long altogether: done bit by bit, so that probes and others come between. */
import { setImmediate as others } from 'node:timers/promises'

/** Longest work without a turn of the event loop. */
const turnMs = 10

export interface TurnOptions {
  /** Most values whose work has begun and not ended. */
  readonly atATime: number
  readonly nowMs: () => number
}

/**
 * Does what Promise.all over `values.map(work)` does, but only some run at a time, and the event loop gets its turn often: one value is
 * the most that the thread is held for beyond 10 ms.
 */
export const inTurns = async <Value, Result>(
  values: readonly Value[],
  work: (value: Value) => Promise<Result> | Result,
  { atATime, nowMs }: TurnOptions,
): Promise<readonly Result[]> => {
  if (values.length <= 1) return Promise.all(values.map(work))
  /** What is thrown at once waits with the others, or a promise that began before it would fail unheard. */
  const begun = async (value: Value): Promise<Result> => work(value)
  const results: Result[] = []
  let some: Promise<Result>[] = []
  let heldMs = 0
  for (const [index, value] of values.entries()) {
    const startedMs = nowMs()
    some.push(begun(value))
    heldMs += nowMs() - startedMs
    const last = index === values.length - 1
    if (some.length < atATime && heldMs < turnMs && !last) continue
    for (const result of await Promise.all(some)) results.push(result)
    some = []
    if (heldMs < turnMs || last) continue
    await others()
    heldMs = 0
  }
  return results
}
