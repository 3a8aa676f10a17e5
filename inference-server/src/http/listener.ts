/**
 * The server in front: probes and inference on bare node:http, because express costs more than a tiny model does;
 * everything else goes to the express app, which loads when it is first needed.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { paths } from '@gantry/contract/server.ts'
import { asFailure, Failure } from '../errors.ts'
import { logFailure } from '../failure-log.ts'
import type { Log } from '../log.ts'
import type { Endpoint } from '../metrics.ts'
import type { Served } from '../served.ts'
import type { AppOptions } from './app.ts'
import { infer } from './infer.ts'
import { failureBody, replyFailure, replyJson } from './reply.ts'

export interface ListenerOptions extends Omit<AppOptions, 'onFailure'> {
  readonly log: Log
  /** Name of the model. */
  readonly name: string
}

/** Longer than the idle time of usual load balancers, so that they close connections and never meet one just closed. */
const keepAliveMs = 75_000
/** A whole request has to arrive within this time. */
const requestMs = 120_000

const inferPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/infer$/

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Failure('malformed', 'the address does not decode')
  }
}

const pathOf = (request: IncomingMessage): string => {
  const url = request.url ?? '/'
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}

/** Not yet listening. */
export const createListener = (options: ListenerOptions): Server => {
  const { health, metrics, log, name, registry, nowMs, maxBodyBytes } = options
  const shortPath = `/v2/models/${encodeURIComponent(name)}/infer`

  const onFailure = (endpoint: Endpoint | undefined, failure: Failure, request: IncomingMessage): void => {
    if (endpoint) metrics.failed(endpoint, failure.kind)
    logFailure(log, failure, { path: pathOf(request), traceparent: request.headers['traceparent'] })
  }

  const answerInfer = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> => {
    try {
      let found: Served
      if (path === shortPath) found = registry.ready()
      else {
        const [, asked = '', version] = inferPath.exec(path) ?? []
        found = registry.find(decode(asked), version === undefined ? undefined : decode(version))
      }
      metrics.answered('infer', await infer(found, request, response, { maxBodyBytes, nowMs }))
    } catch (error) {
      const failure = asFailure(error)
      onFailure('infer', failure, request)
      replyFailure(request, response, failure)
    }
  }

  const probe = (response: ServerResponse, reason: string | undefined): void =>
    reason === undefined ? replyJson(response, 200, {}) : replyJson(response, 503, { error: reason })

  let app: Promise<ReturnType<typeof import('./app.ts').createApp>> | undefined
  const loadApp = async () => (await import('./app.ts')).createApp({ ...options, onFailure })
  const fallback = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    app ??= loadApp()
    const handle = await app
    handle(request, response)
  }

  const route = (request: IncomingMessage, response: ServerResponse): Promise<void> | void => {
    // Whoever keeps a connection to a server that is about to go has to come back on another one.
    if (health.phase() === 'draining' || health.phase() === 'closing') response.shouldKeepAlive = false
    const path = pathOf(request)
    if (request.method === 'POST') {
      return path === shortPath || inferPath.test(path)
        ? answerInfer(request, response, path)
        : fallback(request, response)
    }
    if (request.method === 'GET' && path === paths.ready) return probe(response, health.unready())
    if (request.method === 'GET' && path === paths.live) return probe(response, health.sick())
    return fallback(request, response)
  }

  const server = createServer(
    { keepAliveTimeout: keepAliveMs, requestTimeout: requestMs },
    (request, response) => {
      const answered = route(request, response)
      if (answered) {
        answered.catch((error: unknown) => {
          const failure = asFailure(error)
          onFailure(undefined, failure, request)
          replyFailure(request, response, failure)
        })
      }
    },
  )
  server.on('clientError', (_error, socket) => {
    if (!socket.writable) return
    const body = failureBody(new Failure('malformed', 'this is not an HTTP request that can be read'))
    socket.end(
      `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
  })
  return server
}
