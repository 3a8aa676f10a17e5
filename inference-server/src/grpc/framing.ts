/** Messages as gRPC puts them into a stream: each after a byte that says whether it is compressed, and its length. */
import { partBytes } from '../requests/bytes-in-flight.ts'
import { tooLarge } from '../requests/unpacking.ts'

const headBytes = 5

/** A complete message. */
export interface Arrived {
  readonly compressed: boolean
  /** Bytes of memory that its parts hold. */
  readonly heldBytes: number
}

export interface Framing {
  /** @returns memory that the chunk takes @throws Failure too-large, as soon as a message says so */
  readonly take: (chunk: Buffer) => number
  /** Whether a message has begun and is not there. */
  readonly isPartial: () => boolean
  /** @returns the complete messages, each once, in order */
  readonly next: () => Arrived
}

export const createFraming = (limitBytes: number): Framing => {
  const arrived: Arrived[] = []
  let seenOfHead = 0
  let compressed = false
  let length = 0
  let left = 0
  let heldBytes = 0

  /** @returns whether the head is whole */
  const takeOfHead = (byte: number): boolean => {
    if (seenOfHead === 0) {
      compressed = byte === 1
      length = 0
    } else length = length * 256 + byte
    seenOfHead += 1
    heldBytes += 1
    if (seenOfHead < headBytes) return false
    if (length > limitBytes) throw tooLarge(limitBytes)
    left = length
    return true
  }
  return {
    take: (chunk) => {
      const takenBytes = partBytes(chunk)
      heldBytes += takenBytes - chunk.length
      for (let at = 0; at < chunk.length; ) {
        if (seenOfHead < headBytes && !takeOfHead(chunk[at++] as number)) continue
        const part = Math.min(left, chunk.length - at)
        at += part
        left -= part
        heldBytes += part
        if (left > 0) continue
        arrived.push({ compressed, heldBytes })
        seenOfHead = 0
        heldBytes = 0
      }
      return takenBytes
    },
    isPartial: () => seenOfHead > 0,
    next: () => arrived.shift() as Arrived,
  }
}
