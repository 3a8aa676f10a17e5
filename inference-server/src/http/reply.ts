import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Failure } from '../errors.ts'
import { sentenceFor } from '../language.ts'
import { freeing } from '../tensor-memory.ts'
import { exchangeOf } from './exchange.ts'
import { whenSent } from './sent.ts'

/** `{"error": "sentence"}` as the Open Inference Protocol has it, and the name of what is wrong where that is known. */
const failureBody = (failure: Failure, acceptLanguage?: string): string =>
  JSON.stringify({
    error: sentenceFor(failure, acceptLanguage),
    ...(failure.field !== undefined && { field: failure.field }),
  })

/** @param headers names and values in turn, as writeHead takes them fastest */
export const reply = (
  response: ServerResponse,
  status: number,
  content: string | Buffer,
  headers: readonly string[],
): void => {
  if (response.headersSent || response.destroyed) return
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.length
  const exchange = exchangeOf(response.req)
  if (exchange?.logged) exchange.answer = content
  response.writeHead(status, [...headers, 'content-length', String(length)])
  // Plain ASCII, as numbers are, needs no conversion on its way to the socket.
  if (length === content.length) response.end(content, 'latin1')
  else response.end(content)
  const done = typeof content === 'string' ? undefined : freeing(content)
  if (done) whenSent(response, done)
}

export const jsonType: readonly string[] = ['content-type', 'application/json']

export const replyJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: readonly string[] = [],
): void => reply(response, status, JSON.stringify(value), [...jsonType, ...headers])

/** Milliseconds that a caller with an unread body gets to read the answer. */
const lingerMs = 1000

/**
 * Answers with the failure. A body that has not been read makes the connection useless: it is closed, after a moment in
 * which the caller can see why.
 * @param body JSON; unless given, as the Open Inference Protocol has it
 */
export const replyFailure = (
  request: IncomingMessage,
  response: ServerResponse,
  failure: Failure,
  body = failureBody(failure, request.headers['accept-language']),
): void => {
  const headers = [...jsonType]
  if (failure.retryAfterSeconds !== undefined) headers.push('retry-after', String(failure.retryAfterSeconds))
  if (failure.kind === 'unauthenticated') headers.push('www-authenticate', 'Bearer')
  if (!request.complete) headers.push('connection', 'close')
  reply(response, failure.status, body, headers)
  if (!request.complete) {
    request.resume()
    setTimeout(() => request.destroy(), lingerMs).unref()
  }
}
