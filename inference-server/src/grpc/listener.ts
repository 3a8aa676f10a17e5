import { createServer, type Server, type Socket } from 'node:net'
import type { Certificate } from '../certificate.ts'
import type { ServiceOptions } from './service.ts'

export interface GrpcListenerOptions extends ServiceOptions {
  /** undefined: HTTP/2 in the clear. */
  readonly certificate: Certificate | undefined
}

export interface GrpcListener {
  /** Not yet listening. */
  readonly server: Server
  /** Takes no more calls, and settles once those there are have ended. */
  readonly close: () => Promise<void>
}

type Loaded = { readonly inject: (socket: Socket) => void; readonly shutdown: () => Promise<void> }

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
    shutdown: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
  }
}

/**
 * Listens for gRPC at no cost: the library, a tenth of a second and 20 MB, loads with the first connection, which waits
 * for it.
 */
export const createGrpcListener = (options: GrpcListenerOptions): GrpcListener => {
  let loaded: Promise<Loaded> | undefined
  const accept = (socket: Socket): void => {
    // Until HTTP/2 takes over, nobody else hears that the caller has hung up.
    socket.on('error', () => socket.destroy())
    loaded ??= load(options)
    loaded.then(
      ({ inject }) => {
        inject(socket)
        socket.resume()
      },
      (error: unknown) => {
        options.log.error('gRPC cannot be loaded', { cause: String(error) })
        socket.destroy()
      },
    )
  }
  const server = options.certificate?.createGrpc(accept) ?? createServer({ pauseOnConnect: true }, accept)
  return {
    server,
    close: async () => {
      server.close()
      await (await loaded)?.shutdown()
    },
  }
}
