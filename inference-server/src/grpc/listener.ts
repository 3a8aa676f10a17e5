import { createServer, type Socket } from 'node:net'
import { boundPort, type Listener, untilClosed } from '../requests/port.ts'
import type { Certificate } from '../security/certificate.ts'
import { createPrefaces } from './preface.ts'
import type { ServiceOptions } from './service.ts'
import { createSessions } from './sessions.ts'

export interface GrpcListenerOptions extends ServiceOptions {
  /** undefined: HTTP/2 in the clear. */
  readonly certificate: Certificate | undefined
  readonly maxConnections: number
  /** Whether any request is being computed. */
  readonly isComputing: () => boolean
}

interface Loaded {
  readonly inject: (socket: Socket) => void
  /** Refuses new calls, and lets open ones end. */
  readonly shutdown: () => void
}

const load = async (options: ServiceOptions): Promise<Loaded> => {
  const [{ createGrpcServer }, { ServerCredentials, setLogger }] = await Promise.all([
    import('./service.ts'),
    import('@grpc/grpc-js'),
  ])
  // The library would print a line for each call that breaks its rules, between our JSON ones and without end.
  const tell = (cause: unknown): void => options.log.debug('gRPC', { cause: String(cause) })
  setLogger({ error: tell, info: tell, debug: tell })
  const server = createGrpcServer(options)
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure())
  return {
    inject: (socket) => injector.injectConnection(socket),
    shutdown: () => server.tryShutdown(() => {}),
  }
}

/**
 * Listens for gRPC at no cost: the library, a tenth of a second and 20 MB, loads with the first connection that speaks
 * HTTP/2, which waits for it.
 */
export const createGrpcListener = (options: GrpcListenerOptions): Listener => {
  const { certificate, nowMs, log, isComputing } = options
  let loaded: Promise<Loaded> | undefined
  const sessions = createSessions(nowMs)
  const prefaces = createPrefaces(nowMs, (socket) => {
    sessions.follow(socket)
    loaded ??= load(options)
    loaded.then(
      ({ inject }) => {
        if (socket.destroyed) return
        inject(socket)
        socket.resume()
      },
      (error: unknown) => {
        log.error('gRPC cannot be loaded', { cause: String(error) })
        socket.destroy()
      },
    )
  })
  const accept = (socket: Socket): void => {
    // No other listener handles the error of a connection that the client has closed, until HTTP/2 takes over.
    socket.on('error', () => socket.destroy())
    prefaces.follow(socket)
  }
  const server = certificate?.createGrpc(accept) ?? createServer({ pauseOnConnect: true }, accept)
  const port = boundPort(
    server,
    options,
    (newest) => prefaces.giveWay(newest) || (!isComputing() && sessions.giveWay()),
  )
  return {
    server,
    close: (mostMs) =>
      untilClosed({
        close: (closed) => {
          server.close(() => closed())
          loaded?.then(({ shutdown }) => shutdown()).catch(() => {})
        },
        look: (quietMs) => {
          port.cutHandshakes(quietMs)
          prefaces.cut(quietMs)
          sessions.cutQuiet(quietMs, isComputing())
        },
        cutAll: () => {
          port.cutHandshakes(0)
          prefaces.cut(0)
          sessions.cutAll()
        },
        mostMs,
        nowMs,
      }),
  }
}
