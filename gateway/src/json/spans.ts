/** Finds where the values of a JSON text stand in its bytes. Values are passed on as they came: JSON.parse would change large numbers. */

/** Bytes from `start` to below `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c] as const
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d] as const
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0a, 0x0d]
const ends: readonly (number | undefined)[] = [comma, closeList, closeObject, ...blanks]

/** Whether an odd number of backslashes stands before a byte of a text. */
const isEscaped = (json: Buffer, at: number): boolean => {
  let before = at
  while (json[before - 1] === backslash) before -= 1
  return (at - before) % 2 === 1
}

/** @returns where the text that starts at the quote `start` ends, behind its other quote */
const textEnd = (json: Buffer, start: number): number => {
  let end = json.indexOf(quote, start + 1)
  while (end >= 0 && isEscaped(json, end)) end = json.indexOf(quote, end + 1)
  return end < 0 ? json.length : end + 1
}

const skipBlanks = (json: Buffer, start: number): number => {
  let at = start
  while (blanks.includes(json[at])) at += 1
  return at
}

/** @param start of a list or an object */
const nestedEnd = (json: Buffer, start: number): number => {
  let depth = 0
  let at = start
  while (at < json.length) {
    const byte = json[at]
    if (byte === quote) {
      at = textEnd(json, at)
      continue
    }
    at += 1
    if (byte === openList || byte === openObject) depth += 1
    else if ((byte === closeList || byte === closeObject) && --depth === 0) return at
  }
  return json.length
}

const valueEnd = (json: Buffer, start: number): number => {
  if (json[start] === quote) return textEnd(json, start)
  if (json[start] === openList || json[start] === openObject) return nestedEnd(json, start)
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

/** @throws SyntaxError unless `byte` stands at `at` @returns where the next value begins */
const behind = (json: Buffer, at: number, byte: number): number => {
  if (json[at] === byte) return skipBlanks(json, at + 1)
  throw new SyntaxError(`this is not JSON at byte ${at}`)
}

/** @throws SyntaxError where nothing stands at `start` */
const valueAt = (json: Buffer, start: number): Span => {
  const end = valueEnd(json, start)
  if (end > start) return { start, end }
  throw new SyntaxError(`a value is missing at byte ${start}`)
}

/**
 * Members of the object that the text is, in order. Values within values are not looked at: who gets them reads them.
 * @throws SyntaxError where it is no object, or something stands behind it
 */
export function* membersOf(
  json: Buffer,
): Generator<{ readonly name: string | undefined; readonly value: Span }> {
  let at = behind(json, skipBlanks(json, 0), openObject)
  while (json[at] !== closeObject) {
    const name = valueAt(json, at)
    const value = valueAt(json, behind(json, skipBlanks(json, name.end), colon))
    yield { name: textAt(json, name), value }
    at = skipBlanks(json, value.end)
    if (json[at] === closeObject) break
    at = behind(json, at, comma)
    if (json[at] !== quote) throw new SyntaxError(`a name is missing at byte ${at}`)
  }
  if (skipBlanks(json, at + 1) < json.length) throw new SyntaxError(`more stands behind byte ${at}`)
}

/**
 * Elements of a list, `most` and one more at most.
 * @param list a span; undefined where it is no list @throws SyntaxError
 */
export const elementsOf = (json: Buffer, list: Span, most: number): readonly Span[] | undefined => {
  if (json[list.start] !== openList) return undefined
  const found: Span[] = []
  let at = skipBlanks(json, list.start + 1)
  if (json[at] === closeList) return found
  while (found.length <= most) {
    const span = valueAt(json, at)
    found.push(span)
    at = skipBlanks(json, span.end)
    if (json[at] === closeList) break
    at = behind(json, at, comma)
  }
  return found
}
