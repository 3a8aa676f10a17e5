import { once } from 'node:events'
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Credentials } from './credentials.ts'
import { codeOf, ImportError } from './failure.ts'

export interface HttpTimeouts {
  /** Until a connection stands. */
  readonly connectMs: number
  /** Without a single byte. */
  readonly idleMs: number
}

export interface Download {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Where the server says it. */
  readonly sizeBytes: number | undefined
}

/** The server is there or may be again; another attempt makes sense. */
export class Passing extends ImportError {
  /** From Retry-After. */
  readonly waitMs: number | undefined

  constructor(message: string, options: ErrorOptions & { readonly waitMs?: number | undefined } = {}) {
    super('SourceUnreachable', message, 'backoff', options)
    this.waitMs = options.waitMs
  }
}

const maxRedirects = 10

/**
 * Opens a download; its bytes come as they arrive, so a file of any size takes constant memory.
 * @throws Passing for what time may mend, ImportError for what it will not
 */
export const openDownload = async (
  url: URL,
  credentials: Credentials | undefined,
  timeouts: HttpTimeouts,
  signal: AbortSignal,
): Promise<Download> => {
  let current = url
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    // Another scheme, host or port is somebody else, even where the Secret names it: who redirects there has no say in whom it is shown to.
    const isSame = current.origin === url.origin
    const response = await send(current, isSame ? credentials : undefined, timeouts, signal)
    const next = redirection(response, current)
    if (!next) return download(response, current, url)
    response.destroy()
    current = withoutUser(next)
  }
  throw new ImportError(
    'SourceUnsupported',
    `${url.host} redirects more than ${maxRedirects} times; give the final address`,
  )
}

/** An address without user and password: what is sent as credentials is decided before. */
export const withoutUser = (url: URL): URL => {
  const bare = new URL(url.href)
  bare.username = ''
  bare.password = ''
  return bare
}

const send = async (
  url: URL,
  credentials: Credentials | undefined,
  { connectMs, idleMs }: HttpTimeouts,
  signal: AbortSignal,
): Promise<IncomingMessage> => {
  const options: RequestOptions = {
    headers: {
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'gantry-import',
      ...authorization(credentials),
    },
    signal,
    timeout: idleMs,
  }
  const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)
  let response: IncomingMessage | undefined
  const late = (what: string, ms: number) => () =>
    (response ?? request).destroy(new Error(`${what} within ${ms / 1000} s`))
  const connecting = setTimeout(late('no connection', connectMs), connectMs)
  request.on('socket', (socket) => {
    if (!socket.connecting) clearTimeout(connecting)
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting))
  })
  request.on('timeout', late('not a byte came', idleMs))
  request.end()
  try {
    const [first] = (await once(request, 'response')) as [IncomingMessage]
    response = first
    return first
  } catch (error) {
    throw transportError(error, url)
  } finally {
    clearTimeout(connecting)
  }
}

const authorization = (credentials: Credentials | undefined): { authorization?: string } => {
  if (!credentials) return {}
  if (credentials.kind === 'bearer') return { authorization: `Bearer ${credentials.token}` }
  const pair = `${credentials.username}:${credentials.password}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** Where a redirect leads, undefined where the response is none. */
const redirection = (response: IncomingMessage, from: URL): URL | undefined => {
  const { statusCode = 0, headers } = response
  if (![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  const next = headers.location ? URL.parse(headers.location, from.href) : null
  if (next && (next.protocol === 'https:' || next.protocol === from.protocol)) return next
  response.destroy()
  throw new ImportError(
    'SourceUnsupported',
    `${from.host} redirects to ${next ? `${next.protocol}//${next.host}` : 'nowhere'}; only https addresses are followed from https, and only http and https from http`,
  )
}

/** @param first the address that was given, which led to `url` */
const download = (response: IncomingMessage, url: URL, first: URL): Download => {
  const { statusCode = 0, headers } = response
  if (statusCode !== 200) {
    response.destroy()
    throw statusError(statusCode, headers, url, first)
  }
  const length = Number(headers['content-length'])
  return { chunks: body(response, url), sizeBytes: Number.isSafeInteger(length) ? length : undefined }
}

const body = async function* (response: IncomingMessage, url: URL): AsyncGenerator<Uint8Array> {
  try {
    yield* response
  } catch (error) {
    throw transportError(error, url)
  }
}

const statusError = (
  status: number,
  headers: IncomingMessage['headers'],
  url: URL,
  first: URL,
): ImportError => {
  const answer = `${url.host} answered ${status}`
  // The path that a server redirects to is its own, and may be what gives the right to the file.
  const missing = url === first ? url.pathname : `file where ${first.host} redirects to`
  if (status === 404 || status === 410)
    return new ImportError('SourceNotFound', `${answer}: there is no ${missing}; check the address`)
  if (status === 401 || status === 403)
    return new ImportError(
      'SourceForbidden',
      `${answer}; check the credentials in the Secret of spec.model.source.secretRef (on the command line: in the environment, see import --help)`,
    )
  if (status >= 500 || status === 429 || status === 408)
    return new Passing(answer, { waitMs: waitMs(headers['retry-after']) })
  return new ImportError(
    'SourceUnsupported',
    `${answer} instead of 200; give an address that answers with the file itself`,
  )
}

/** Retry-After in seconds; dates are rare and not worth trusting two clocks. */
const waitMs = (retryAfter: string | undefined): number | undefined =>
  retryAfter !== undefined && /^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined

const transportError = (error: unknown, url: URL): Error => {
  if (error instanceof Error && error.name === 'AbortError') return error
  const code = codeOf(error) ?? ''
  const said = codes[code] ?? (error as Error).message
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL)/.test(code))
    return new ImportError(
      'SourceUnreachable',
      `${url.host} cannot be trusted: ${said}; give it a valid certificate`,
      'backoff',
      { cause: error },
    )
  return new Passing(`${url.host} cannot be reached: ${said}`, { cause: error })
}

const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'the name service does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'the connection timed out',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP',
}
