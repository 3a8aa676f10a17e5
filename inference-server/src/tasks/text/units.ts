/** Characters of a text with their places in it, kept through every step of a tokenizer as Python's tokenizers keep them. */
import { byteChars } from './byte-level.ts'

/** A character, or a byte where the tokenizer works on bytes, and its place in the text. */
export interface Unit {
  readonly char: string
  /** First UTF-16 unit of the text. */
  readonly start: number
  /** The place behind the last one. */
  readonly end: number
}

/** @param offset where the part begins in the text */
export const unitsOf = (part: string, offset: number): readonly Unit[] => {
  const units: Unit[] = []
  let end = offset
  for (const char of part) {
    units.push({ char, start: end, end: end + char.length })
    end += char.length
  }
  return units
}

export const textOf = (units: readonly Unit[]): string => {
  let text = ''
  for (const { char } of units) text += char
  return text
}

/**
 * A character that a normalizer writes: 0 where it takes the place of one, 1 where it is new, -n where it takes the place of
 * one and n that follow.
 */
export type Change = readonly [char: string, change: number]

/**
 * What a normalizer writes, with places: a new character has the place of the one before it.
 * @param origin where the part begins in the text: the place of what is put in front of everything
 */
export const changed = (
  units: readonly Unit[],
  changes: Iterable<Change>,
  origin: number,
): readonly Unit[] => {
  const before = { start: origin, end: origin }
  const result: Unit[] = []
  let next = 0
  for (const [char, change] of changes) {
    const { start, end } = (change > 0 ? units[next - 1] : (units[next] ?? units.at(-1))) ?? before
    result.push({ char, start, end })
    if (change <= 0) next += 1 - change
  }
  return result
}

/** Place of a UTF-16 unit of `textOf(units)` -> which unit it is. */
export const unitCounter = (text: string): ((at: number) => number) => {
  if (!/[\ud800-\udfff]/.test(text)) return (at) => at
  const counts = new Uint32Array(text.length + 1)
  let count = 0
  let at = 0
  for (const { length } of text) {
    counts.fill(count, at, at + length)
    at += length
    count += 1
  }
  counts[at] = count
  return (place) => counts[place] as number
}

/** Rust's, which Python's tokenizers have: unlike \s it holds U+0085 and not U+FEFF. */
export const isSpace = (char: string | undefined): boolean =>
  char === ' ' || (char !== undefined && (char < '!' || char > '~') && /^\p{White_Space}$/u.test(char))

/** The bytes of each character, all with its place. */
export const bytesOf = (units: readonly Unit[]): readonly Unit[] =>
  units.flatMap(({ char, start, end }) => {
    if (char.length === 1 && char < '\u0080')
      return [{ char: String(byteChars[char.charCodeAt(0)]), start, end }]
    return Array.from(Buffer.from(char), (byte) => ({ char: String(byteChars[byte]), start, end }))
  })
