/** The place to which the answer to a request goes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Failure } from '../failure.ts'
import { replyFailure } from '../http/reply.ts'

export interface Sink {
  /** @param headers names and values in turn @param isOpenEnded whether the answer does not say how long it is */
  readonly head: (status: number, headers: string[], isOpenEnded: boolean) => void
  /** @returns whether more may come at once; where not, `resume` is called later */
  readonly write: (chunk: Buffer, resume: () => void) => boolean
  readonly end: () => void
  /** Answers with a failure; no answer has begun. */
  readonly refuse: (failure: Failure) => void
  /** Ends the connection, since the rest of the answer will not come. */
  readonly breakOff: () => void
  /** Calls back where the caller leaves before the end, and once after the end at most. */
  readonly onClose: (closed: () => void) => void
  readonly sentBytes: () => number
}

export const responseSink = (request: IncomingMessage, response: ServerResponse): Sink => {
  let sentBytes = 0
  return {
    head: (status, headers, isOpenEnded) => {
      response.writeHead(status, headers)
      // An event stream may say nothing for long; its head does not wait for its first event.
      if (isOpenEnded) response.flushHeaders()
    },
    write: (chunk, resume) => {
      sentBytes += chunk.length
      if (response.destroyed || response.write(chunk)) return true
      response.once('drain', resume)
      return false
    },
    end: () => void response.end(),
    refuse: (failure) => replyFailure(request, response, failure),
    breakOff: () => void response.destroy(),
    onClose: (closed) => void response.once('close', closed),
    sentBytes: () => sentBytes,
  }
}
