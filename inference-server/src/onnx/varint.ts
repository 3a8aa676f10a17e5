import { byteAt, byteInWindow, type FileWindow } from './file-window.ts'
import { MalformedMessage } from './malformed-message.ts'
import type { WholeNumber } from './model.ts'

/** Protocol Buffers: 64 bits, seven in each byte. */
const longestVarint = 10

/** A double where it is exact. */
export const narrow = (value: bigint): WholeNumber =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value

/** @returns value as far as a double is exact, and the position behind it */
export const varint = (window: FileWindow, position: number, end: number): readonly [number, number] => {
  let value = 0
  for (let length = 0; length < longestVarint; length++) {
    if (position + length >= end && end < window.sizeBytes)
      throw new MalformedMessage('a number reaches beyond its message', false)
    const byte = byteAt(window, position + length)
    value += (byte & 127) * 2 ** (7 * length)
    if (byte < 128) return [value, position + length + 1]
  }
  throw new MalformedMessage(`a number has more than ${longestVarint} bytes`, false)
}

/** @returns where a number in the window ends */
export const quickVarintEnd = (window: FileWindow, position: number): number | undefined => {
  const last = Math.min(window.end, position + longestVarint)
  for (let at = position; at < last; at++) if (byteInWindow(window, at) < 128) return at + 1
  return undefined
}

/** All 64 bits of the varint between two positions. */
const longVarint = (window: FileWindow, start: number, end: number): WholeNumber => {
  let value = 0n
  for (let position = start; position < end; position++)
    value |= BigInt(byteAt(window, position) & 127) << BigInt(7 * (position - start))
  return narrow(BigInt.asIntN(64, value))
}

/** A varint as a signed number of 64 bits, exactly. @param value as far as a double is exact */
export const signedVarint = (window: FileWindow, start: number, end: number, value: number): WholeNumber =>
  value <= Number.MAX_SAFE_INTEGER ? value : longVarint(window, start, end)

/** The varints between two positions, each as a signed number of 64 bits. */
export const packedVarints = (window: FileWindow, start: number, end: number): WholeNumber[] => {
  const values: WholeNumber[] = []
  let position = start
  while (position < end) {
    const [value, next] = varint(window, position, end)
    values.push(signedVarint(window, position, next, value))
    position = next
  }
  return values
}
