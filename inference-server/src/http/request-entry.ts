import type { IncomingMessage } from 'node:http'
import type { Protocol } from '../observability/request-records.ts'
import { headerLengthName } from '../protocol/protocol.ts'
import { exchangeOf } from './exchange.ts'

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

/** What the request log says of a request over HTTP, beside what it says of any. */
export const entryOf: Protocol<IncomingMessage>['entry'] = (request, contents) => {
  const { body, answer } = exchangeOf(request) ?? {}
  return {
    requestBytes: sizeOf(body),
    responseBytes: sizeOf(answer),
    ...(contents && { request: kept(jsonPart(body, request)), response: kept(answer) }),
  }
}
