/**
 * The bytes that every HTTP/2 client sends first: 24 that are always the same, and the head of a SETTINGS frame (RFC 9113, 3.4).
 * A client that has not sent them costs a socket and nothing else.
 */
import type { Socket } from 'node:net'

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** A frame begins with its length in three bytes, then its type. */
const frameHeadBytes = 9
const typeAt = preface.length + 3
const settingsType = 4
const wholeBytes = preface.length + frameHeadBytes

/** Whether `received` may still become what has to come first. */
const mayBegin = (received: Buffer): boolean => {
  const length = Math.min(received.length, preface.length)
  const type = received[typeAt] ?? settingsType
  return received.compare(preface, 0, length, 0, length) === 0 && type === settingsType
}

/** Longest time for the preface, which clients send with their first packet. */
const prefaceMs = 10_000

export interface Prefaces {
  /** Waits for the preface, then passes `socket` on, paused and with all bytes unread; closes it where other bytes come, or none in time. */
  readonly follow: (socket: Socket) => void
  /** Closes connections that have waited longer than this for their preface. */
  readonly cut: (olderThanMs: number) => void
  /** Closes the connection that has waited longest. @returns false where there is none but `newest` */
  readonly giveWay: (newest: Socket) => boolean
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
        if (!mayBegin(received)) {
          socket.destroy()
        } else if (received.length >= wholeBytes) {
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
    giveWay: (newest) => {
      for (const socket of waiting.keys()) {
        if (socket === newest || socket.destroyed) continue
        socket.destroy()
        return true
      }
      return false
    },
  }
}
