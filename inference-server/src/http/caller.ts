import type { ServerResponse } from 'node:http'
import type { Caller } from '../requests/caller.ts'
import { newTimings } from '../requests/timings.ts'
import { newUsage } from '../requests/usage.ts'
import { whenSent } from './sent.ts'

/** The caller that waits for a response. */
export const httpCaller = (response: ServerResponse): Caller => {
  const callbacks: (() => void)[] = []
  return {
    timings: newTimings(),
    usage: newUsage(),
    gone: () => response.destroyed,
    whenSent: (callback) => {
      // One listener serves all batches of a request.
      if (callbacks.push(callback) > 1) return
      whenSent(response, () => {
        for (const each of callbacks) each()
      })
    },
  }
}
