/** A gateway on a free port, and servers for it to ask: real ones, and some that only fail. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { folderServer } from '../../../inference-server/src/testing/server.ts'
import { defaultTimeoutMs, type Endpoint, type Model } from '../models/model.ts'
import { type Gateway, type ServeOptions, serve, type World } from '../serve.ts'

const root = join(import.meta.dirname, '../../..')

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway
  readonly url: string
  readonly probes: string
  readonly lines: readonly { readonly level: string; readonly message: string }[]
  readonly post: (
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>
}

/** One whose model shop/support has these endpoints, of the track stable where they are texts. */
export const support = (endpoints: readonly (string | Endpoint)[], more: Partial<Model> = {}): Model => ({
  namespace: 'shop',
  name: 'support',
  timeoutMs: defaultTimeoutMs,
  endpoints: endpoints.map((one) => (typeof one === 'string' ? { url: one, track: 'stable' } : one)),
  ...more,
})

export const testGateway = async (
  models: readonly Model[],
  options: Partial<ServeOptions> = {},
  world: Partial<World> = {},
): Promise<TestGateway> => {
  const lines: { level: string; message: string }[] = []
  const at = (level: string) => (message: string) => void lines.push({ level, message })
  const log = { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
  const gateway = await serve(
    {
      ...{ host: '127.0.0.1', port: 0, probePort: 0, allowedHosts: [], accessLog: false },
      ...{ maxConnections: 100, maxBodyBytes: 2 ** 20 },
      holding: { requests: 1000, bytes: 2 ** 26, ms: 20_000 },
      ...options,
    },
    {
      ...{ log, nowMs: () => performance.now(), instance: 'gateway-1', startedAt: '2026-11-26T10:00:00Z' },
      ...world,
    },
  )
  gateway.directory.apply(models)
  const url = `http://127.0.0.1:${gateway.port}`
  return {
    gateway,
    url,
    lines,
    probes: `http://127.0.0.1:${gateway.probePort}`,
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => gateway.stop(0),
  }
}

/** An inference server with one of the repository's models, under the name `support`. @param model folder from the root */
export const inferenceServer = (model = 'examples/breast-cancer/model', ...args: readonly string[]) =>
  folderServer(join(root, model), ['--name', 'support', ...args])

export interface Upstream extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly IncomingMessage[]
  /** Resolves once so many requests have come. */
  readonly until: (count: number) => Promise<void>
}

/** A server that does what a test of faults says. */
export const upstream = async (listener: RequestListener): Promise<Upstream> => {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    request.on('error', () => {})
    listener(request, response)
    server.emit('counted')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    until: async (count) => {
      while (requests.length < count) await once(server, 'counted')
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Settles when the connection of a request has ended. */
export const closed = (request: IncomingMessage | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (!request || request.destroyed) resolve()
    else request.once('close', () => resolve())
  })

/** An address at which nothing listens. */
export const nowhere = async (): Promise<string> => {
  const gone = await upstream(() => {})
  await gone[Symbol.asyncDispose]()
  return gone.url
}

/** A request of 30 numbers for the example's model. */
export const inferBody = {
  inputs: [
    {
      name: 'input',
      datatype: 'FP32',
      shape: [1, 30],
      data: Array.from({ length: 30 }, (_, at) => at + 0.5),
    },
  ],
}
export const inferPath = '/shop/support/v2/models/support/infer'
