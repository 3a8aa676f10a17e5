import type { IncomingMessage } from 'node:http'
import type { Failure } from '../failures/errors.ts'
import { headerLengthName } from '../protocol/protocol.ts'
import type { Entry } from '../request-log/entry.ts'
import type { Caller } from '../requests/caller.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import type { TracedRequest } from '../tracing/spans.ts'
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
export interface Outcome {
  /** undefined where the request was refused before it reached the model. */
  readonly caller?: Caller | undefined
  readonly failure?: Failure
}

/** The line of one request over HTTP. */
export const entryOf = (
  request: IncomingMessage,
  { trace, contents, caller: keyName, body, answer }: Exchange,
  endpoint: Endpoint,
  { caller, failure }: Outcome,
): Entry => ({
  at: Date.now(),
  endpoint,
  trace,
  caller: keyName,
  ...(caller?.usage.model && {
    version: caller.usage.model.version,
    ...(contents && { declared: caller.usage.model.declared }),
  }),
  ...(failure
    ? { status: failure.status, kind: failure.kind }
    : { status: 200, ...(caller && { timings: caller.timings }) }),
  requestBytes: sizeOf(body),
  responseBytes: sizeOf(answer),
  ...(contents && { request: kept(jsonPart(body, request)), response: kept(answer) }),
})

/** The same request for its spans. @param nowMs on the clock of its beginning */
export const tracedOf = (
  { trace, startedMs }: Exchange,
  endpoint: Endpoint,
  { caller, failure }: Outcome,
  nowMs: number,
): TracedRequest => ({
  trace,
  endpoint,
  at: Date.now(),
  durationMs: nowMs - startedMs,
  status: failure?.status ?? 200,
  ...(failure && { kind: failure.kind }),
  timings: caller?.timings,
  usage: caller?.usage,
})
