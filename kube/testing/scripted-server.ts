import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import type { Access } from '../credentials.ts'

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What the server does with one request. */
export type Step = (response: ServerResponse, request: SeenRequest) => void

export interface ScriptedServer {
  readonly access: Access
  readonly requests: readonly SeenRequest[]
  /** Resolves with the n-th request (from 1) once it was made. */
  readonly request: (n: number) => Promise<SeenRequest>
}

/** A real HTTP server that plays an API server: the n-th request gets the n-th step, those beyond get no answer. */
export const scriptedServer = async (t: TestContext, steps: readonly Step[]): Promise<ScriptedServer> => {
  const requests: SeenRequest[] = []
  const waiting = new Map<number, PromiseWithResolvers<SeenRequest>>()
  const arrival = (n: number): PromiseWithResolvers<SeenRequest> => {
    const known = waiting.get(n) ?? Promise.withResolvers<SeenRequest>()
    waiting.set(n, known)
    return known
  }
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server')
    const { method = '', headers } = request
    const seen = { method, path: pathname, query: searchParams, headers, body: await text(request) }
    requests.push(seen)
    steps[requests.length - 1]?.(response, seen)
    arrival(requests.length).resolve(seen)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    access: {
      server: new URL(`http://127.0.0.1:${port}`),
      credentials: async () => ({ headers: {}, options: {} }),
    },
    requests,
    request: (n) => arrival(n).promise,
  }
}

/** Answers with JSON, on a connection of its own unless told otherwise. */
export const json =
  (code: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Step =>
  (response) => {
    const all = { 'Content-Type': 'application/json', Connection: 'close', ...headers }
    response.writeHead(code, all).end(JSON.stringify(body))
  }

/** A Status object, as the API server refuses. */
export const refusal = (code: number, reason: string, headers: Readonly<Record<string, string>> = {}): Step =>
  json(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason }, headers)

/** A page of a list: items without kind, as the API server sends them. */
export const page = (resourceVersion: string, items: readonly unknown[], next?: string): Step =>
  json(200, { kind: 'PodList', metadata: { resourceVersion, ...(next ? { continue: next } : {}) }, items })

type Ending = 'end' | 'reset' | 'hold'

/** A watch: writes the pieces as they are, then ends in order, is torn, or stays open. */
export const watch =
  (pieces: readonly string[], ending: Ending): Step =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.flushHeaders()
    const finish = (): void => {
      if (ending === 'end') response.end()
      if (ending === 'reset') response.socket?.resetAndDestroy()
    }
    if (pieces.length === 0) return finish()
    // The reset must not overtake what was written.
    response.write(pieces.join(''), () => setTimeout(finish, 20))
  }

/** One event of a watch as its line. */
export const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`
