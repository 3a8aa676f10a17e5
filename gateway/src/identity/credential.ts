/**
 * What a request brings to show who calls. The headers of API keys may be meant for the model's servers, so that a value counts as
 * the gateway's where it is one of its keys, or a token that names its audience; every other value is handed on.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { bearerOf } from '@gantry/contract/api-keys.ts'
import { gatewayHeaders } from '@gantry/contract/gateway.ts'
import { Failure } from '../failure.ts'
import type { ApiKeys } from './api-keys.ts'

export type Credential =
  /** There is no credential of the gateway. */
  | { readonly kind: 'none' }
  /** `client` is the name of the key. */
  | { readonly kind: 'key'; readonly client: string; readonly header: string }
  | { readonly kind: 'token'; readonly token: string; readonly header: string }

export interface CredentialRules {
  readonly keys: Pick<ApiKeys, 'clientOf'> | undefined
  /** Audience of tokens; undefined: tokens are not the gateway's. */
  readonly audience: string | undefined
}

/** Most characters of a token; that of a ServiceAccount has about a thousand. */
const mostToken = 8192

/** What a token says of itself; undefined where it is none. Its signature is not checked. */
export const claimsOf = (token: string): { readonly aud?: unknown; readonly exp?: unknown } | undefined => {
  const [, payload, signature] = token.split('.', 3)
  if (token.length > mostToken || payload === undefined || signature === undefined) return undefined
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) ?? undefined
  } catch {
    return undefined
  }
}

/** Whether a token names the audience. Its signature is not checked here; tokens that name another audience need no TokenReview. */
const isFor = (audience: string, token: string): boolean => {
  const aud = claimsOf(token)?.aud
  return Array.isArray(aud) ? aud.includes(audience) : aud === audience
}

const credentialOf = (
  value: string | undefined,
  header: string,
  { keys, audience }: CredentialRules,
): Credential | undefined => {
  if (value === undefined) return undefined
  const client = keys?.clientOf(value)
  if (client !== undefined) return { kind: 'key', client, header }
  return audience !== undefined && isFor(audience, value)
    ? { kind: 'token', token: value, header }
    : undefined
}

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

const unknown = ({ audience }: CredentialRules): Failure => {
  const token = audience === undefined ? '' : `, and no token for the audience ${audience}`
  return new Failure(
    'unauthenticated',
    `X-Gantry-Authorization must be "Bearer CREDENTIAL", and this one is no API key of the gateway${token}`,
    { field: 'X-Gantry-Authorization' },
  )
}

/** Several headers of one name come as one value, each behind a comma and a space, which no key holds. */
const between = ', '
/** Each of them costs a look at all keys. */
const mostValues = 8

/** What a model's servers would see of a key that stands beside another one. @throws Failure malformed */
const checkSingle = (apiKey: string, { keys }: CredentialRules): void => {
  if (!apiKey.includes(between)) return
  const values = apiKey.split(between, mostValues + 1)
  if (values.length <= mostValues && values.every((value) => keys?.clientOf(value) === undefined)) return
  throw new Failure(
    'malformed',
    'X-API-Key stands there several times, and one of them may be a key of the gateway; send that one as X-Gantry-Authorization',
    { field: 'X-API-Key' },
  )
}

interface KeyHeaders {
  readonly inAuthorization: Credential | undefined
  readonly inApiKey: Credential | undefined
}

/** Takes credentials of the gateway out of the headers of API keys. @throws Failure malformed */
const takeFromKeyHeaders = (headers: IncomingHttpHeaders, rules: CredentialRules): KeyHeaders => {
  const { authorization } = headers
  const apiKey = textOf(headers['x-api-key'])
  if (apiKey !== undefined) checkSingle(apiKey, rules)
  const inAuthorization = credentialOf(bearerOf(authorization), 'Authorization', rules)
  const inApiKey = credentialOf(apiKey, 'X-API-Key', rules)
  if (inAuthorization) delete headers.authorization
  if (inApiKey) delete headers['x-api-key']
  return { inAuthorization, inApiKey }
}

/**
 * Takes the gateway's credential out of the headers, so that no server sees it.
 * @throws Failure unauthenticated, malformed
 */
export const takeCredential = (headers: IncomingHttpHeaders, rules: CredentialRules): Credential => {
  const own = headers[gatewayHeaders.authorization]
  if (own !== undefined) {
    delete headers[gatewayHeaders.authorization]
    // It may stand in the others as well.
    takeFromKeyHeaders(headers, rules)
    const found = credentialOf(bearerOf(textOf(own)), 'X-Gantry-Authorization', rules)
    if (found) return found
    throw unknown(rules)
  }
  const { inAuthorization, inApiKey } = takeFromKeyHeaders(headers, rules)
  if (inAuthorization && inApiKey)
    throw new Failure(
      'malformed',
      'Authorization and X-API-Key both hold a credential of the gateway; send one of them, or the one that is meant as X-Gantry-Authorization',
      { field: 'X-API-Key' },
    )
  return inAuthorization ?? inApiKey ?? { kind: 'none' }
}
