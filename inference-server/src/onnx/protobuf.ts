import type { ModelFile } from '../sealing/sealed-file.ts'
import { byteInWindow, type FileWindow, openWindow, view, windowBytes } from './file-window.ts'
import { MalformedMessage } from './malformed-message.ts'
import type { WholeNumber } from './model.ts'
import { packedVarints, quickVarintEnd, signedVarint, varint } from './varint.ts'

/** Bytes of the longest name that is read. */
export const longestText = windowBytes

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

const contentOf = (
  window: FileWindow,
  wire: number,
  position: number,
  end: number,
): Omit<Field, 'number' | 'wire'> => {
  switch (wire) {
    case 0: {
      const [value, next] = varint(window, position, end)
      return { start: position, end: next, value }
    }
    case 1:
      return { start: position, end: position + 8, value: 0 }
    case 2: {
      const [length, start] = varint(window, position, end)
      return { start, end: start + length, value: length }
    }
    case 5:
      return { start: position, end: position + 4, value: 0 }
    default:
      throw new MalformedMessage(`field type ${wire} does not exist`, false)
  }
}

/** @returns where the content of a field ends, if that is quickly said: its length or its bytes are in the window */
const quickEnd = (window: FileWindow, wire: number, position: number): number | undefined => {
  const length = byteInWindow(window, position)
  switch (wire) {
    case 0:
      return quickVarintEnd(window, position)
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
const passOver = (
  window: FileWindow,
  start: number,
  end: number,
  wanted: (number: number) => boolean,
): number => {
  let position = start
  while (position >= window.start && position + 1 < Math.min(end, window.end)) {
    const tag = byteInWindow(window, position)
    if (tag < 8 || tag > 127 || wanted(tag >> 3)) return position
    const next = quickEnd(window, tag & 7, position + 1)
    if (next === undefined || next > end) return position
    position = next
  }
  return position
}

const fieldAt = (window: FileWindow, position: number, end: number): Field => {
  const [tag, next] = varint(window, position, end)
  const number = Math.floor(tag / 8)
  if (number === 0 || number >= 2 ** 29)
    throw new MalformedMessage(`field number ${number} does not exist`, false)
  const content = contentOf(window, tag % 8, next, end)
  const missing = content.end - window.sizeBytes
  if (missing > 0)
    throw new MalformedMessage(`field ${number} needs ${missing} bytes more than the file has`, true)
  if (content.end > end) throw new MalformedMessage(`field ${number} reaches beyond its message`, false)
  return { number, wire: tag % 8, ...content }
}

export const messageReader = (file: ModelFile): MessageReader => {
  const window = openWindow(file)

  const fields: MessageReader['fields'] = function* (start, end, wanted = () => true) {
    for (let position = passOver(window, start, end, wanted); position < end; ) {
      const field = fieldAt(window, position, end)
      yield field
      position = passOver(window, field.end, end, wanted)
    }
  }

  return {
    fields,
    text: ({ start, end }) => view(window, start, end).toString('utf8'),
    bytes: ({ start, end }) => Buffer.from(view(window, start, end)),
    whole: ({ start, end, value }) => signedVarint(window, start, end, value),
    packedWholes: ({ start, end }) => packedVarints(window, start, end),
  }
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
