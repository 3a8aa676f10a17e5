/** Where the values of a JSON text stand in its bytes. Values are passed on as they came: JSON.parse would change large numbers. */

/** Bytes from `start` to below `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c] as const
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d] as const
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0a, 0x0d]
const ends: readonly (number | undefined)[] = [comma, closeList, closeObject, ...blanks]

/** @returns where the text that starts at the quote `start` ends, behind its other quote */
const textEnd = (json: Buffer, start: number): number => {
  let at = start + 1
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1
  return Math.min(at + 1, json.length)
}

const skipBlanks = (json: Buffer, start: number): number => {
  let at = start
  while (blanks.includes(json[at])) at += 1
  return at
}

const deeper = (byte: number | undefined): number => {
  if (byte === openList || byte === openObject) return 1
  return byte === closeList || byte === closeObject ? -1 : 0
}

/** @param start of a list or an object */
const nestedEnd = (json: Buffer, start: number): number => {
  let depth = 0
  for (let at = start; at < json.length; ) {
    depth += deeper(json[at])
    at = json[at] === quote ? textEnd(json, at) : at + 1
    if (depth === 0) return at
  }
  return json.length
}

const valueEnd = (json: Buffer, start: number): number => {
  if (json[start] === quote) return textEnd(json, start)
  if (deeper(json[start]) === 1) return nestedEnd(json, start)
  let at = start
  while (at < json.length && !ends.includes(json[at])) at += 1
  return at
}

/** @returns the text of a span; undefined where it is no text */
export const textAt = (json: Buffer, { start, end }: Span): string | undefined => {
  if (json[start] !== quote) return undefined
  try {
    return JSON.parse(json.toString('utf8', start, end)) as string
  } catch {
    return undefined
  }
}

/** Members of the object that the text is, in order; those before its first mistake, and none where it is no object. */
export function* membersOf(
  json: Buffer,
): Generator<{ readonly name: string | undefined; readonly value: Span }> {
  let at = skipBlanks(json, 0)
  if (json[at] !== openObject) return
  do {
    const start = skipBlanks(json, at + 1)
    if (json[start] !== quote) return
    const end = textEnd(json, start)
    const colonAt = skipBlanks(json, end)
    if (json[colonAt] !== colon) return
    const valueStart = skipBlanks(json, colonAt + 1)
    const value = { start: valueStart, end: valueEnd(json, valueStart) }
    yield { name: textAt(json, { start, end }), value }
    at = skipBlanks(json, value.end)
  } while (json[at] === comma)
}

/** Elements of a list. @param list a span of valid JSON; undefined where it is no list */
export const elementsOf = (json: Buffer, list: Span): readonly Span[] | undefined => {
  if (json[list.start] !== openList) return undefined
  const found: Span[] = []
  for (let at = skipBlanks(json, list.start + 1); at < list.end && json[at] !== closeList; ) {
    const span = { start: at, end: valueEnd(json, at) }
    found.push(span)
    at = skipBlanks(json, span.end)
    if (json[at] === comma) at = skipBlanks(json, at + 1)
  }
  return found
}
