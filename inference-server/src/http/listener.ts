/** The HTTP server: its connections and their ends, with TLS or without. */
import { createServer } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import type { RequestRecordsOptions } from '../observability/request-records.ts'
import { boundPort, endSoon, type Listener, untilClosed } from '../requests/port.ts'
import type { Certificate } from '../security/certificate.ts'
import { pathOf } from './address.ts'
import type { AppOptions } from './app.ts'
import { answeredBy } from './body.ts'
import { createConnections } from './connections.ts'
import { createEntrance, type EntranceOptions } from './entrance.ts'
import { createHttpRecords } from './records.ts'
import { createRoutes } from './routes.ts'
import { unreadable } from './unreadable.ts'

export interface ListenerOptions extends EntranceOptions, RequestRecordsOptions, Omit<AppOptions, 'records'> {
  /** undefined: HTTP in the clear. */
  readonly certificate: Certificate | undefined
  readonly maxConnections: number
}

/** Longer than the idle time of usual load balancers, so that they close connections and never meet one just closed. */
const keepAliveMs = 75_000
/** A caller has this time from connecting, or from the first byte of a later request, to the end of the headers. */
const headersMs = 20_000
/** Time limit for a whole request to arrive, milliseconds. */
const requestMs = 120_000
/** Longest time in which a caller takes nothing of its answer. */
const stalledMs = 30_000
/** How often Node checks for requests beyond their time limit, milliseconds. */
const requestLookMs = 1000

const timeouts = {
  keepAliveTimeout: keepAliveMs,
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: requestLookMs,
}

/**
 * Ends a connection whose bytes are no request, or no longer one. Where nothing at all has come there is nothing to answer, and
 * an answer that has begun stands.
 */
const endUnreadable = (code: string | undefined, socket: Socket, isAnswering: boolean): void => {
  if (!socket.writable || socket.bytesRead === 0) socket.destroy()
  else endSoon(socket, isAnswering ? '' : unreadable(code))
}

/** Creates the listener, before it listens. */
export const createListener = (options: ListenerOptions): Listener => {
  const { health, nowMs } = options
  const create = options.certificate?.createHttp ?? createServer
  const records = createHttpRecords(options)
  const entrance = createEntrance(options, records)
  const route = createRoutes({ ...options, records })

  const server = create(timeouts, (request, response) => {
    if (!connections.waits(request, response)) return
    answeredBy(request, response)
    // Node reads nothing more of a connection whose caller offered to speak something else on it.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
    const path = pathOf(request)
    if (entrance.enter(request, response, path)) route(request, response, path)
  })
  server.once('listening', () => entrance.listens((server.address() as AddressInfo).address))
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
