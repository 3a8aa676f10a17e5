import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Failure } from '../failures/errors.ts'
import { sentenceFor } from '../failures/language.ts'
import { freeing } from '../tensors/tensor-memory.ts'
import { exchangeOf } from './exchange.ts'
import { whenSent } from './sent.ts'

/** `{"error": "sentence"}` as the Open Inference Protocol has it, and the name of what is wrong where that is known. */
const failureBody = (failure: Failure, acceptLanguage?: string): string =>
  JSON.stringify({
    error: sentenceFor(failure, acceptLanguage),
    ...(failure.field !== undefined && { field: failure.field }),
  })

/**
 * @param headers names and values in turn, as writeHead takes them fastest
 * @returns bytes that the content takes; undefined where the client has closed the connection
 */
const begin = (
  response: ServerResponse,
  status: number,
  content: string | Buffer,
  headers: readonly string[],
): number | undefined => {
  if (response.headersSent || response.destroyed) return undefined
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.length
  const exchange = exchangeOf(response.req)
  if (exchange?.logged) exchange.answer = content
  response.writeHead(status, [...headers, 'content-length', String(length)])
  return length
}

/** @param headers names and values in turn */
export const reply = (
  response: ServerResponse,
  status: number,
  content: string | Buffer,
  headers: readonly string[],
): void => {
  const length = begin(response, status, content, headers)
  if (length === undefined) return
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

/** Most of the rest of a body that is read and dropped: more than is sent by mistake, and time for it at any usual speed. */
const mostRestBytes = 2 ** 30
const mostRestMs = 60_000
/** A client that sends nothing for so long reads the response, or is stuck. Milliseconds. */
const quietMs = 2000

/**
 * Ends the connection once the rest of the request has come, or too much of it. Many clients read no answer before they have
 * written all they have, and one that is cut off while it writes never sees why.
 */
const endAfterRest = (request: IncomingMessage, response: ServerResponse): void => {
  let restBytes = 0
  const end = (): void => {
    clearTimeout(latest)
    clearTimeout(quiet)
    response.end()
  }
  const latest = setTimeout(end, mostRestMs).unref()
  const quiet = setTimeout(end, quietMs).unref()
  request.on('data', ({ length }: Buffer) => {
    restBytes += length
    if (restBytes > mostRestBytes) end()
    else quiet.refresh()
  })
  request.once('close', end)
  request.once('end', end)
  request.resume()
}

/**
 * Answers with the failure. A body that has not been read makes the connection useless: it ends when the caller has had the
 * chance to see why.
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
  if (request.complete) {
    reply(response, failure.status, body, headers)
    return
  }
  if (begin(response, failure.status, body, [...headers, 'connection', 'close']) === undefined) return
  response.write(body)
  endAfterRest(request, response)
}
