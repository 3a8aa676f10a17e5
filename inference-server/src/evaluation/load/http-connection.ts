/**
 * One keep-alive connection of a caller that sends the next request when the last one is answered. It reads of an answer what a
 * measurement needs, status and length, because a client library takes as long as a small model does.
 */
import { connect } from 'node:net'

/** An answer that is no answer to the request. */
export interface FailedRequest {
  /** HTTP status; undefined where the connection failed. */
  readonly status: number | undefined
  /** What the server or the system says. */
  readonly text: string
}

export interface Connection {
  /** Sends a whole HTTP/1.1 request. One at a time. */
  readonly send: (request: Uint8Array) => void
  readonly close: () => void
}

export interface ConnectionOptions {
  /** Port on 127.0.0.1. */
  readonly port: number
  readonly onOpen: () => void
  readonly onAnswered: () => void
  /** Called once; the connection is closed by then. */
  readonly onFailed: (failure: FailedRequest) => void
}

/** A connection reads into one buffer, so that answers leave nothing to collect. */
const bufferBytes = 64 * 1024
const headEnd = Buffer.from('\r\n\r\n')
/** Longest head of an answer, as Node's own client has it. */
const maxHeadBytes = 16 * 1024
/** What is kept of the text of a refusal. */
const shownBytes = 2048

interface Head {
  readonly status: number
  readonly bodyBytes: number
}

/** @returns undefined where the head has no status or no length */
const readHead = (text: string): Head | undefined => {
  const status = Number(text.slice(9, 12))
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1]
  if (!text.startsWith('HTTP/1.') || !(status > 0)) return undefined
  if (length !== undefined) return { status, bodyBytes: Number(length) }
  return status === 200 ? undefined : { status, bodyBytes: 0 } // its status says enough
}

/** Follows the bytes of the answers. @param onAnswer with the body of an answer that is no 200 */
const answerReader = (onAnswer: (status: number, body: string) => void, onBroken: (text: string) => void) => {
  let head: Head | undefined
  let begun = Buffer.alloc(0)
  let left = 0
  let kept = ''
  const readBody = (chunk: Buffer): void => {
    const { status } = head as Head
    if (status !== 200 && kept.length < shownBytes) kept += chunk.toString('utf8', 0, left)
    left -= chunk.length
    if (left > 0) return
    head = undefined
    const body = kept
    kept = ''
    onAnswer(status, body)
  }
  return (chunk: Buffer): void => {
    if (head) {
      readBody(chunk)
      return
    }
    const bytes = begun.length === 0 ? chunk : Buffer.concat([begun, chunk])
    const end = bytes.indexOf(headEnd)
    if (end < 0) {
      if (bytes.length > maxHeadBytes) onBroken('the head of its answer does not end')
      else begun = Buffer.from(bytes)
      return
    }
    begun = Buffer.alloc(0)
    head = readHead(bytes.toString('latin1', 0, end))
    if (!head) {
      onBroken('its answer has no status, or no length')
      return
    }
    left = head.bodyBytes
    readBody(bytes.subarray(end + headEnd.length))
  }
}

export const openConnection = ({ port, onOpen, onAnswered, onFailed }: ConnectionOptions): Connection => {
  let over = false
  const fail = (failure: FailedRequest): void => {
    if (over) return
    over = true
    socket.destroy()
    onFailed(failure)
  }
  const read = answerReader(
    (status, text) => (status === 200 ? onAnswered() : fail({ status, text })),
    (text) => fail({ status: undefined, text }),
  )
  const socket = connect({
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: {
      buffer: Buffer.allocUnsafeSlow(bufferBytes),
      callback: (bytes, buffer) => {
        if (!over) read((buffer as Buffer).subarray(0, bytes))
        return true
      },
    },
  })
  socket.once('connect', onOpen)
  socket.on('error', ({ message }) => fail({ status: undefined, text: message }))
  socket.on('close', () => fail({ status: undefined, text: 'the server closed the connection' }))
  return {
    send: (request) => void socket.write(request),
    close: () => {
      over = true
      socket.destroy()
    },
  }
}
