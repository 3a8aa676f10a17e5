/** The connections of callers: how many there are, how many requests wait on each, and which of them go. */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import { lookEvery } from './patience.ts'

/** What a port that leads to one model is to its connections. */
export interface PortOwner {
  /** NAMESPACE/NAME of the model. */
  readonly key: string
  /** Whether every answer is the last one of its connection. */
  isLeaving: boolean
}

export interface ConnectionsOptions {
  readonly most: number
  /** Longest time in which a caller takes nothing of its answer, milliseconds. */
  readonly unreadMs: number
  readonly nowMs: () => number
}

export interface Connections {
  /** A caller has connected. Beyond the most, the oldest connection without a request gives way; without any, the new one goes. */
  readonly opened: (socket: Socket, owner?: PortOwner) => void
  /** A connection goes on as this one, over TLS. */
  readonly secured: (socket: Socket, secured: Socket) => void
  /** A request has come over a connection. @returns false where it has too many, and is ended */
  readonly asked: (response: ServerResponse) => boolean
  /** Counts calls of a connection of HTTP/2. */
  readonly count: (socket: Socket, by: 1 | -1) => void
  /** Every answer from now on is the last one of its connection. */
  readonly leave: () => void
  /** Ends connections that have been without a request for this long. */
  readonly cutIdle: (idleMs: number) => void
  readonly cutAll: () => void
  /** Whether part of the latest answer has left, and part of it has not. */
  readonly isAnswering: (socket: Socket) => boolean
}

/** Requests that wait on one connection behind another; clients that do this at all send up to 16. */
const mostPipelined = 32

interface Connection {
  waiting: number
  /** When the last request ended; bytes that had been taken at the last look, and since when. */
  idleSinceMs: number
  takenBytes: number
  takenSinceMs: number
  latest: ServerResponse | undefined
  /** undefined: it came by the port of all models. */
  readonly owner: PortOwner | undefined
}

const state = Symbol('connection')
type Carrier = Socket & { [state]?: Connection }

/** Whether a connection is one over TLS. */
export const isSecure = (socket: Socket | undefined): boolean => socket instanceof TLSSocket

/** The model whose own port a connection came by, as NAMESPACE/NAME. */
export const modelOfConnection = (socket: Carrier): string | undefined => socket[state]?.owner?.key

/** One look of many: whether the caller has taken nothing for too long of what waits for it. */
const hasStalled = (socket: Carrier, now: number, unreadMs: number): boolean => {
  const connection = socket[state]
  if (!connection) return false
  const taken = socket.bytesWritten - socket.writableLength
  if (socket.writableLength > 0 && taken === connection.takenBytes)
    return now - connection.takenSinceMs >= unreadMs
  connection.takenBytes = taken
  connection.takenSinceMs = now
  return false
}

export const createConnections = ({ most, unreadMs, nowMs }: ConnectionsOptions): Connections => {
  const sockets = new Set<Carrier>()
  let leaving = false

  const endStalled = (): void => {
    for (const socket of sockets) if (hasStalled(socket, nowMs(), unreadMs)) socket.destroy()
  }
  const looking = setInterval(endStalled, lookEvery(unreadMs)).unref()

  const giveWay = (newest: Socket): boolean => {
    for (const socket of sockets) {
      if (socket === newest || socket[state]?.waiting !== 0) continue
      socket.destroy()
      return true
    }
    return false
  }
  return {
    opened: (socket: Carrier, owner) => {
      const now = nowMs()
      const at = { idleSinceMs: now, takenBytes: 0, takenSinceMs: now }
      socket[state] = { waiting: 0, ...at, latest: undefined, owner }
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      if (sockets.size > most && !giveWay(socket)) socket.destroy()
    },
    secured: (socket: Carrier, secured: Carrier) => {
      const connection = socket[state]
      if (connection) secured[state] = connection
      sockets.delete(socket)
      sockets.add(secured)
      secured.once('close', () => sockets.delete(secured))
    },
    asked: (response) => {
      // A response that waits behind another one has no socket yet.
      const socket: Carrier = response.req.socket
      const connection = socket[state]
      if (!connection) return false
      if (leaving || connection.owner?.isLeaving) response.shouldKeepAlive = false
      connection.waiting += 1
      connection.latest = response
      response.once('close', () => {
        connection.waiting -= 1
        connection.idleSinceMs = nowMs()
      })
      // The rest of what it has sent would be taken for requests, too.
      if (connection.waiting > mostPipelined) socket.destroy()
      return !socket.destroyed
    },
    count: (socket: Carrier, by) => {
      const connection = socket[state]
      if (!connection) return
      connection.waiting += by
      connection.idleSinceMs = nowMs()
    },
    leave: () => {
      leaving = true
      for (const { [state]: connection } of sockets)
        if (connection?.latest && !connection.latest.headersSent) connection.latest.shouldKeepAlive = false
    },
    cutIdle: (idleMs) => {
      const now = nowMs()
      for (const socket of sockets) {
        const { waiting = 0, idleSinceMs = 0 } = socket[state] ?? {}
        if (waiting === 0 && now - idleSinceMs >= idleMs) socket.destroy()
      }
    },
    cutAll: () => {
      clearInterval(looking)
      for (const socket of sockets) socket.destroy()
    },
    isAnswering: (socket: Carrier) => {
      const latest = socket[state]?.latest
      return latest?.headersSent === true && !latest.writableFinished
    },
  }
}
