/** An HTTP server that plays the API server, for answers that a real one gives rarely or never. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
}

/** An answer as JSON, or a function that writes one. Undefined is answered with 404. */
export type Play = (asked: Asked) => object | ((response: ServerResponse) => void) | undefined

export interface PlayedServer {
  /** Environment of a command that speaks with it. */
  readonly env: NodeJS.ProcessEnv
  readonly url: string
  readonly folder: string
  readonly asked: readonly Asked[]
  readonly close: () => void
}

const missing = {
  kind: 'Status',
  status: 'Failure',
  reason: 'NotFound',
  message: 'it is not found',
  code: 404,
}

const answer = (play: Play, asked: Asked[], request: IncomingMessage, response: ServerResponse): void => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const one = { method: request.method ?? '', path: url.pathname, query: url.searchParams }
  asked.push(one)
  request.resume()
  const played = play(one)
  if (typeof played === 'function') played(response)
  else {
    response.writeHead(played ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(played ?? missing))
  }
}

/** @param user how the kubeconfig logs in */
export const kubeconfigOf = (server: unknown, user: object = { token: 'x' }): object => ({
  clusters: [{ name: 'a', cluster: { server, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'a', user }],
  contexts: [{ name: 'a', context: { cluster: 'a', user: 'a', namespace: 'shop' } }],
  'current-context': 'a',
})

export const playServer = async (play: Play): Promise<PlayedServer> => {
  const asked: Asked[] = []
  const server = createServer((request, response) => answer(play, asked, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const folder = mkdtempSync(join(tmpdir(), 'gantry-api-'))
  const file = join(folder, 'kubeconfig')
  writeFileSync(file, JSON.stringify(kubeconfigOf(url)))
  const close = (): void => {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  }
  return { env: { KUBECONFIG: file }, url, folder, asked, close }
}
