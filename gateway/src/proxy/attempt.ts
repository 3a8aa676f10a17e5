/** One attempt to have a request answered by one endpoint. */
import type { Dispatcher } from 'undici'
import type { Upstream } from '../balancing/upstream.ts'
import { type Body, isStreamed } from './body.ts'
import type { Sink } from './sink.ts'

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface Outgoing {
  readonly method: string
  readonly path: string
  /** Names and values in turn. */
  readonly headers: string[]
  readonly body: Body
  /** Longest time from one part of the answer to the next. */
  readonly quietMs: number
}

/** What becomes of it: first `answered` if at all, at the end one of the other two. */
export interface AttemptEvents {
  readonly answered: (status: number, headers: AnswerHeaders) => void
  readonly ended: () => void
  readonly broken: (error: Error) => void
}

export interface Attempt {
  /** The endpoint sees the connection end, and computes nothing more for it. */
  readonly abort: (reason: Error) => void
}

/** Parts of the answer go to the caller as they come, and no faster than it takes them. */
const passOn = (sink: Sink, from: Dispatcher.DispatchController, chunk: Buffer): void => {
  if (!sink.write(chunk, () => from.resume())) from.pause()
}

export const attemptAt = (
  upstream: Upstream,
  { method, path, headers, body, quietMs }: Outgoing,
  sink: Sink,
  { answered, ended, broken }: AttemptEvents,
): Attempt => {
  let controller: Dispatcher.DispatchController | undefined
  let aborted: Error | undefined
  let isSettled = false
  const settle = (then: () => void): void => {
    if (isSettled) return
    isSettled = true
    upstream.outstanding -= 1
    then()
  }
  /** Never before the caller of this function has its handle: undici refuses some requests at once. */
  const later = (error: Error): void => queueMicrotask(() => settle(() => broken(error)))
  upstream.outstanding += 1
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (started) => {
      controller = started
      if (aborted) started.abort(aborted)
    },
    onResponseStart: (_, status, given) => {
      // 1xx are for this connection only.
      if (status >= 200 && !aborted) answered(status, given as AnswerHeaders)
    },
    onResponseData: (from, chunk) => passOn(sink, from, chunk),
    onResponseEnd: () => settle(ended),
    onResponseError: (_, error) => later(error),
  }
  try {
    upstream.pool.dispatch(
      {
        method: method as Dispatcher.HttpMethod,
        path,
        headers,
        bodyTimeout: quietMs,
        // undici takes any iterable; its types name Node's streams only.
        body: isStreamed(body) ? (body.parts() as never) : (body ?? null),
      },
      handler,
    )
  } catch (error) {
    later(error as Error)
  }
  return {
    abort: (reason) => {
      aborted = reason
      controller?.abort(reason)
    },
  }
}
