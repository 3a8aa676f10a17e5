/** One request to a source over HTTP, through redirects, with the addresses guarded that it connects to. */
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { AddressRefused, guardHost } from './address-guard.ts'
import type { Credentials } from './credentials.ts'
import { type Hop, nameOf, notAllowed, statusError, transportError } from './http-failures.ts'
import { paced, slowIdles } from './pace.ts'
import { agentThrough, proxyFor } from './proxy.ts'
import type { Connecting } from './remote.ts'

const maxRedirects = 10

export interface Question {
  readonly url: URL
  readonly method?: 'GET' | 'HEAD' | 'POST'
  /** Sent to every host on the way, so nothing that gives a right belongs here. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent to the origin of `url` only. */
  readonly credentials?: Credentials | undefined
  /** The body of a POST. */
  readonly body?: string | Uint8Array | undefined
  /** `return`: a redirect is an answer like others, where headers must reach no other host. */
  readonly redirects?: 'follow' | 'return'
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Whether a redirect led to another origin, which is the one that answers. */
  readonly isElsewhere: boolean
  /** The body as it arrives; its errors are ImportErrors. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** What the status means where it is none that the caller expects. */
  readonly refusal: () => ImportError
  /** Ends the connection where the body is not needed. */
  readonly discard: () => void
}

/**
 * Asks, and follows redirects. The body comes as it arrives, so one of any size takes constant memory.
 * @returns answers of any status but those of redirects that are followed
 * @throws Passing for what time may mend, ImportError for what it will not
 */
export const ask = async (question: Question, connecting: Connecting): Promise<Answer> => {
  const { url, credentials } = question
  let current = url
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    // Another scheme, host or port is another party, even where the Secret names it: the server that redirects must not decide who gets the credentials.
    const isSame = current.origin === url.origin
    const isAnonymous = credentials === undefined
    const hop = { ...guarded(current, url, connecting), isAnonymous }
    if (hop.proxy) await checkName(hop, connecting)
    const response = await send(
      hop,
      { ...question, credentials: isSame ? credentials : undefined },
      connecting,
    )
    const next = question.redirects === 'return' ? undefined : redirection(response, hop)
    if (!next) return answerOf(response, hop, connecting)
    response.destroy()
    current = withoutUser(next)
  }
  throw new ImportError(
    'SourceUnsupported',
    `${url.host} redirects more than ${maxRedirects} times; give the final address`,
  )
}

const answerOf = (response: IncomingMessage, hop: Hop, { timeouts }: Connecting): Answer => {
  const { statusCode: status = 0, headers } = response
  const discard = (): void => void response.destroy()
  const refusal = (): ImportError => {
    discard()
    return statusError(status, headers, hop)
  }
  const isElsewhere = hop.url.origin !== hop.first.origin
  const chunks = paced(body(response, hop), slowIdles * timeouts.idleMs)
  return { status, headers, isElsewhere, chunks, refusal, discard }
}

const body = async function* (response: IncomingMessage, hop: Hop): AsyncGenerator<Uint8Array> {
  try {
    yield* response
  } catch (error) {
    throw transportError(error, hop)
  }
}

/**
 * A small body, whole.
 * @param mostBytes the connection ends where it is longer
 * @throws ImportError
 */
export const readBody = async ({ chunks }: Answer, mostBytes: number): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > mostBytes)
      throw new ImportError(
        'SourceUnsupported',
        `the source answers with more than ${mostBytes} bytes where a short text was expected`,
      )
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** An address without user and password: what is sent as credentials is decided before. */
export const withoutUser = (url: URL): URL => {
  const bare = new URL(url.href)
  bare.username = ''
  bare.password = ''
  return bare
}

/** @throws ImportError SourceNotAllowed for an address that imports do not connect to */
const guarded = (url: URL, first: URL, { addresses, proxies }: Connecting): Omit<Hop, 'isAnonymous'> => {
  try {
    return { url, first, guard: guardHost(url, addresses), proxy: proxyFor(url, proxies) }
  } catch (error) {
    throw error instanceof AddressRefused ? notAllowed(error, { url, first }) : error
  }
}

/**
 * A proxy looks names up by itself, and it is for the proxy to refuse what they stand for there. What is known here of a name is looked at all the
 * same, so that `localhost` of the proxy's machine or the metadata of a cloud is not asked for by a name that this cluster knows too.
 */
const checkName = async (hop: Hop, { timeouts }: Connecting): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, timeouts.connectMs)
  hop.guard.lookup(hop.url.hostname, { all: true }, (error) =>
    error instanceof AddressRefused ? reject(notAllowed(error, hop)) : resolve(),
  )
  await promise.finally(() => clearTimeout(timer))
}

const usualHeaders = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'gantry-import' }

const send = async (
  hop: Hop,
  { method = 'GET', headers, credentials, body: sent }: Question,
  { timeouts: { connectMs, idleMs }, authorities, signal }: Connecting,
): Promise<IncomingMessage> => {
  const { url, guard, proxy } = hop
  const options: RequestOptions = {
    method,
    // No agent that keeps connections is used: a kept one was checked for an earlier request.
    ...(proxy ? { agent: agentThrough(proxy, url) } : { agent: false, lookup: guard.lookup }),
    ...(authorities ? { ca: [...authorities] } : {}),
    headers: { ...usualHeaders, ...headers, ...authorization(credentials) },
    signal,
    timeout: idleMs,
  }
  const request: ClientRequest =
    url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)
  let response: IncomingMessage | undefined
  const late = (what: string, ms: number) => () =>
    (response ?? request).destroy(new Error(`${what} within ${ms / 1000} s`))
  const connecting = setTimeout(late('no connection', connectMs), connectMs)
  request.on('socket', (socket) => {
    if (!socket.connecting) clearTimeout(connecting)
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting))
  })
  request.on('timeout', late('not a byte came', idleMs))
  const answerMs = connectMs + slowIdles * idleMs
  const answering = setTimeout(late('no answer', answerMs), answerMs)
  request.end(sent)
  try {
    response = await responseTo(request)
    return response
  } catch (error) {
    throw transportError(error, hop)
  } finally {
    clearTimeout(connecting)
    clearTimeout(answering)
  }
}

/** Settles in any case: a server that changes to another protocol ends the request with neither a response nor an error. */
const responseTo = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve)
    request.on('error', reject)
    request.once('close', () => reject(new Error('it answered with no response of HTTP')))
  })

const authorization = (credentials: Credentials | undefined): { authorization?: string } => {
  if (!credentials) return {}
  if (credentials.kind === 'bearer') return { authorization: `Bearer ${credentials.token}` }
  const pair = `${credentials.username}:${credentials.password}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** Target of a redirect, undefined where the response is none. */
const redirection = (response: IncomingMessage, hop: Hop): URL | undefined => {
  const { url: from } = hop
  const { statusCode = 0, headers } = response
  if (![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  const next = headers.location ? URL.parse(headers.location, from.href) : null
  if (next && (next.protocol === 'https:' || next.protocol === from.protocol)) return next
  response.destroy()
  throw new ImportError(
    'SourceUnsupported',
    `${nameOf(hop)} redirects to ${next ? 'another kind of address' : 'nowhere'}; only https addresses are followed from https, and only http and https from http`,
    'never',
    { detail: next ? `it redirects to ${quotedText(`${next.protocol}//${next.host}`)}` : undefined },
  )
}
