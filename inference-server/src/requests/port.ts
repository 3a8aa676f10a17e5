/** What holds for every connection of a port, HTTP or gRPC, in the clear or over TLS: their number is bounded, and each one ends. */
import type { Server, Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Server as TlsServer } from 'node:tls'
import type { Log } from '../process/log.ts'

/** A port of the server and its connections. */
export interface Listener {
  /** The server, before it listens. */
  readonly server: Server
  /**
   * Closes the port, answers those for whom something is being computed, and ends all other connections within two seconds.
   * @param mostMs after which the last ones end too
   */
  readonly close: (mostMs: number) => Promise<void>
}

export interface PortOptions {
  /** Most connections at a time. */
  readonly maxConnections: number
  readonly nowMs: () => number
  readonly log: Log
}

export interface Port {
  /** Closes connections without a finished TLS handshake `olderThanMs` after they were made. @returns whether there were any */
  readonly cutHandshakes: (olderThanMs: number) => boolean
}

/** A caller has this time to close a connection that the server has ended; then the descriptor is freed without it. */
const farewellMs = 1000

/** Least time between two lines of the log about a port that is full. */
const fullLineMs = 60_000

/** A TLS handshake takes as long as a few packets do. */
const handshakeMs = 1000

/** The answer leaves, then the connection goes, whether the caller takes the answer and hangs up or not. */
export const endSoon = (socket: Socket, text: string): void => {
  socket.end(text)
  setTimeout(() => socket.destroy(), farewellMs).unref()
}

const destroyOnceEnded = (socket: Socket): void => {
  socket.once('finish', () => {
    setTimeout(() => socket.destroy(), farewellMs).unref()
  })
}

/** @returns tells the log that a port was full @param port where it listens */
const fullLines = ({ maxConnections, nowMs, log }: PortOptions): ((port: number | undefined) => void) => {
  let ended = 0
  let loggedMs = Number.NEGATIVE_INFINITY
  return (port) => {
    ended += 1
    if (nowMs() - loggedMs < fullLineMs) return
    log.warn('connections were ended for others; --max-connections says how many may be open on a port', {
      port,
      maxConnections,
      ended,
    })
    loggedMs = nowMs()
    ended = 0
  }
}

/**
 * Connections of a full port that wait for no answer are ended for new ones, one for each. If new ones were turned away instead,
 * a client that opens many connections and sends nothing would shut out all others, probes too.
 */
const limitConnections = (
  server: Server,
  options: PortOptions,
  makeRoom: (newest: Socket) => boolean,
): void => {
  const tell = fullLines(options)
  let open = 0
  server.on('connection', (socket: Socket) => {
    open += 1
    socket.once('close', () => {
      open -= 1
    })
    if (open <= options.maxConnections) return
    tell(socket.localPort)
    if (!makeRoom(socket)) socket.destroy()
  })
}

interface Handshake {
  readonly socket: Socket
  readonly sinceMs: number
}

const sameConnection = (a: Socket, b: Socket): boolean =>
  a.remotePort === b.remotePort && a.remoteAddress === b.remoteAddress && a.localAddress === b.localAddress

/** The TCP sockets whose handshake goes on: Node tells of it only by the TLS socket, and only once it is secure. */
const followHandshakes = (server: Server, nowMs: () => number): ReadonlySet<Handshake> => {
  const handshakes = new Set<Handshake>()
  server.on('connection', (socket: Socket) => {
    const handshake = { socket, sinceMs: nowMs() }
    handshakes.add(handshake)
    socket.once('close', () => handshakes.delete(handshake))
  })
  server.on('secureConnection', (secure: Socket) => {
    for (const handshake of handshakes)
      if (sameConnection(handshake.socket, secure)) handshakes.delete(handshake)
  })
  return handshakes
}

/**
 * Bounds the connections of `server`, which does not listen yet.
 * @param giveWay ends a connection that waits for no answer, but not `newest`; false where there is none
 */
export const boundPort = (
  server: Server,
  options: PortOptions,
  giveWay: (newest: Socket) => boolean,
): Port => {
  const isTls = server instanceof TlsServer
  server.on(isTls ? 'secureConnection' : 'connection', destroyOnceEnded)
  const handshakes = isTls ? followHandshakes(server, options.nowMs) : new Set<Handshake>()
  const cutHandshakes = (olderThanMs: number): boolean => {
    const old = [...handshakes].filter(({ sinceMs }) => options.nowMs() - sinceMs >= olderThanMs)
    for (const { socket } of old) socket.destroy()
    return old.length > 0
  }
  /** Where there is nothing but handshakes, the newest has the best prospects: probes finish theirs at once. */
  const cutOldestHandshake = (newest: Socket): boolean => {
    const [oldest] = handshakes
    if (!oldest || oldest.socket === newest) return false
    oldest.socket.destroy()
    return true
  }
  limitConnections(
    server,
    options,
    (newest) => cutHandshakes(handshakeMs) || giveWay(newest) || cutOldestHandshake(newest),
  )
  return { cutHandshakes }
}

/** How often connections of a port that has closed are looked at. */
const lookMs = 50
/** A connection over which nothing is sent or taken for so long, after the ports have closed, is closed. Node may need twice that to see that a response stands still. */
const quietMs = 800

export interface ClosingOptions {
  /** Closes the port. @param closed to be called when the last connection has ended */
  readonly close: (closed: () => void) => void
  /** Ends the connections that have been quiet for so long. */
  readonly look: (quietMs: number) => void
  readonly cutAll: () => void
  readonly mostMs: number
  readonly nowMs: () => number
}

/** Closes a port, and looks at its connections until the last one has ended: callers may keep theirs for as long as they like. */
export const untilClosed = async ({ close, look, cutAll, mostMs, nowMs }: ClosingOptions): Promise<void> => {
  let open = true
  const closed = new Promise<void>((resolve) => {
    close(() => {
      open = false
      resolve()
    })
  })
  const untilMs = nowMs() + mostMs
  while (open) {
    if (nowMs() < untilMs) look(quietMs)
    else cutAll()
    await Promise.race([closed, pause(lookMs)])
  }
}
