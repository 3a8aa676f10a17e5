import type { ServerResponse } from 'node:http'
import type { Caller } from '../predict.ts'
import { newTimings } from '../timings.ts'
import { newUsage } from '../usage.ts'

/** Who waits for a response. */
export const httpCaller = (response: ServerResponse): Caller => {
  const callbacks: (() => void)[] = []
  const sent = (): void => {
    // What a caller has not taken to its end may still be on its way.
    if (response.writableFinished) for (const callback of callbacks) callback()
  }
  return {
    timings: newTimings(),
    usage: newUsage(),
    gone: () => response.destroyed,
    whenSent: (callback) => {
      if (callbacks.push(callback) === 1) response.once('close', sent)
    },
  }
}
