/** The wire format of protobuf, read from a message in memory. */
import { Failure } from '../failures/errors.ts'

/** A message, or one nested in it, and the position of its reader. */
export interface Span {
  readonly bytes: Buffer
  at: number
  readonly end: number
}

export const wholeSpan = (bytes: Buffer): Span => ({ bytes, at: 0, end: bytes.length })

/** How a field lies on the wire. Groups (3, 4) have been out of use since before there was gRPC. */
export const wires = { varint: 0, eightBytes: 1, length: 2, fourBytes: 5 } as const

export const malformed = (what: string): Failure =>
  new Failure('malformed', `the message is not the protobuf that this method takes: ${what}`)

const mostVarintBytes = 10

/** @returns a whole number from 0, exact below 2^53 @throws Failure malformed */
export const readVarint = (span: Span): number => {
  const { bytes, end } = span
  const first = bytes[span.at] as number
  if (first < 128 && span.at < end) {
    span.at += 1
    return first
  }
  let value = 0
  let unit = 1
  for (let length = 0; length < mostVarintBytes && span.at < end; length++) {
    const byte = bytes[span.at++] as number
    value += (byte & 127) * unit
    if (byte < 128) return value
    unit *= 128
  }
  throw malformed('a number in it has no end')
}

/** A varint of 64 bits in two halves, for numbers beyond 2^53 and below 0. */
export interface Halves {
  low: number
  high: number
}

/** @param into is filled in @throws Failure malformed */
export const readHalves = (span: Span, into: Halves): void => {
  const { bytes, end } = span
  let low = 0
  let high = 0
  for (let shift = 0; shift < 7 * mostVarintBytes && span.at < end; shift += 7) {
    const byte = bytes[span.at++] as number
    const seven = byte & 127
    if (shift < 28) low |= seven << shift
    else if (shift === 28) {
      low |= seven << 28
      high = seven >> 4
    } else high |= seven << (shift - 32)
    if (byte < 128) {
      into.low = low >>> 0
      into.high = high | 0
      return
    }
  }
  throw malformed('a number in it has no end')
}

/** Passes over a content that has a length. @returns where it ends @throws Failure malformed */
export const readLength = (span: Span): number => {
  const length = readVarint(span)
  const end = span.at + length
  if (end > span.end) throw malformed('a field in it is longer than the message')
  return end
}

/** The content of a field as a message of its own, which `span` has then passed. @throws Failure malformed */
export const readSpan = (span: Span): Span => {
  const end = readLength(span)
  const inner = { bytes: span.bytes, at: span.at, end }
  span.at = end
  return inner
}

/** @throws Failure malformed */
export const readText = (span: Span): string => {
  const end = readLength(span)
  const text = span.at === end ? '' : span.bytes.toString('utf8', span.at, end)
  span.at = end
  return text
}

/** Bytes of a field, a view of the same memory. @throws Failure malformed */
export const readBytes = (span: Span): Buffer => {
  const end = readLength(span)
  const bytes = span.bytes.subarray(span.at, end)
  span.at = end
  return bytes
}

const passed = (span: Span, wire: number): number => {
  switch (wire) {
    case wires.varint:
      readVarint(span)
      return span.at
    case wires.eightBytes:
      return span.at + 8
    case wires.length:
      return readLength(span)
    case wires.fourBytes:
      return span.at + 4
    default:
      throw malformed(`it has a field of type ${wire}, which does not exist`)
  }
}

/** @throws Failure malformed */
export const skip = (span: Span, wire: number): void => {
  const end = passed(span, wire)
  if (end > span.end) throw malformed('a field in it is longer than the message')
  span.at = end
}

/** @returns number of the next field, times 8, and how it lies on the wire @throws Failure malformed */
export const readTag = (span: Span): number => {
  const tag = readVarint(span)
  if (tag < 8 || tag > 2 ** 32) throw malformed('it has a field without a number')
  return tag
}
