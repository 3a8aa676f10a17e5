/** HTTP/2 sessions, watched by the bytes that go over their sockets. */
import type { Socket } from 'node:net'

interface Look {
  /** Bytes received and sent. */
  readonly bytes: number
  readonly sinceMs: number
}

export interface Sessions {
  readonly follow: (socket: Socket) => void
  /** One look, of many: ends those over which nothing has gone for `quietMs`. @param isComputing whether one of them may wait for an answer; time counts from the last look without */
  readonly cutQuiet: (quietMs: number, isComputing: boolean) => void
  /** Closes the oldest session without a call. @returns false where there is none */
  readonly giveWay: () => boolean
  readonly cutAll: () => void
}

export const createSessions = (nowMs: () => number): Sessions => {
  const looks = new Map<Socket, Look>()
  return {
    follow: (socket) => {
      looks.set(socket, { bytes: 0, sinceMs: nowMs() })
      socket.once('close', () => looks.delete(socket))
    },
    cutQuiet: (quietMs, isComputing) => {
      for (const [socket, look] of looks) {
        const bytes = socket.bytesRead + socket.bytesWritten
        if (isComputing || bytes !== look.bytes) looks.set(socket, { bytes, sinceMs: nowMs() })
        else if (nowMs() - look.sinceMs >= quietMs) socket.destroy()
      }
    },
    giveWay: () => {
      for (const socket of looks.keys()) {
        if (socket.destroyed) continue
        socket.destroy()
        return true
      }
      return false
    },
    cutAll: () => {
      for (const socket of looks.keys()) socket.destroy()
    },
  }
}
