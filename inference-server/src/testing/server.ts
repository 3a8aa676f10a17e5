/** A server of a tiny model inside the test's process. */

import { loadConfig } from '../config/config.ts'
import type { ServerConfig } from '../config/server-config.ts'
import type { Log } from '../process/log.ts'
import { type Serving, serve } from '../serve/serve.ts'
import type { WorkerThread } from '../sessions/member.ts'
import type { StartWorker } from '../sessions/model-runners.ts'
import { modelFolder } from './models.ts'
import type { Graph, OpenValue } from './onnx.ts'

interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export const memoryLog = (): Log & { readonly lines: readonly LogLine[] } => {
  const lines: LogLine[] = []
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push({ level, message, fields })
  return {
    lines,
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    flush: async () => {},
  }
}

/** Asks a server. */
export interface TestClient {
  /** POST of JSON, given as a value or as it is. */
  readonly post: (
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>
  readonly get: (path: string) => Promise<Response>
}

export const clientOf = (url: string): TestClient => ({
  get: (path) => fetch(url + path),
  post: (path, body, headers = {}) => {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    return fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: raw ? (body as string) : JSON.stringify(body),
    })
  },
})

export interface TestServer extends TestClient, AsyncDisposable {
  readonly url: string
  readonly serving: Serving
  readonly lines: readonly LogLine[]
}

/**
 * Serves under the name `m` on free ports.
 * @param args of the command line, --model or --repository among them
 */
const startServer = async (args: readonly string[], start?: StartWorker): Promise<TestServer> => {
  // Tests that pass workers want all runs to use them.
  const inline = start ? ['--inline-ms', '0', '--lanes', 'off'] : []
  // Requests that are written byte by byte call the server m, too.
  const named = ['--name', 'm', '--allowed-hosts', 'm', '--port', '0', '--grpc-port', '0']
  const config = loadConfig([...named, ...inline, ...args])
  const log = memoryLog()
  const serving = await serve(config as ServerConfig, log, '0.0.0-test', start)
  const url = `http://127.0.0.1:${serving.port}`
  return {
    url,
    serving,
    lines: log.lines,
    ...clientOf(url),
    [Symbol.asyncDispose]: () => serving.stop(0),
  }
}

/**
 * Serves a model folder.
 * @param args further command line options
 * @param start starts a worker that is not the real one
 */
export const folderServer = (
  dir: string,
  args: readonly string[] = [],
  start?: () => WorkerThread,
): Promise<TestServer> => startServer(['--model', dir, ...args], start)

/** Serves a folder of versions. */
export const repositoryServer = (
  dir: string,
  args: readonly string[] = [],
  start?: StartWorker,
): Promise<TestServer> => startServer(['--repository', dir, ...args], start)

/** Serves `graph` out of a temporary folder. */
export const testServer = async (
  graph: Graph<OpenValue>,
  args: readonly string[] = [],
  start?: () => WorkerThread,
): Promise<TestServer> => {
  const folder = await modelFolder(graph)
  const server = await folderServer(folder.dir, args, start)
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}
