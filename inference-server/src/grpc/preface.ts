/** The bytes that every HTTP/2 client sends first (RFC 9113, 3.4). Whoever has not sent them costs a socket and nothing else. */
import type { Socket } from 'node:net'

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Clients send it with their first packet. */
const prefaceMs = 10_000

export interface Prefaces {
  /** Hands `socket` on, paused and with nothing of it read, once the whole preface has come; ends it where something else comes, or nothing in time. */
  readonly follow: (socket: Socket) => void
  /** Ends the connections that have waited for as long. */
  readonly cut: (olderThanMs: number) => void
}

export const createPrefaces = (nowMs: () => number, onWhole: (socket: Socket) => void): Prefaces => {
  const waiting = new Map<Socket, number>()
  return {
    follow: (socket) => {
      let received = Buffer.alloc(0)
      const late = setTimeout(() => socket.destroy(), prefaceMs).unref()
      const leave = (): void => {
        clearTimeout(late)
        waiting.delete(socket)
      }
      const take = (chunk: Buffer): void => {
        received = Buffer.concat([received, chunk])
        const length = Math.min(received.length, preface.length)
        if (received.compare(preface, 0, length, 0, length) !== 0) {
          socket.destroy()
        } else if (length === preface.length) {
          leave()
          socket.off('data', take).off('close', leave).off('end', end).pause()
          socket.unshift(received)
          onWhole(socket)
        }
      }
      const end = (): void => void socket.destroy()
      waiting.set(socket, nowMs())
      socket.once('close', leave).once('end', end).on('data', take).resume()
    },
    cut: (olderThanMs) => {
      for (const [socket, sinceMs] of waiting) if (nowMs() - sinceMs >= olderThanMs) socket.destroy()
    },
  }
}
