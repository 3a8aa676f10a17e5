/**
 * The connections of the HTTP port, by what each of them waits for. Node ends those that send no request in time; here end
 * those whose caller does not take its answer, and, once the server is about to go, those for which nothing is being computed.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface ConnectionsOptions {
  /** The server, before it listens. */
  readonly server: Server
  /** Whether it speaks TLS. */
  readonly isSecure: boolean
  readonly nowMs: () => number
  /** Longest time in which a client reads nothing of a response; Node may need twice that to notice. */
  readonly stalledMs: number
}

export interface Connections {
  /**
   * A request has come: its answer is the last one of its connection where the server is about to go.
   * @returns whether the response can still be sent
   */
  readonly waits: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Every request that waits or arrives from now on gets `Connection: close` with the response, unless its head has been sent. */
  readonly closeAfterAnswers: () => void
  /** Whether part of the latest answer has left, and part of it has not. */
  readonly isAnswering: (socket: Socket) => boolean
  /**
   * One look, of many, at a server whose port has closed: ends idle connections, those that have sent nothing more of a
   * request for `quietMs`, and those whose answer was not taken on for as long. Others are waiting for their answer.
   */
  readonly cutQuiet: (quietMs: number) => void
  /**
   * Ends one connection that waits for no answer: one over which no request has come, else one between two requests, else one
   * whose request is still coming, else one that does not take its answer; of these the oldest. @returns false where there is none
   */
  readonly giveWay: (newest: Socket) => boolean
  readonly cutAll: () => void
}

/** A connection is idle that has been silent for so long since its answer: the next request is not on its way. */
const idleMs = 50

/**
 * Requests that wait on one connection behind another. Node takes as many as are sent, and each one waits in memory with its
 * answer; clients that do this at all send up to 16.
 */
const mostPipelined = 32

const latest = Symbol('latest response')
const pipelined = Symbol('pipelined requests')
const quiet = Symbol('last look')
interface Look {
  readonly bytesRead: number
  readonly sinceMs: number
}
type Carrier = Socket & { [latest]?: ServerResponse; [quiet]?: Look; [pipelined]?: number }

/** Whether the connection is between two requests, or in the head of the next one. */
const isIdle = ({ [latest]: response }: Carrier): boolean => response?.writableFinished === true

/** Whether a whole request has come, and not the whole answer gone. */
const isAwaited = ({ [latest]: response }: Carrier): boolean =>
  response?.req.complete === true && !response.writableFinished

/** Order in which connections give way, 0 first; undefined where an answer is being computed. */
const rankOf = (carrier: Carrier): number | undefined => {
  if (carrier[latest] === undefined) return 0
  if (isIdle(carrier)) return 1
  if (!isAwaited(carrier)) return 2
  return carrier.writableLength > 0 ? 3 : undefined
}

/** A connection with too many is cut, as the rest of what it has sent would be taken for requests, too. */
const countPipelined = (carrier: Carrier, response: ServerResponse): void => {
  const waiting = (carrier[pipelined] ?? 0) + 1
  carrier[pipelined] = waiting
  if (waiting > mostPipelined) carrier.destroy()
  else
    response.once('close', () => {
      carrier[pipelined] = (carrier[pipelined] ?? 0) - 1
    })
}

/** Node's own timeout of a socket counts from the last byte that the other side has taken. */
const limitStall = (socket: Socket, limitMs: number): void => {
  if (socket.writableLength > 0 && socket.timeout !== limitMs) socket.setTimeout(limitMs)
}

export const createConnections = ({
  server,
  isSecure,
  nowMs,
  stalledMs,
}: ConnectionsOptions): Connections => {
  // Connections are few and long-lived, so they are kept in a table; requests are too many for one.
  const sockets = new Set<Carrier>()
  let leaving = false
  server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // The connection is idle, or its client reads nothing of the response. A response that has not begun may take longer: its run goes on.
  server.on('timeout', (socket) => {
    if (socket.writableLength > 0 || !isAwaited(socket)) socket.destroy()
  })
  const looking = setInterval(() => {
    for (const socket of sockets) limitStall(socket, stalledMs)
  }, stalledMs / 6).unref()
  server.once('close', () => clearInterval(looking))

  /** Whether nothing has come since the look `quietMs` ago. */
  const isQuiet = (socket: Carrier, quietMs: number): boolean => {
    const { bytesRead } = socket
    if (socket[quiet]?.bytesRead !== bytesRead) socket[quiet] = { bytesRead, sinceMs: nowMs() }
    return nowMs() - socket[quiet].sinceMs >= quietMs
  }
  return {
    waits: ({ socket }, response) => {
      const carrier: Carrier = socket
      if (carrier[latest]?.writableFinished === false) countPipelined(carrier, response)
      carrier[latest] = response
      if (leaving) response.shouldKeepAlive = false
      return !socket.destroyed
    },
    closeAfterAnswers: () => {
      leaving = true
      for (const { [latest]: response } of sockets)
        if (response && !response.headersSent) response.shouldKeepAlive = false
    },
    isAnswering: (socket) => {
      const { [latest]: response } = socket as Carrier
      return response?.headersSent === true && !response.writableFinished
    },
    cutQuiet: (quietMs) => {
      for (const socket of sockets) {
        if (isAwaited(socket)) limitStall(socket, quietMs)
        else if (isQuiet(socket, isIdle(socket) ? idleMs : quietMs)) socket.destroy()
      }
    },
    giveWay: (newest) => {
      const found: (Carrier | undefined)[] = [undefined, undefined, undefined, undefined]
      for (const socket of sockets) {
        const rank = socket === newest || socket.destroyed ? undefined : rankOf(socket)
        if (rank !== undefined) found[rank] ??= socket
        if (rank === 0) break
      }
      const first = found.find((socket) => socket !== undefined)
      first?.destroy()
      return first !== undefined
    },
    cutAll: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}
