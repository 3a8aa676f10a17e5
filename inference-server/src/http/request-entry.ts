import type { IncomingMessage } from 'node:http'
import type { Failure } from '../errors.ts'
import type { Endpoint } from '../metrics.ts'
import { headerLengthName } from '../protocol.ts'
import type { Entry } from '../request-log/entry.ts'
import type { Timings } from '../timings.ts'
import type { Exchange } from './exchange.ts'

/** More of one request or answer is not kept: the log is no copy of the traffic. */
const mostBytes = 64 * 1024

/** A copy of its own: what came from the socket is a view of memory shared with other requests. */
const kept = (content: string | Buffer | undefined): Uint8Array<ArrayBuffer> | undefined => {
  if (content === undefined || content.length === 0 || content.length > mostBytes) return undefined
  return typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
}

/** The JSON before binary tensors, which only say themselves what they are. */
const jsonPart = (body: Buffer | undefined, request: IncomingMessage): Buffer | undefined => {
  const length = Number(request.headers[headerLengthName] ?? Number.NaN)
  return Number.isSafeInteger(length) && length >= 0 ? body?.subarray(0, length) : body
}

const sizeOf = (content: string | Buffer | undefined): number | undefined =>
  typeof content === 'string' ? Buffer.byteLength(content) : content?.length

/** How it ended. */
export type Outcome = { readonly timings: Timings } | { readonly failure: Failure }

/** The line of one request over HTTP. */
export const entryOf = (
  request: IncomingMessage,
  { trace, contents, caller, body, answer }: Exchange,
  endpoint: Endpoint,
  outcome: Outcome,
): Entry => ({
  at: Date.now(),
  endpoint,
  trace,
  caller,
  ...('failure' in outcome
    ? { status: outcome.failure.status, kind: outcome.failure.kind }
    : { status: 200, timings: outcome.timings }),
  requestBytes: sizeOf(body),
  responseBytes: sizeOf(answer),
  ...(contents && { request: kept(jsonPart(body, request)), response: kept(answer) }),
})
