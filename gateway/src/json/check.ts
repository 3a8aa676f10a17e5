/** Tells whether bytes are one JSON text (RFC 8259) while they come, part by part: nothing has to be kept or read at once for that. */
import { isDigit, type NumberState, numberStart, numberSteps, wholeNumbers } from './numbers.ts'

export interface JsonCheck {
  readonly take: (chunk: Buffer) => void
  /** Whether what has been taken is one whole text. */
  readonly isWhole: () => boolean
}

/** What may come next. */
type State =
  | ('value' | 'valueOrEnd' | 'nameOrEnd' | 'name' | 'colon' | 'commaOrEnd' | 'over' | 'wrong')
  | ('text' | 'escape' | 'code' | 'literal')
  | NumberState

/** How far a text has been read. */
interface Reading {
  state: State
  /** What is open, the innermost last: the byte that closes it. */
  readonly open: number[]
  /** Whether the text that is read is the name of a member. */
  isName: boolean
  /** What is left of a literal, or of the four digits of an escape. */
  rest: string
}
type Step = (reading: Reading, byte: number) => State

/** Lists and objects in each other; who reads an answer may have less room. */
const mostDepth = 10_000

const byteOf = (character: string): number => character.charCodeAt(0)
const [quote, backslash, colon, comma] = [byteOf('"'), byteOf('\\'), byteOf(':'), byteOf(',')]
const [openList, closeList, openObject, closeObject] = [byteOf('['), byteOf(']'), byteOf('{'), byteOf('}')]
/** Bytes below are control characters, which stand in no text. */
const leastText = 0x20

const blanks: ReadonlySet<number> = new Set(Buffer.from(' \n\r\t'))
const escapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'))
const hexadecimals: ReadonlySet<number> = new Set(Buffer.from('0123456789abcdefABCDEF'))

const valueEnded = ({ open }: Reading): State => (open.length === 0 ? 'over' : 'commaOrEnd')
const closed: Step = (reading, byte) => (reading.open.pop() === byte ? valueEnded(reading) : 'wrong')
const opened =
  (closing: number, then: State): Step =>
  ({ open }) =>
    open.push(closing) > mostDepth ? 'wrong' : then
const textBegun =
  (isName: boolean): Step =>
  (reading) => {
    reading.isName = isName
    return 'text'
  }
const literal =
  (rest: string): Step =>
  (reading) => {
    reading.rest = rest
    return 'literal'
  }

/** The step for a value, by its first byte. */
const values: Readonly<Record<number, Step>> = {
  [quote]: textBegun(false),
  [openList]: opened(closeList, 'valueOrEnd'),
  [openObject]: opened(closeObject, 'nameOrEnd'),
  [byteOf('t')]: literal('rue'),
  [byteOf('f')]: literal('alse'),
  [byteOf('n')]: literal('ull'),
}
const value: Step = (reading, byte) => values[byte]?.(reading, byte) ?? numberStart(byte) ?? 'wrong'

const name: Step = (reading, byte) => (byte === quote ? textBegun(true)(reading, byte) : 'wrong')

const inText: Step = (reading, byte) => {
  if (byte === quote) return reading.isName ? 'colon' : valueEnded(reading)
  if (byte === backslash) return 'escape'
  return byte < leastText ? 'wrong' : 'text'
}
const inEscape: Step = (reading, byte) => {
  if (byte !== byteOf('u')) return escapes.has(byte) ? 'text' : 'wrong'
  reading.rest = '0000'
  return 'code'
}
/** @param fits whether the byte is the next one of `rest` */
const inRest = (reading: Reading, fits: boolean): boolean | undefined => {
  if (!fits) return undefined
  reading.rest = reading.rest.slice(1)
  return reading.rest === ''
}
const inCode: Step = (reading, byte) => {
  const isOver = inRest(reading, hexadecimals.has(byte))
  return isOver === undefined ? 'wrong' : isOver ? 'text' : 'code'
}
const inLiteral: Step = (reading, byte) => {
  const isOver = inRest(reading, byte === reading.rest.charCodeAt(0))
  return isOver === undefined ? 'wrong' : isOver ? valueEnded(reading) : 'literal'
}

const unlessBlank =
  (step: Step): Step =>
  (reading, byte) =>
    blanks.has(byte) ? reading.state : step(reading, byte)

const steps: Readonly<Record<Exclude<State, NumberState>, Step>> = {
  value: unlessBlank(value),
  valueOrEnd: unlessBlank((reading, byte) => (byte === closeList ? closed : value)(reading, byte)),
  nameOrEnd: unlessBlank((reading, byte) => (byte === closeObject ? closed : name)(reading, byte)),
  name: unlessBlank(name),
  colon: unlessBlank((_, byte) => (byte === colon ? 'value' : 'wrong')),
  commaOrEnd: unlessBlank((reading, byte) => {
    if (byte !== comma) return closed(reading, byte)
    return reading.open.at(-1) === closeList ? 'value' : 'name'
  }),
  over: unlessBlank(() => 'wrong'),
  wrong: () => 'wrong',
  text: inText,
  escape: inEscape,
  code: inCode,
  literal: inLiteral,
}

const isNumber = (state: State): state is NumberState => state in numberSteps

const next: Step = (reading, byte) => {
  const { state } = reading
  if (!isNumber(state)) return steps[state](reading, byte)
  const more = numberSteps[state](byte)
  if (more !== undefined || !wholeNumbers.has(state)) return more ?? 'wrong'
  reading.state = valueEnded(reading)
  return next(reading, byte)
}

const isPlain = (byte: number): boolean => byte !== quote && byte !== backslash && byte >= leastText
const none = (): boolean => false

/** Most bytes change no state: those of texts and of numbers. */
const changesNothing = (state: State): ((byte: number) => boolean) => {
  if (state === 'text') return isPlain
  return state === 'digits' || state === 'fraction' ? isDigit : none
}

const readOn = (reading: Reading, chunk: Buffer): void => {
  for (let at = 0; at < chunk.length && reading.state !== 'wrong'; at += 1) {
    const isSkipped = changesNothing(reading.state)
    while (at < chunk.length && isSkipped(chunk[at] as number)) at += 1
    if (at < chunk.length) reading.state = next(reading, chunk[at] as number)
  }
}

export const createJsonCheck = (): JsonCheck => {
  const reading: Reading = { state: 'value', open: [], isName: false, rest: '' }
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  const isUtf8 = (chunk: Buffer | undefined): boolean => {
    try {
      utf8.decode(chunk, { stream: chunk !== undefined })
      return true
    } catch {
      return false
    }
  }
  return {
    take: (chunk) => {
      if (reading.state === 'wrong') return
      if (isUtf8(chunk)) readOn(reading, chunk)
      else reading.state = 'wrong'
    },
    isWhole: () => {
      const { state, open } = reading
      return (state === 'over' || (open.length === 0 && wholeNumbers.has(state))) && isUtf8(undefined)
    },
  }
}
