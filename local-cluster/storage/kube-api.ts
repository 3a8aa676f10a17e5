import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'

export type ApiAccess = {
  readonly server: string
  /** PEM texts. */
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * The few calls the provisioner makes. A client library with every API of Kubernetes would hold 120 MB for as long
 * as the cluster runs.
 */
export const kubeApi = ({ server, ...tls }: ApiAccess) => {
  const open = (method: string, path: string, body?: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) }
      const call = request(new URL(path, server), { ...tls, method, headers })
      call.on('error', reject).on('response', (response) => resolve(response))
      call.setTimeout(30_000, () => call.destroy(new Error(`${method} ${path}: no answer for 30 s`)))
      call.end(body)
    })

  const call = async (method: string, path: string, object?: unknown): Promise<unknown> => {
    const response = await open(method, path, object === undefined ? undefined : JSON.stringify(object))
    const answer = await text(response)
    const status = response.statusCode ?? 0
    if (status >= 400) throw new ApiError(status, `${method} ${path}: ${status} ${answer.slice(0, 300)}`)
    return JSON.parse(answer)
  }

  const list = async <T>(path: string): Promise<readonly T[]> =>
    ((await call('GET', path)) as { items: T[] }).items

  /** Calls `onChange` whenever anything is said about the kind; resolves when the server ends the stream. */
  const follow = async (path: string, onChange: () => void): Promise<void> => {
    const response = await open('GET', `${path}?watch=true&timeoutSeconds=300`)
    if (response.statusCode !== 200) throw new ApiError(response.statusCode ?? 0, `watch ${path} was refused`)
    response.socket.setTimeout(0) // a quiet watch is a healthy one; the server ends it after timeoutSeconds
    response.on('data', onChange)
    await new Promise((resolve, reject) => response.once('end', resolve).once('error', reject))
  }

  return { call, list, follow }
}

export type KubeApi = ReturnType<typeof kubeApi>
