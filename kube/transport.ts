import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Access } from './credentials.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query, relative to the address of the API server. */
  readonly path: string
  readonly body?: unknown
  /** Content type of the body; default application/json. */
  readonly contentType?: string
  /** Most characters of the answer; beyond it the call ends with TooLarge. */
  readonly most?: number
}

/** An answer that was not read to its end. */
export class TooLarge extends Error {
  constructor(most: number) {
    super(`the answer is longer than ${most} characters`)
    this.name = 'TooLarge'
  }
}

export interface Answer {
  readonly code: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** HTTP to the API server. Rejects with an Error that says what was asked when there is no answer. */
export interface Transport {
  /** Sends one call. The promise resolves with the whole answer, of any status. */
  readonly send: (call: Call) => Promise<Answer>
  /** Answers with the body unread, as soon as the headers are there. It ends with an error when the signal fires. */
  readonly open: (call: Call, signal: AbortSignal) => Promise<IncomingMessage>
  readonly close: () => void
}

/** Every call but a watch ends after this: 10 s is far beyond a slow API server, and within a Lease's 15 s. */
const callDeadlineMs = 10_000

export interface TransportOptions {
  /** Names the program in the API server's log. */
  readonly userAgent?: string
  readonly deadlineMs?: number
}

/** Leaving the loop destroys the response and its connection. @throws TooLarge */
const readAll = async (response: IncomingMessage, most: number): Promise<string> => {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) {
    text += chunk
    if (text.length > most) throw new TooLarge(most)
  }
  return text
}

/** A kept connection that the server closed just as we wrote to it: nothing was answered, so the call is made again. */
const lostTheRace = (error: unknown, request: http.ClientRequest): boolean =>
  request.reusedSocket && error instanceof Error && /ECONNRESET|EPIPE|socket hang up/.test(String(error))

export const createTransport = (
  access: Access,
  { userAgent = 'gantry', deadlineMs = callDeadlineMs }: TransportOptions = {},
): Transport => {
  const secure = access.server.protocol === 'https:'
  const agent = new (secure ? https : http).Agent({ keepAlive: true, keepAliveMsecs: 30_000 })
  const base = access.server.pathname.replace(/\/$/, '')

  const attempt = async (call: Call, signal: AbortSignal, freshSocket: boolean): Promise<IncomingMessage> => {
    const { headers, options } = await access.credentials()
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body))
    const content = body && {
      'Content-Type': call.contentType ?? 'application/json',
      'Content-Length': body.length,
    }
    const given = {
      agent: freshSocket ? false : agent,
      ...options,
      host: access.server.hostname.replace(/^\[|\]$/g, ''),
      port: access.server.port || (secure ? 443 : 80),
      method: call.method,
      path: base + call.path,
      headers: { Accept: 'application/json', 'User-Agent': userAgent, ...headers, ...content },
      signal,
    }
    return new Promise((resolve, reject) => {
      let isAnswered = false
      const request = (secure ? https : http).request(given, (response) => {
        isAnswered = true
        response.on('error', () => {}) // readers of the body see the error; after they are done it has no consequence
        resolve(response)
      })
      const fail = (error: unknown): void => {
        if (isAnswered) return // the body's reader is told
        if (freshSocket || !lostTheRace(error, request)) reject(error)
        else resolve(attempt(call, signal, true))
      }
      request.on('error', fail)
      request.end(body)
    })
  }
  const named = (call: Call, cause: unknown): Error =>
    new Error(`the API server did not answer ${call.method} ${call.path}`, { cause })

  const open = (call: Call, signal: AbortSignal): Promise<IncomingMessage> =>
    attempt(call, signal, false).catch((error) => Promise.reject(named(call, error)))

  const send = async (call: Call): Promise<Answer> => {
    const deadline = new AbortController()
    const late = new Error(`no answer within ${deadlineMs / 1000} s`)
    const timer = setTimeout(() => deadline.abort(late), deadlineMs)
    try {
      const response = await attempt(call, deadline.signal, false)
      return {
        code: response.statusCode ?? 0,
        headers: response.headers,
        body: await readAll(response, call.most ?? Number.POSITIVE_INFINITY),
      }
    } catch (error) {
      if (error instanceof TooLarge) throw error
      throw named(call, deadline.signal.aborted ? late : error)
    } finally {
      clearTimeout(timer)
    }
  }
  return { send, open, close: () => agent.destroy() }
}
