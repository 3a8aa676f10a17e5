/** Large answers on their way. Each has its limit, but callers that read slowly would hold as many of them as they ask for. */
import type { ServerResponse } from 'node:http'
import { Failure } from '../failures/errors.ts'

/** Smaller ones are not counted: they take less than the request, the outputs and the connection. */
const smallBytes = 256 * 1024

export interface AnswersInFlight {
  /** Counts an answer of so many bytes, which is about to be sent. @throws Failure unavailable where there is no room for it */
  readonly enter: (response: ServerResponse, bytes: number) => void
  /** The same for an answer that is no response over HTTP. @returns what is called when it has left @throws Failure unavailable */
  readonly hold: (bytes: number) => () => void
}

const nothing = (): void => {}

/** @param mostBytes of all answers; one that is larger is sent alone */
export const createAnswersInFlight = (mostBytes: number): AnswersInFlight => {
  let held = 0
  const hold: AnswersInFlight['hold'] = (bytes) => {
    if (bytes < smallBytes) return nothing
    if (held > 0 && held + bytes > mostBytes)
      throw new Failure(
        'unavailable',
        `the answers that are being sent hold ${Math.round(held / 2 ** 20)} MiB, which leaves no room for this one; try again later`,
        { retryAfterSeconds: 1 },
      )
    held += bytes
    let left = false
    return () => {
      if (left) return
      left = true
      held -= bytes
    }
  }
  return {
    hold,
    enter: (response, bytes) => {
      const release = hold(bytes)
      if (release !== nothing) response.once('close', release)
    },
  }
}
