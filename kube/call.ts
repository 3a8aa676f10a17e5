import { ApiError } from './errors.ts'
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

const statusOf = (body: string): StatusBody => {
  try {
    return JSON.parse(body) as StatusBody
  } catch {
    return {} // something between us and the API server answered in its own way
  }
}

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

export const createCall = (transport: Pick<Transport, 'send'>, onCall: OnCall): CallApi => {
  const callText = createCallText(transport, onCall)
  return async <T>(verb: string, resource: Resource, request: Call): Promise<T> =>
    JSON.parse(await callText(verb, resource, request)) as T
}
