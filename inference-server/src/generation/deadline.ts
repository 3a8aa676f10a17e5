import { Failure } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'

/** How long a text may take, in milliseconds. */
export interface TextDeadlines {
  /** Limit for the first token, and for each token after the one before. */
  readonly tokenMs: number
  /** Limit for the whole text, where the request sets one. */
  readonly wholeMs: number | undefined
}

export interface TextWatch extends TextDeadlines {
  readonly clock: Clock
  /** Time of the newest token; before the first, time of the request. */
  readonly newestMs: () => number
  /** Called once with the failure, unless cancelled. */
  readonly expire: (failure: Failure) => void
}

/** @returns cancels it */
export const watchText = ({ clock, tokenMs, wholeMs, newestMs, expire }: TextWatch): (() => void) => {
  const startedMs = newestMs()
  let cancelToken = (): void => {}
  // A single timer is set anew when it fires, and not at every token.
  const wait = (): void => {
    const leftMs = newestMs() + tokenMs - clock.nowMs()
    if (leftMs > 0) {
      cancelToken = clock.after(leftMs, wait)
      return
    }
    const first = newestMs() === startedMs ? 'the text was not begun' : 'the text did not go on'
    const message = `${first} within ${tokenMs / 1000} s; try again later, or raise timeoutSeconds`
    expire(new Failure('timeout', message))
  }
  const cancelWhole =
    wholeMs === undefined
      ? undefined
      : clock.after(wholeMs, () => {
          const message = `the text was not finished within ${wholeMs / 1000} s, the timeout of the request; ask for fewer tokens, or give it more time`
          expire(new Failure('timeout', message, { asked: true }))
        })
  wait()
  return () => {
    cancelToken()
    cancelWhole?.()
  }
}
