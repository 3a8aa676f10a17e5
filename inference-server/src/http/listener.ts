/**
 * The server in front: probes and inference on bare node:http, because express costs more than a tiny model does;
 * everything else goes to the express app, which loads when it is first needed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { paths } from '@gantry/contract/server.ts'
import { asFailure, Failure } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import { logFailure } from '../observability/failure-log.ts'
import { openaiFailure } from '../openai/answer.ts'
import type { Log } from '../process/log.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import type { Caller } from '../requests/caller.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import { boundPort, endSoon, type Listener, untilClosed } from '../requests/port.ts'
import { beginTrace, traceparent } from '../requests/traceparent.ts'
import { isOpen } from '../security/api-keys.ts'
import type { Certificate } from '../security/certificate.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { AppOptions } from './app.ts'
import { answeredBy } from './body.ts'
import { httpCaller } from './caller.ts'
import { createConnections } from './connections.ts'
import { attach, exchangeOf } from './exchange.ts'
import { createFramingCheck } from './framing.ts'
import { infer } from './infer.ts'
import { replyFailure, replyJson } from './reply.ts'
import { entryOf, type Outcome, tracedOf } from './request-entry.ts'
import { type SiteRules, siteCheckOf } from './site.ts'
import { unreadable } from './unreadable.ts'

export interface ListenerOptions extends SiteRules, Omit<AppOptions, 'onAnswered' | 'onFailure'> {
  readonly log: Log
  readonly requestLog: RequestLog | undefined
  readonly tracing: Tracing | undefined
  /** undefined: HTTP in the clear. */
  readonly certificate: Certificate | undefined
  readonly maxConnections: number
}

/** Longer than the idle time of usual load balancers, so that they close connections and never meet one just closed. */
const keepAliveMs = 75_000
/** A caller has this time from connecting, or from the first byte of a later request, to the end of the headers. */
const headersMs = 20_000
/** A whole request has to arrive within this time. */
const requestMs = 120_000
/** Longest time in which a caller takes nothing of its answer. */
const stalledMs = 30_000
/** How often Node looks for requests that take longer. */
const requestLookMs = 1000

const timeouts = {
  keepAliveTimeout: keepAliveMs,
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: requestLookMs,
}

const inferPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/infer$/

const plainPath = /^\/(?:(predict|chat|analyze)|v1\/((?:chat\/)?completions|embeddings))$/

const endpointOf = (path: string): Endpoint | undefined => {
  if (inferPath.test(path)) return 'infer'
  const [, plain, openai] = plainPath.exec(path) ?? []
  return (plain ?? openai) as Endpoint | undefined
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Failure('malformed', 'the address does not decode')
  }
}

/** Without a slash at its end, which express ignores too. */
const pathOf = (request: IncomingMessage): string => {
  const given = request.url ?? '/'
  // A proxy may be asked with the whole address (RFC 9112, 3.2.2); whose it is, is not looked at in the Host header either.
  const url = given[0] === '/' ? given : given.replace(/^https?:\/\/[\w.:[\]-]+(?=[/?]|$)/i, '')
  const query = url.indexOf('?')
  const end = query < 0 ? url.length : query
  return url.slice(0, end > 1 && url[end - 1] === '/' ? end - 1 : end)
}

/**
 * Ends a connection whose bytes are no request, or no longer one. Where nothing at all has come there is nothing to answer, and
 * an answer that has begun stands.
 */
const endUnreadable = (code: string | undefined, socket: Socket, isAnswering: boolean): void => {
  if (!socket.writable || socket.bytesRead === 0) socket.destroy()
  else endSoon(socket, isAnswering ? '' : unreadable(code))
}

/** Not yet listening. */
export const createListener = (options: ListenerOptions): Listener => {
  const {
    health,
    metrics,
    log,
    registry,
    nowMs,
    bodies,
    maxAnswerBytes,
    answers,
    apiKeys,
    requestLog,
    tracing,
  } = options
  const create = options.certificate?.createHttp ?? createServer
  const shortPath = `/v2/models/${encodeURIComponent(registry.name)}/infer`

  const record = (request: IncomingMessage, endpoint: Endpoint, outcome: Outcome): void => {
    const exchange = exchangeOf(request)
    if (!exchange) return
    if (exchange.logged) requestLog?.record(entryOf(request, exchange, endpoint, outcome))
    tracing?.record(tracedOf(exchange, endpoint, outcome, nowMs()))
  }
  const onAnswered = (endpoint: Endpoint, caller: Caller, request: IncomingMessage): void => {
    metrics.answered(endpoint, caller)
    record(request, endpoint, { caller })
  }
  const onFailure = (
    endpoint: Endpoint | undefined,
    failure: Failure,
    request: IncomingMessage,
    caller?: Caller,
  ): void => {
    if (endpoint) {
      metrics.failed(endpoint, failure.kind, caller?.usage.model?.version)
      record(request, endpoint, { failure, caller })
    }
    logFailure(log, failure, { path: pathOf(request), traceId: exchangeOf(request)?.trace.traceId })
  }
  const refuse = (
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
    caller?: Caller,
  ): void => {
    const failure = asFailure(error)
    onFailure(caller && 'infer', failure, request, caller)
    replyFailure(request, response, failure)
  }

  /** What a request carries to its end, where anybody will ask for it. */
  const begin = (request: IncomingMessage, response: ServerResponse, caller?: string): void => {
    const header = request.headers['traceparent']
    const trace = beginTrace(typeof header === 'string' ? header : undefined, options)
    if (!trace) return
    const logged = requestLog?.samples(trace) ?? false
    response.setHeader('traceparent', traceparent(trace))
    const contents = logged && requestLog?.contents === true
    attach(request, { trace, startedMs: nowMs(), logged, contents, caller })
  }
  const checkFraming = createFramingCheck()
  /** undefined: whoever reaches the server may ask it from wherever he likes. */
  let checkSite: ((request: IncomingMessage) => void) | undefined
  /** @throws Failure malformed, not-implemented, forbidden, unauthenticated */
  const admit = (request: IncomingMessage, path: string): string | undefined => {
    checkFraming(request)
    checkSite?.(request)
    const { method, headers } = request
    if (!apiKeys || isOpen(method, path)) return undefined
    const key = headers['x-api-key']
    return apiKeys.admit(headers.authorization, typeof key === 'string' ? key : undefined)
  }

  const answerInfer = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> => {
    let found: Served | undefined
    const caller = httpCaller(response)
    try {
      if (path === shortPath) found = registry.ready()
      else {
        const [, asked = '', version] = inferPath.exec(path) ?? []
        found = registry.find(decode(asked), version === undefined ? undefined : decode(version))
      }
      found.callers.enter()
      caller.usage.model = found.model
      await infer(found, request, response, { bodies, maxAnswerBytes, answers, nowMs, caller })
      onAnswered('infer', caller, request)
    } catch (error) {
      refuse(error, request, response, caller)
    } finally {
      found?.callers.leave()
    }
  }

  const probe = (response: ServerResponse, reason: string | undefined): void =>
    reason === undefined ? replyJson(response, 200, {}) : replyJson(response, 503, { error: reason })

  let app: Promise<ReturnType<typeof import('./app.ts').createApp>> | undefined
  const loadApp = async () => (await import('./app.ts')).createApp({ ...options, onAnswered, onFailure })
  const fallback = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    app ??= loadApp()
    const handle = await app
    handle(request, response)
  }

  /** Whether the request may go on; where not, it is answered. */
  const enter = (request: IncomingMessage, response: ServerResponse, path: string): boolean => {
    try {
      begin(request, response, admit(request, path))
      return true
    } catch (error) {
      begin(request, response)
      const failure = asFailure(error)
      // What follows on the connection may have been meant for another server, or by another caller.
      if (failure.kind !== 'unauthenticated') response.shouldKeepAlive = false
      onFailure(endpointOf(path), failure, request)
      const body = path.startsWith('/v1/') ? JSON.stringify(openaiFailure(failure)) : undefined
      replyFailure(request, response, failure, body)
      return false
    }
  }

  const route = (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> | void => {
    if (request.method === 'POST') {
      return path === shortPath || inferPath.test(path)
        ? answerInfer(request, response, path)
        : fallback(request, response)
    }
    if (request.method === 'GET' || request.method === 'HEAD') {
      if (path === paths.ready) return probe(response, health.unready())
      if (path === paths.live) return probe(response, health.sick())
    }
    return fallback(request, response)
  }

  const server = create(timeouts, (request, response) => {
    if (!connections.waits(request, response)) return
    answeredBy(request, response)
    // Node reads nothing more of a connection whose caller offered to speak something else on it.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
    const path = pathOf(request)
    if (!enter(request, response, path)) return
    const answered = route(request, response, path)
    if (answered) {
      answered.catch((error: unknown) => refuse(error, request, response))
    }
  })
  server.once('listening', () => {
    checkSite = siteCheckOf((server.address() as AddressInfo).address, options)
  })
  const isSecure = options.certificate !== undefined
  const connections = createConnections({ server, isSecure, nowMs, stalledMs })
  const port = boundPort(server, options, connections.giveWay)
  health.onDraining(connections.closeAfterAnswers)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    endUnreadable(error.code, socket, connections.isAnswering(socket)),
  )
  return {
    server,
    close: (mostMs) =>
      untilClosed({
        // HTTP's own close looks for idle connections first, and who connects meanwhile would be reset; it also ends all timeouts.
        close: (closed) => NetServer.prototype.close.call(server, closed),
        look: (quietMs) => {
          port.cutHandshakes(quietMs)
          connections.cutQuiet(quietMs)
        },
        cutAll: () => {
          port.cutHandshakes(0)
          connections.cutAll()
        },
        mostMs,
        nowMs,
      }),
  }
}
