/** Lines on a file descriptor that may be slow: they wait in bounded memory, and what does not fit is counted and dropped. */
import { write } from 'node:fs'

export interface LineSink {
  readonly write: (line: string) => void
  /** Settles once everything so far has been written. */
  readonly flush: () => Promise<void>
}

/** Lines that wait, bytes. */
const mostBytes = 4 * 2 ** 20
/** Lines of this time share a write: a line by itself costs more to hand to the system than to make. */
const gatherMs = 20
/** A full pipe is tried again after this time. */
const fullMs = 20

/** @param dropped the line that tells how many were dropped */
export const createLineSink = (fd: number, dropped: (lines: number) => string): LineSink => {
  let waiting: string[] = []
  let bytes = 0
  let lost = 0
  let isWriting = false
  let idle = Promise.withResolvers<void>()
  idle.resolve()

  const next = (): void => {
    if (waiting.length === 0 && lost === 0) {
      isWriting = false
      idle.resolve()
      return
    }
    const told = lost > 0 ? [dropped(lost)] : []
    const buffer = Buffer.from([...told, ...waiting].join(''))
    waiting = []
    bytes = 0
    lost = 0
    put(buffer)
  }
  /** Writes in a thread of the file system's pool, so that a full pipe holds no request. */
  const put = (buffer: Buffer): void =>
    write(fd, buffer, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(put, fullMs, buffer)
      else if (error || written === buffer.length) setTimeout(next, gatherMs)
      else put(buffer.subarray(written))
    })
  return {
    write: (line) => {
      if (bytes + line.length > mostBytes) {
        lost += 1
        return
      }
      waiting.push(line)
      bytes += line.length
      if (isWriting) return
      isWriting = true
      idle = Promise.withResolvers()
      setTimeout(next, gatherMs)
    },
    flush: () => idle.promise,
  }
}
