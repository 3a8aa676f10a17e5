import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { plainText } from '@gantry/contract/plain-text.ts'
import { codeOf, ImportError, type ImportErrorOptions } from '../failures/import-error.ts'
import { quotedText } from '../failures/shown-text.ts'
import { AddressRefused, type AddressRules, type GuardedHost, guardHost } from './address-guard.ts'
import type { Credentials } from './credentials.ts'
import { agentThrough, type Proxies, proxyFor } from './proxy.ts'

export interface HttpTimeouts {
  /** Time limit for the connection to be established. */
  readonly connectMs: number
  /** Longest time without a single byte. */
  readonly idleMs: number
}

/** Options of every connection of a download. */
export interface Connecting {
  readonly timeouts: HttpTimeouts
  readonly addresses: AddressRules
  readonly proxies: Proxies
  /** Further certificate authorities; undefined: only those that Node has. */
  readonly authorities: readonly string[] | undefined
  readonly signal: AbortSignal
}

export interface Download {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Size by the Content-Length of the server, where it is sent. */
  readonly sizeBytes: number | undefined
}

/** A temporary failure of the server: another attempt makes sense. */
export class Passing extends ImportError {
  /** Delay that the server asks for by Retry-After. */
  readonly waitMs: number | undefined

  constructor(message: string, options: ImportErrorOptions & { readonly waitMs?: number | undefined } = {}) {
    super('SourceUnreachable', message, 'backoff', options)
    this.waitMs = options.waitMs
  }
}

const maxRedirects = 10

/** One request on the way to the file. */
interface Hop {
  readonly url: URL
  /** The address that the user gave, which led to `url`. */
  readonly first: URL
  readonly guard: GuardedHost
  /** Proxy that the request is sent to instead of the host. */
  readonly proxy: URL | undefined
  /** No credentials were given, so none can be sent to another host. */
  readonly isAnonymous: boolean
}

/** A host that a server redirects to is that server's word: sentences speak of the one that was given. */
const nameOf = ({ url, first }: Pick<Hop, 'url' | 'first'>): string =>
  url.host === first.host ? url.host : `the address that ${first.host} redirects to`

/** The detail goes to the log, which may name the host. */
const detailOf = ({ url, first }: Pick<Hop, 'url' | 'first'>, more?: string): string | undefined => {
  const host = url.host === first.host ? [] : [`its host is ${quotedText(url.host)}`]
  const words = [...host, ...(more ? [plainText(more)] : [])]
  return words.length > 0 ? words.join('; ') : undefined
}

/**
 * Opens a download; its bytes come as they arrive, so a file of any size takes constant memory.
 * @throws Passing for what time may mend, ImportError for what it will not
 */
export const openDownload = async (
  url: URL,
  credentials: Credentials | undefined,
  connecting: Connecting,
): Promise<Download> => {
  let current = url
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    // Another scheme, host or port is another party, even where the Secret names it: the server that redirects must not decide who gets the credentials.
    const isSame = current.origin === url.origin
    const isAnonymous = credentials === undefined
    const hop = { ...guarded(current, url, connecting), isAnonymous }
    if (hop.proxy) await checkName(hop, connecting)
    const response = await send(hop, isSame ? credentials : undefined, connecting)
    const next = redirection(response, hop)
    if (!next) return download(response, hop)
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

const notAllowed = (refused: AddressRefused, hop: Pick<Hop, 'url' | 'first'>): ImportError =>
  new ImportError('SourceNotAllowed', `${nameOf(hop)} ${refusals[refused.refusal]}`, 'never', {
    cause: refused,
    detail: detailOf(
      hop,
      `it stands for ${refused.address}${refused.refusal === 'local' ? '; on the command line, --allow-loopback allows this machine' : ''}`,
    ),
  })

const refusals = {
  local:
    'stands for an address that imports do not connect to: loopback, link-local, multicast, or metadata of a cloud; give the address of a store',
  private:
    'stands for an address of a private network, and this installation imports from the internet only; give an address of the internet, or install the operator with the chart value imports.privateAddresses: true',
} as const

const send = async (
  hop: Hop,
  credentials: Credentials | undefined,
  { timeouts: { connectMs, idleMs }, authorities, signal }: Connecting,
): Promise<IncomingMessage> => {
  const { url, guard, proxy } = hop
  const options: RequestOptions = {
    // No agent that keeps connections is used: a kept one was checked for an earlier request.
    ...(proxy ? { agent: agentThrough(proxy, url) } : { agent: false, lookup: guard.lookup }),
    ...(authorities ? { ca: [...authorities] } : {}),
    headers: {
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'gantry-import',
      ...authorization(credentials),
    },
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
  request.end()
  try {
    const [first] = (await once(request, 'response')) as [IncomingMessage]
    response = first
    return first
  } catch (error) {
    throw transportError(error, hop)
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

const download = (response: IncomingMessage, hop: Hop): Download => {
  const { statusCode = 0, headers } = response
  if (statusCode !== 200) {
    response.destroy()
    throw statusError(statusCode, headers, hop)
  }
  const length = Number(headers['content-length'])
  return { chunks: body(response, hop), sizeBytes: Number.isSafeInteger(length) ? length : undefined }
}

const body = async function* (response: IncomingMessage, hop: Hop): AsyncGenerator<Uint8Array> {
  try {
    yield* response
  } catch (error) {
    throw transportError(error, hop)
  }
}

const onCommandLine = 'on the command line they come from the environment, see import --help'

const statusError = (status: number, headers: IncomingMessage['headers'], hop: Hop): ImportError => {
  const answer = `${nameOf(hop)} answered ${status}`
  const options = { detail: detailOf(hop) }
  // The path that a server redirects to is its own, and may be what gives the right to the file.
  const missing = hop.url === hop.first ? hop.url.pathname : 'such file'
  if (status === 404 || status === 410)
    return new ImportError(
      'SourceNotFound',
      `${answer}: there is no ${missing}; check the address`,
      'never',
      options,
    )
  if (status === 401 || status === 403)
    return new ImportError(
      'SourceForbidden',
      hop.isAnonymous
        ? `${answer}, and no credentials were given; give some in a Secret and name it in spec.model.source.secretRef`
        : `${answer}; check the credentials in the Secret of spec.model.source.secretRef`,
      'never',
      { detail: [options.detail, onCommandLine].filter((part) => part !== undefined).join('; ') },
    )
  if (status >= 500 || status === 429 || status === 408)
    return new Passing(answer, { ...options, waitMs: waitMs(headers['retry-after']) })
  return new ImportError(
    'SourceUnsupported',
    `${answer} instead of 200; give an address that answers with the file itself`,
    'never',
    options,
  )
}

/** Retry-After in seconds. Dates are rare, and would need two clocks that agree. */
const waitMs = (retryAfter: string | undefined): number | undefined =>
  retryAfter !== undefined && /^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) * 1000 : undefined

const transportError = (error: unknown, hop: Hop): Error => {
  if (error instanceof AddressRefused) return notAllowed(error, hop)
  if (error instanceof Error && error.name === 'AbortError') return error
  const code = codeOf(error) ?? ''
  const { message } = error as Error
  // The message quotes a certificate, which the server wrote, so it goes to the detail.
  const options = { cause: error, detail: detailOf(hop, message) }
  if (code === 'ERR_PROXY_TUNNEL')
    return new Passing(`the proxy makes no way to ${nameOf(hop)}${refusedBy(message)}`, options)
  if (/^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL)/.test(code))
    return new ImportError(
      'SourceUnreachable',
      `${nameOf(hop)} cannot be trusted (${code}); give it a valid certificate, or name who signed it in spec.storage.import.caBundle (on the command line --ca-file)`,
      'backoff',
      options,
    )
  const why = reasonOf(code, message)
  // The status must not tell which ports of a private network are open: everyone who may name a source can read it.
  if (hop.guard.isPrivate())
    return new Passing(`${nameOf(hop)} cannot be reached`, { cause: error, detail: detailOf(hop, why) })
  const through = hop.proxy ? ' through the proxy' : ''
  return new Passing(`${nameOf(hop)} cannot be reached${through}: ${why}`, options)
}

/** The status that a proxy answered with; the rest of its answer stays in the log. */
const refusedBy = (message: string): string => {
  const [, status] = /: HTTP\/1\.[01] (\d{3})\b/.exec(message) ?? []
  if (status === undefined) return ''
  return `: it answered ${status}${status === '407' ? ', since it asks for a password, which imports do not give' : ''}`
}

/** Errors without a code are our own, and safe to show; messages of others hold addresses and more. */
const reasonOf = (code: string, message: string): string => {
  if (code.startsWith('HPE_')) return 'it does not speak HTTP'
  return code === '' ? message : (codes[code] ?? code)
}

const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'the name service does not answer',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'the connection timed out',
}
