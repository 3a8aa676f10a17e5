import { ApiError } from './errors.ts'
import { isObject } from './json-object.ts'
import type { Resource } from './objects.ts'
import type { Answer, Call, Transport } from './transport.ts'

/** Called for every answered call. `verb` is Kubernetes' own name for it. */
export type OnCall = (call: {
  readonly verb: string
  readonly resource: string
  readonly code: number
}) => void

/** Makes one call and answers with the text of its body. @throws ApiError for an answer that is a refusal */
export type CallText = (verb: string, resource: Resource, request: Call) => Promise<string>

/** Makes one call and answers with the JSON of its body. @throws ApiError for an answer that is a refusal */
export type CallApi = <T>(verb: string, resource: Resource, request: Call) => Promise<T>

interface StatusBody {
  readonly reason?: string
  readonly message?: string
  readonly details?: { readonly retryAfterSeconds?: number }
}

/** Undefined for what is no JSON object: something between us and the API server answered in its own way. */
const objectIn = (body: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const statusOf = (body: string): StatusBody => {
  const { reason, message, details } = objectIn(body) ?? {}
  return {
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(isObject(details) ? { details } : {}),
  }
}

/** A success that no API server gives, such as the page by which a proxy asks to log in. */
export const foreignAnswer = (named: string, code = 200): ApiError =>
  new ApiError(code, 'ForeignAnswer', `${named} was answered with something else than a Kubernetes object`)

/** @param named what was asked, for a message that makes sense without the request */
export const refusal = (named: string, { code, headers, body }: Answer): ApiError => {
  const status = statusOf(body)
  const seconds = Number(headers['retry-after'] ?? status.details?.retryAfterSeconds)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
  const message = status.message ?? `${named} was answered with HTTP ${code}`
  return new ApiError(code, status.reason ?? 'Unknown', message, retryAfterMs)
}

export const createCallText =
  (transport: Pick<Transport, 'send'>, onCall: OnCall): CallText =>
  async (verb, resource, request) => {
    const answer = await transport.send(request)
    onCall({ verb, resource: resource.plural, code: answer.code })
    if (answer.code >= 300) throw refusal(`${request.method} ${request.path}`, answer)
    return answer.body
  }

/** @throws ApiError where it is no JSON object */
const objectOf = (named: string, body: string): unknown => {
  const object = objectIn(body)
  if (object) return object
  throw foreignAnswer(named)
}

export const createCall = (transport: Pick<Transport, 'send'>, onCall: OnCall): CallApi => {
  const callText = createCallText(transport, onCall)
  return async <T>(verb: string, resource: Resource, request: Call): Promise<T> =>
    objectOf(`${request.method} ${request.path}`, await callText(verb, resource, request)) as T
}
