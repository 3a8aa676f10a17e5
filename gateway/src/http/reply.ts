/** Answers of the gateway itself. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import type { Failure } from '../failure.ts'
import { isEmpty } from '../proxy/body.ts'

/** The rest of a body that a refused caller may still send, so that it reads the answer before its connection ends. */
const mostRestBytes = 16 * 2 ** 20
const mostRestMs = 2000

const isOpenAi = ({ url = '' }: IncomingMessage): boolean => /^(?:\/[^/]+\/[^/]+)?\/v1\//.test(url)

/** The form in which clients of OpenAI find the sentence, or that of the Open Inference Protocol. */
const bodyOf = (request: IncomingMessage, { message, field, kind, status }: Failure): object =>
  isOpenAi(request)
    ? {
        error: {
          message,
          type: status < 500 ? 'invalid_request_error' : 'server_error',
          param: field ?? null,
          code: kind,
        },
      }
    : { error: message, ...(field !== undefined && { field }) }

/** Ends the connection when the caller has sent its body, so that the answer is not lost to a reset. */
const endAfterRest = (request: IncomingMessage, response: ServerResponse): void => {
  let bytes = 0
  const end = (): void => {
    clearTimeout(timer)
    request.off('data', count)
    if (!response.writableEnded) response.end()
  }
  const count = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > mostRestBytes) end()
  }
  const timer = setTimeout(end, mostRestMs).unref()
  request.on('data', count).once('end', end).once('close', end).resume()
}

/** @param headers names and values in turn */
export const replyJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: readonly string[] = [],
): void => replyText(response, status, JSON.stringify(value), headers)

/** @param content JSON @param headers names and values in turn */
const replyText = (
  response: ServerResponse,
  status: number,
  content: string,
  headers: readonly string[] = [],
): void => {
  if (response.headersSent || response.destroyed) return
  const text = Buffer.from(content)
  const { req: request } = response
  // A request without a body is complete only after its handler has returned.
  const isWhole = request.complete || isEmpty(request)
  if (!isWhole) response.shouldKeepAlive = false
  response.writeHead(status, [
    'content-type',
    'application/json',
    'content-length',
    String(text.length),
    ...headers,
  ])
  if (isWhole) response.end(request.method === 'HEAD' ? undefined : text)
  else {
    response.write(text)
    endAfterRest(request, response)
  }
}

/** JSON of a request whose body has been read; the parts are written as fast as the caller takes them. */
export const replyParts = (response: ServerResponse, status: number, parts: readonly Buffer[]): void => {
  if (response.headersSent || response.destroyed) return
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  response.writeHead(status, ['content-type', 'application/json', 'content-length', String(length)])
  // A caller that leaves ends it, which the response tells as well.
  pipeline(parts, response, () => {})
}

export const replyFailure = (request: IncomingMessage, response: ServerResponse, failure: Failure): void => {
  const wait = failure.retryAfterSeconds
  replyJson(response, failure.status, bodyOf(request, failure), [
    ...(wait === undefined ? [] : ['retry-after', String(wait)]),
    ...(failure.kind === 'unauthenticated' ? ['www-authenticate', 'Bearer'] : []),
  ])
}
