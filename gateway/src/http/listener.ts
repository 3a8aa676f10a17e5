/** The port of requests: HTTP/1.1 and, by their first bytes, connections of HTTP/2, which gRPC speaks, and of TLS. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { StartError } from '../failure.ts'
import type { GrpcServer } from '../grpc/server.ts'
import type { Certificate } from '../tls/certificate.ts'
import { createConnections, type PortOwner } from './connections.ts'
import { lookEvery, type Patience } from './patience.ts'
import { unreadable } from './unreadable.ts'

export interface ListenerOptions {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  readonly maxConnections: number
  readonly patience: Patience
  readonly nowMs: () => number
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  readonly http2: GrpcServer
  /** undefined: connections over TLS are not taken. */
  readonly certificate: Pick<Certificate, 'secure'> | undefined
}

export interface Listener {
  readonly port: number
  /** Takes a connection that came by the port of one model. */
  readonly take: (socket: Socket, owner: PortOwner) => void
  /** Every answer is the last one of its connection from now on; new connections are still taken. */
  readonly leave: () => void
  /** Takes no more connections; what has come is answered. @param mostMs after which the rest is cut */
  readonly close: (mostMs: number) => Promise<void>
}

/** A caller has this time to close a connection that has been ended. */
const farewellMs = 1000

const preface = Buffer.from('PRI')
/** First byte of a TLS connection: a record of the handshake (RFC 8446, 5.1). */
const handshakeRecord = 0x16

type Spoken = 'http1' | 'http2' | 'tls'

/** Calls back with the connection, paused and with all bytes unread, once it is known which protocol it speaks. */
const tellApart = (socket: Socket, headersMs: number, known: (spoken: Spoken) => void): void => {
  let received: Buffer = Buffer.alloc(0)
  const late = setTimeout(() => socket.destroy(), headersMs).unref()
  const take = (chunk: Buffer): void => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const length = Math.min(received.length, preface.length)
    const mayBe = received.compare(preface, 0, length, 0, length) === 0
    if (mayBe && length < preface.length) return
    leave()
    socket.pause()
    socket.unshift(received)
    known(received[0] === handshakeRecord ? 'tls' : mayBe ? 'http2' : 'http1')
  }
  const end = (): void => void socket.destroy()
  const leave = (): void => {
    clearTimeout(late)
    socket.off('data', take).off('end', end).off('close', leave).off('error', end)
  }
  socket.on('data', take).once('end', end).once('close', leave).on('error', end)
}

/** Nothing is answered where nothing has come, and an answer that has begun stands. */
const endUnreadable = (code: string | undefined, socket: Socket, isAnswering: boolean): void => {
  if (!socket.writable || socket.bytesRead === 0) return void socket.destroy()
  socket.end(isAnswering ? '' : unreadable(code))
  setTimeout(() => socket.destroy(), farewellMs).unref()
}

/** A shorter turn of the event loop handled nothing: there was no new connection and no request. Milliseconds. */
const emptyTurnMs = 0.1
/** A load that leaves no empty turn must not keep the port open. */
const mostTurns = 1000

/** Settles right after a look at the port that found no new connection: one that is not accepted yet is reset when a port closes. */
export const untilNoConnection = async (server: NetServer, nowMs: () => number): Promise<void> => {
  let accepted = 0
  const count = (): void => {
    accepted += 1
  }
  server.on('connection', count)
  for (let turn = 0, isEmpty = false; turn < mostTurns && !isEmpty; turn++) {
    const before = accepted
    const sinceMs = nowMs()
    await new Promise(setImmediate)
    isEmpty = accepted === before && nowMs() - sinceMs < emptyTurnMs
  }
  server.off('connection', count)
}

/** @throws StartError where the port cannot be opened */
const open = async (server: NetServer, port: number, host: string): Promise<void> => {
  try {
    await once(server.listen(port, host), 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new StartError(
      `port ${port} of ${host} cannot be opened (${code ?? message}); choose another with --port`,
      1,
    )
  }
}

/** @throws StartError where the port cannot be opened */
export const listen = async ({
  host,
  port,
  maxConnections,
  nowMs,
  handle,
  http2,
  certificate,
  patience,
}: ListenerOptions): Promise<Listener> => {
  const connections = createConnections({ most: maxConnections, nowMs, unreadMs: patience.unreadMs })
  const server = createServer(
    {
      keepAliveTimeout: patience.idleMs,
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: lookEvery(Math.min(patience.headersMs, patience.requestMs)),
    },
    (request, response) => {
      if (!connections.asked(response)) return
      // Node reads nothing more of a connection whose caller offered to speak something else on it.
      if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
      handle(request, response)
    },
  )
  // Node would drop headers beyond a number silently; the bound of their size holds instead.
  server.maxHeadersCount = 0
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    endUnreadable(error.code, socket, connections.isAnswering(socket)),
  )
  const [serve] = server.listeners('connection')
  server.removeAllListeners('connection')
  const takeHttp2 = (socket: Socket, owner?: PortOwner): void =>
    http2.take(socket, (by) => connections.count(socket, by), owner)
  const takeTls = (socket: Socket, owner?: PortOwner): void =>
    certificate?.secure(socket, (secured) => {
      connections.secured(socket, secured)
      if (secured.alpnProtocol === 'h2') takeHttp2(secured, owner)
      else serve?.call(server, secured)
    })
  const take = (socket: Socket, owner?: PortOwner): void => {
    connections.opened(socket, owner)
    tellApart(socket, patience.headersMs, (spoken) => {
      if (spoken === 'http2') return takeHttp2(socket, owner)
      if (spoken === 'tls' && certificate) return takeTls(socket, owner)
      serve?.call(server, socket)
      socket.resume()
    })
  }
  server.on('connection', (socket: Socket) => take(socket))
  await open(server, port, host)
  return {
    port: (server.address() as AddressInfo).port,
    take,
    leave: connections.leave,
    close: async (mostMs) => {
      connections.leave()
      http2.leave()
      await untilNoConnection(server, nowMs)
      let isOpen = true
      // HTTP's own close ends the timeouts of requests that are still arriving.
      const closed = new Promise<void>((resolve) => {
        NetServer.prototype.close.call(server, () => {
          isOpen = false
          resolve()
        })
      })
      const untilMs = nowMs() + mostMs
      const idleMs = 50
      while (isOpen) {
        if (nowMs() < untilMs) connections.cutIdle(idleMs)
        else connections.cutAll()
        await Promise.race([closed, pause(idleMs)])
      }
      connections.cutAll()
      server.close()
    },
  }
}
