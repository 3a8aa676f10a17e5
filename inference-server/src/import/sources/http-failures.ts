/** What went wrong with a request to a source, in sentences. A host that a server redirects to is that server's word: it is named in the log only. */
import type { IncomingHttpHeaders } from 'node:http'
import { plainText } from '@gantry/contract/plain-text.ts'
import { codeOf, ImportError } from '../../failures/import-error.ts'
import { quotedText } from '../../failures/shown-text.ts'
import { AddressRefused, type GuardedHost } from './address-guard.ts'
import { Passing } from './passing.ts'

/** One request on the way to the file. */
export interface Hop {
  readonly url: URL
  /** The address that the user gave, which led to `url`. */
  readonly first: URL
  readonly guard: GuardedHost
  /** Proxy that the request is sent to instead of the host. */
  readonly proxy: URL | undefined
  /** No credentials were given, so none can be sent to another host. */
  readonly isAnonymous: boolean
}

/** Sentences speak of the host that was given. */
export const nameOf = ({ url, first }: Pick<Hop, 'url' | 'first'>): string =>
  url.host === first.host ? url.host : `the address that ${first.host} redirects to`

/** The detail goes to the log, which may name the host. */
const detailOf = ({ url, first }: Pick<Hop, 'url' | 'first'>, more?: string): string | undefined => {
  const host = url.host === first.host ? [] : [`its host is ${quotedText(url.host)}`]
  const words = [...host, ...(more ? [plainText(more)] : [])]
  return words.length > 0 ? words.join('; ') : undefined
}

export const notAllowed = (refused: AddressRefused, hop: Pick<Hop, 'url' | 'first'>): ImportError =>
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

const onCommandLine = 'on the command line they come from the environment, see import --help'

export const statusError = (status: number, headers: IncomingHttpHeaders, hop: Hop): ImportError => {
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

export const transportError = (error: unknown, hop: Hop): Error => {
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
