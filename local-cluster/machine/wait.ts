import { setTimeout as sleep } from 'node:timers/promises'

export type WaitOptions = {
  readonly timeoutMs: number
  readonly intervalMs?: number
  /** Says why it is still not true; printed when time is up. */
  readonly detail?: () => string | Promise<string>
}

/**
 * Asks until the answer is neither undefined nor false.
 * @throws Error naming `what` when `timeoutMs` is over; an error that `ask` throws ends the wait at once
 */
export const waitFor = async <T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { timeoutMs, intervalMs = 100, detail }: WaitOptions,
): Promise<T> => {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) {
      const why = await detail?.()
      throw new Error(`${what}: not so after ${timeoutMs / 1000} s${why ? `\n${why}` : ''}`)
    }
    await sleep(intervalMs)
  }
}
