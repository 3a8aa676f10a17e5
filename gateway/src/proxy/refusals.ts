/** What a caller is told when no endpoint has answered. */
import type { ServedModel } from '../balancing/served-model.ts'
import { Failure } from '../failure.ts'

const retryAfterSeconds = 1

/** Errors of a connection that was never made: the endpoint has not seen the request. */
const unconnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  // The endpoint left the model between the choice and the request.
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
])

/** Codes of certificates that cannot be verified, which Node takes from OpenSSL. Nothing has been sent then either. */
const distrusted =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_(?:VERIFY|GET|DECODE|DECRYPT)_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH)/

const codeOf = (error: Error): string | undefined => (error as NodeJS.ErrnoException).code

/** What undici refuses to send, or finds wrong with what the caller sent: the endpoint is not to blame. */
const callers: ReadonlySet<string> = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

/** @returns the refusal of a request that cannot be sent to any endpoint; undefined for every other error */
export const callersFault = (error: Error): Failure | undefined => {
  if (error instanceof Failure) return error
  if (!callers.has(codeOf(error) ?? '')) return undefined
  return new Failure('malformed', `the request cannot be passed on: ${error.message}`)
}

const isDistrusted = (error: Error): boolean => distrusted.test(codeOf(error) ?? '')

export const isUnconnected = (error: Error): boolean =>
  unconnected.has(codeOf(error) ?? '') || isDistrusted(error)

export const noEndpoint = ({ key, model }: ServedModel): Failure =>
  new Failure(
    'unavailable',
    `no endpoint of ${key} is ready: ${model().unready ?? 'there is none at present'}; try again later`,
    { retryAfterSeconds },
  )

export const tooLate = ({ key, model }: ServedModel): Failure =>
  new Failure('timeout', `${key} has not answered within ${model().timeoutMs / 1000} s`)

export const tooSlow = ({ model }: ServedModel): Failure =>
  new Failure(
    'body-timeout',
    `no part of the body has come for ${model().timeoutMs / 1000} s; send it at once`,
  )

export const unanswered = ({ key }: ServedModel, error: Error): Failure => {
  const code = codeOf(error) ?? error.message
  if (isDistrusted(error))
    return new Failure(
      'unavailable',
      `the certificate of the endpoint of ${key} cannot be verified (${code}); ca.crt of the gateway's certificate has to hold its authority, and it has to name the model's Service`,
      { retryAfterSeconds },
    )
  if (isUnconnected(error))
    return new Failure('unavailable', `no endpoint of ${key} could be reached (${code}); try again later`, {
      retryAfterSeconds,
    })
  return new Failure(
    'bad-answer',
    `the endpoint of ${key} ended the connection without an answer (${code}); try again`,
  )
}
