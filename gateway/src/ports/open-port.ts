/** A port that leads to one model. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { GrpcServer } from '../grpc/server.ts'
import type { PortOwner } from '../http/connections.ts'
import { type Listener, untilNoConnection } from '../http/listener.ts'

export interface OpenPort {
  readonly port: number
  /** Every later answer is the last one of its connection; new connections are still taken. */
  readonly leave: () => void
  /** Takes back `leave`. */
  readonly stay: () => void
  /** Takes no more connections. Those that there are go on. */
  readonly close: () => Promise<void>
}

export interface PortWorld {
  readonly host: string
  readonly listener: Pick<Listener, 'take'>
  readonly http2: Pick<GrpcServer, 'leavePort'>
  readonly nowMs: () => number
}

/** @param port 0: a free one @throws Error where it cannot be opened */
export const openPort = async (
  { host, listener, http2, nowMs }: PortWorld,
  port: number,
  key: string,
): Promise<OpenPort> => {
  const owner: PortOwner = { key, isLeaving: false }
  const server = createServer((socket: Socket) => listener.take(socket, owner))
  await once(server.listen(port, host), 'listening')
  server.on('error', () => {}) // a connection that cannot be accepted is its caller's to try again
  return {
    port: (server.address() as AddressInfo).port,
    leave: () => {
      owner.isLeaving = true
      http2.leavePort(owner)
    },
    stay: () => {
      owner.isLeaving = false
    },
    close: async () => {
      await untilNoConnection(server, nowMs)
      server.close()
    },
  }
}
