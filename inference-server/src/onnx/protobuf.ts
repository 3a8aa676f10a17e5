import { readSync } from 'node:fs'
import type { WholeNumber } from './model.ts'

/** Bytes read at a time: enough for thousands of small fields, and independent of the file's size. */
const windowBytes = 64 * 1024
/** Protocol Buffers: 64 bits, seven in each byte. */
const longestVarint = 10

/** Bytes of the longest name that is read. */
export const longestText = windowBytes

/** Bytes read behind a weight that was skipped: the next weight is often near. */
const firstBytes = 4 * 1024

/** One field of a message: its number, and where its content lies in the file. */
export interface Field {
  readonly number: number
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number
  /** First byte of the content, and the byte behind it. */
  readonly start: number
  readonly end: number
  /** Value of a varint, as far as a double is exact. */
  readonly value: number
}

/** Where the content of a field or a message lies in the file. */
export type Span = Pick<Field, 'start' | 'end'>

/** The bytes are no protobuf message, or break off. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage'
  /** A field would reach beyond the end of the file. */
  readonly breaksOff: boolean

  constructor(message: string, breaksOff: boolean) {
    super(message)
    this.breaksOff = breaksOff
  }
}

/** Reads protobuf messages of any size from an open file, one window at a time. */
export interface MessageReader {
  /**
   * Fields of the message between two positions, in the order of the file.
   * @param wanted by number; others may be left out, which is much faster where a list has a field for each element
   */
  readonly fields: (start: number, end: number, wanted?: (number: number) => boolean) => Generator<Field>
  /** Content of a string field. @throws MalformedMessage beyond `longestText` */
  readonly text: (field: Field) => string
  /** A copy of the content of a length-delimited field. @throws MalformedMessage beyond `longestText` */
  readonly bytes: (field: Field) => Buffer
  /** A varint as a signed number of 64 bits, exactly. */
  readonly whole: (field: Field) => WholeNumber
  /** The varints of a packed field, each as a signed number of 64 bits. */
  readonly packedWholes: (field: Field) => WholeNumber[]
}

/** A double where it is exact. */
export const narrow = (value: bigint): WholeNumber =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value

/** @param descriptor of a file open for reading */
export const messageReader = (descriptor: number, sizeBytes: number): MessageReader => {
  const window = Buffer.alloc(windowBytes)
  let windowStart = 0
  let windowEnd = 0

  const load = (position: number, least = firstBytes): void => {
    const length = position === windowEnd ? windowBytes : least
    windowStart = position
    windowEnd = position + readSync(descriptor, window, 0, length, position)
  }

  const byteAt = (position: number): number => {
    if (position >= sizeBytes) throw new MalformedMessage('the file ends in the middle of a field', true)
    if (position < windowStart || position >= windowEnd) load(position)
    if (position >= windowEnd) throw new MalformedMessage('the file got shorter while it was read', true)
    return window[position - windowStart] as number
  }

  /** @returns value, and the position behind it */
  const varint = (position: number, end: number): readonly [number, number] => {
    let value = 0
    for (let length = 0; length < longestVarint; length++) {
      if (position + length >= end && end < sizeBytes)
        throw new MalformedMessage('a number reaches beyond its message', false)
      const byte = byteAt(position + length)
      value += (byte & 127) * 2 ** (7 * length)
      if (byte < 128) return [value, position + length + 1]
    }
    throw new MalformedMessage(`a number has more than ${longestVarint} bytes`, false)
  }

  const contentOf = (wire: number, position: number, end: number): Omit<Field, 'number' | 'wire'> => {
    switch (wire) {
      case 0: {
        const [value, next] = varint(position, end)
        return { start: position, end: next, value }
      }
      case 1:
        return { start: position, end: position + 8, value: 0 }
      case 2: {
        const [length, start] = varint(position, end)
        return { start, end: start + length, value: length }
      }
      case 5:
        return { start: position, end: position + 4, value: 0 }
      default:
        throw new MalformedMessage(`field type ${wire} does not exist`, false)
    }
  }

  /** @returns where a number in the window ends */
  const quickVarintEnd = (position: number): number | undefined => {
    const last = Math.min(windowEnd, position + 10)
    for (let at = position; at < last; at++) if ((window[at - windowStart] as number) < 128) return at + 1
    return undefined
  }

  /** @returns where the content of a field ends, if that is quickly said: its length or its bytes are in the window */
  const quickEnd = (wire: number, position: number): number | undefined => {
    const length = window[position - windowStart] as number
    switch (wire) {
      case 0:
        return quickVarintEnd(position)
      case 1:
        return position + 8
      case 2:
        return length < 128 ? position + 1 + length : undefined
      case 5:
        return position + 4
      default:
        return undefined
    }
  }

  /** @returns the position of the next field that is wanted, or of one that is not quickly passed over */
  const passOver = (start: number, end: number, wanted: (number: number) => boolean): number => {
    let position = start
    while (position >= windowStart && position + 1 < Math.min(end, windowEnd)) {
      const tag = window[position - windowStart] as number
      if (tag < 8 || tag > 127 || wanted(tag >> 3)) return position
      const next = quickEnd(tag & 7, position + 1)
      if (next === undefined || next > end) return position
      position = next
    }
    return position
  }

  const fieldAt = (position: number, end: number): Field => {
    const [tag, next] = varint(position, end)
    const number = Math.floor(tag / 8)
    if (number === 0 || number >= 2 ** 29)
      throw new MalformedMessage(`field number ${number} does not exist`, false)
    const content = contentOf(tag % 8, next, end)
    if (content.end > sizeBytes)
      throw new MalformedMessage(
        `field ${number} needs ${content.end - sizeBytes} bytes more than the file has`,
        true,
      )
    if (content.end > end) throw new MalformedMessage(`field ${number} reaches beyond its message`, false)
    return { number, wire: tag % 8, ...content }
  }

  const fields: MessageReader['fields'] = function* (start, end, wanted = () => true) {
    for (let position = passOver(start, end, wanted); position < end; ) {
      const field = fieldAt(position, end)
      yield field
      position = passOver(field.end, end, wanted)
    }
  }

  /** Lies in the window: good until the next read. */
  const view = ({ start, end }: Field): Buffer => {
    if (end - start > windowBytes)
      throw new MalformedMessage(`a name has more than ${windowBytes / 1024} KiB`, false)
    if (start < windowStart || end > windowEnd) load(start, Math.max(firstBytes, end - start))
    if (end > windowEnd) throw new MalformedMessage('the file got shorter while it was read', true)
    return window.subarray(start - windowStart, end - windowStart)
  }

  const text = (field: Field): string => view(field).toString('utf8')

  const bytes = (field: Field): Buffer => Buffer.from(view(field))

  /** The varint at a position, all of its 64 bits, where a double has not got them. */
  const longVarint = (start: number, end: number): WholeNumber => {
    let value = 0n
    for (let position = start; position < end; position++)
      value |= BigInt(byteAt(position) & 127) << BigInt(7 * (position - start))
    return narrow(BigInt.asIntN(64, value))
  }

  const whole = ({ start, end, value }: Field): WholeNumber =>
    value <= Number.MAX_SAFE_INTEGER ? value : longVarint(start, end)

  const packedWholes = ({ start, end }: Field): WholeNumber[] => {
    const values: WholeNumber[] = []
    let position = start
    while (position < end) {
      const [value, next] = varint(position, end)
      values.push(value <= Number.MAX_SAFE_INTEGER ? value : longVarint(position, next))
      position = next
    }
    return values
  }

  return { fields, text, bytes, whole, packedWholes }
}

/** What to do with a field, by its number in the message. */
export type Visitors = Readonly<Record<number, (field: Field) => void>>

/** Calls the visitor of each field: of submessages, texts and packed lists, and of whole numbers. */
export const visit = (
  reader: MessageReader,
  { start, end }: Span,
  messages: Visitors,
  numbers: Visitors = {},
): void => {
  const isWanted = (number: number): boolean =>
    messages[number] !== undefined || numbers[number] !== undefined
  for (const field of reader.fields(start, end, isWanted)) {
    if (field.wire === 2) messages[field.number]?.(field)
    if (field.wire === 0) numbers[field.number]?.(field)
  }
}
