/** What the answers of a hub mean that are no files: sentences that say what to do. */
import type { IncomingHttpHeaders } from 'node:http'
import { plainText } from '@gantry/contract/plain-text.ts'
import { ImportError, type ImportErrorOptions } from '../../failures/import-error.ts'
import type { Answer } from '../sources/http-request.ts'
import type { HubAddress } from '../sources/hub-address.ts'
import { Passing } from '../sources/passing.ts'

export interface Asked {
  readonly address: HubAddress
  readonly endpoint: URL
  /** Whether a token was sent. */
  readonly hasToken: boolean
}

const secretField = 'the Secret that spec.model.source.secretRef names (on a command line, HF_TOKEN)'

/** Longest text of a hub that goes to the log, in characters. */
const longestMessage = 300

const textOf = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? plainText(value, longestMessage) : undefined
}

type Sentence = (asked: Asked) => string

const page = ({ endpoint, address }: Asked): string =>
  `${endpoint.origin}${endpoint.pathname.replace(/\/$/, '')}/${address.repository}`

const repositoryNotFound: Sentence = (asked) =>
  asked.hasToken
    ? `${asked.endpoint.host} has no repository ${asked.address.repository} that the token may see; check the name, and that the token's owner may read it`
    : `${asked.endpoint.host} has no public repository ${asked.address.repository}; check the name, and for a private one put a token into the key HF_TOKEN of ${secretField}`

const gated: Sentence = (asked) =>
  asked.hasToken
    ? `${asked.address.repository} is gated, and the token's owner has not been let in (or a fine-grained token leaves out gated repositories); ask for access at ${page(asked)}`
    : `${asked.address.repository} is gated; ask for access at ${page(asked)} and put a token of that account into the key HF_TOKEN of ${secretField}`

const revisionNotFound: Sentence = ({ address: { repository, revision = 'main' } }) =>
  `${repository} has no revision ${plainText(revision, 250)}; name a branch, a tag or a commit that is there`

const entryNotFound: Sentence = ({ address: { repository, path } }) =>
  path === ''
    ? `${repository} has no files at this revision`
    : `${repository} has no ${plainText(path, 250)} at this revision; check the path`

/** What each value of the header X-Error-Code means. */
const coded: Readonly<
  Record<string, { reason: 'SourceNotFound' | 'SourceForbidden'; sentence: Sentence } | undefined>
> = {
  RepoNotFound: { reason: 'SourceNotFound', sentence: repositoryNotFound },
  GatedRepo: { reason: 'SourceForbidden', sentence: gated },
  RevisionNotFound: { reason: 'SourceNotFound', sentence: revisionNotFound },
  EntryNotFound: { reason: 'SourceNotFound', sentence: entryNotFound },
}

const invalidToken: Sentence = ({ endpoint, hasToken }) =>
  hasToken
    ? `${endpoint.host} does not know the token; it has expired, was revoked, or is of another hub: put a valid one into ${secretField}`
    : `${endpoint.host} asks for a token; put one into the key HF_TOKEN of ${secretField}`

const forbidden: Sentence = ({ endpoint, address, hasToken }) =>
  hasToken
    ? `${endpoint.host} refuses the token for ${address.repository}; give it the right to read this repository`
    : invalidToken({ endpoint, address, hasToken })

/** Seconds that the hub asks for: Retry-After, or the `t` of its header RateLimit. */
const waitMsOf = (headers: IncomingHttpHeaders): number | undefined => {
  const [, reset] = /;\s*t=(\d{1,4})/.exec(String(headers['ratelimit'] ?? '')) ?? []
  const seconds = /^\d{1,4}$/.exec(headers['retry-after'] ?? '')?.[0] ?? reset
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

const rateLimited = (
  { endpoint, hasToken }: Asked,
  options: ImportErrorOptions,
  headers: IncomingHttpHeaders,
) =>
  new Passing(
    `${endpoint.host} lets no more requests through for a while (429)${hasToken ? '' : '; with a token in the key HF_TOKEN it allows more'}`,
    { ...options, waitMs: waitMsOf(headers) },
  )

/**
 * A store refuses addresses that have expired; the hub gives another one.
 * @param answer one whose status is none of a file or a listing
 * @returns Passing for what time may mend
 */
export const hubRefusal = (answer: Answer, asked: Asked): ImportError => {
  const { status, headers } = answer
  const general = answer.refusal()
  const said = textOf(headers, 'x-error-message')
  const options = { detail: said === undefined ? general.detail : `the hub says: ${said}` }
  if (answer.isElsewhere && [401, 403, 404, 410].includes(status))
    return new Passing(`the store that ${asked.endpoint.host} redirects to answered ${status}`, options)
  const known = coded[textOf(headers, 'x-error-code') ?? '']
  if (known && status >= 400 && status < 500)
    return new ImportError(known.reason, known.sentence(asked), 'never', options)
  if (status === 401) return new ImportError('SourceForbidden', invalidToken(asked), 'never', options)
  if (status === 403) return new ImportError('SourceForbidden', forbidden(asked), 'never', options)
  if (status === 429) return rateLimited(asked, options, headers)
  return general
}
