/**
 * The connections of the HTTP port, by what each of them waits for. Node ends those that send no request in time; here end
 * those whose caller does not take its answer, and, once the server is about to go, those for which nothing is being computed.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface ConnectionsOptions {
  /** Before it listens. */
  readonly server: Server
  /** Whether it speaks TLS. */
  readonly isSecure: boolean
  readonly nowMs: () => number
  /** Longest time in which a caller takes nothing of an answer; Node may need twice that to see it. */
  readonly stalledMs: number
}

export interface Connections {
  /** A request has come: its answer is the last one of its connection where the server is about to go. */
  readonly waits: (request: IncomingMessage, response: ServerResponse) => void
  /** Whoever waits or comes from now on gets `Connection: close` with the answer, unless its head has left. */
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
   * whose request is still coming; of these the oldest. @returns false where there is none
   */
  readonly giveWay: (newest: Socket) => boolean
  readonly cutAll: () => void
}

/** A connection is idle that has been silent for so long since its answer: the next request is not on its way. */
const idleMs = 50

const latest = Symbol('latest response')
const quiet = Symbol('last look')
interface Look {
  readonly bytesRead: number
  readonly sinceMs: number
}
type Carrier = Socket & { [latest]?: ServerResponse; [quiet]?: Look }

/** Between two requests, or in the head of the next one. */
const isIdle = ({ [latest]: response }: Carrier): boolean => response?.writableFinished === true

/** Whether a whole request has come, and not the whole answer gone. */
const isAwaited = ({ [latest]: response }: Carrier): boolean =>
  response?.req.complete === true && !response.writableFinished

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
  // Of connections, which are few and last; requests are too many to be kept in a table.
  const sockets = new Set<Carrier>()
  let leaving = false
  server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // Idle between two requests, or stalled: a run, whose answer has not begun, may take longer.
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
      carrier[latest] = response
      if (leaving) response.shouldKeepAlive = false
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
      let idle: Carrier | undefined
      let sending: Carrier | undefined
      for (const socket of sockets) {
        if (socket === newest || socket.destroyed || isAwaited(socket)) continue
        if (socket[latest] === undefined) {
          socket.destroy()
          return true
        }
        if (isIdle(socket)) idle ??= socket
        else sending ??= socket
      }
      const found = idle ?? sending
      found?.destroy()
      return found !== undefined
    },
    cutAll: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}
