/** Finds where the values of a JSON text stand in its bytes. Values are passed on as they came: JSON.parse would change large numbers. */

/** A piece of work that may be left alone for a while at each `yield`; see slices.ts. */
export type Work<Result> = Generator<undefined, Result, undefined>

/** Bytes from one `yield` to the next: less than a millisecond. */
const stride = 64 * 1024

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
function* textEnd(json: Buffer, start: number): Work<number> {
  let from = start
  let end = json.indexOf(quote, start + 1)
  while (end >= 0 && isEscaped(json, end)) {
    if (end - from > stride) {
      yield
      from = end
    }
    end = json.indexOf(quote, end + 1)
  }
  return end < 0 ? json.length : end + 1
}

function* skipBlanks(json: Buffer, start: number): Work<number> {
  let at = start
  for (; blanks.includes(json[at]); at += 1) if ((at - start) % stride === stride - 1) yield
  return at
}

/** Where the look through a list or an object has come to. */
interface Nesting {
  at: number
  depth: number
}

/** What a byte adds to the depth. */
const deeper = new Int8Array(256)
for (const byte of [openList, openObject]) deeper[byte] = 1
for (const byte of [closeList, closeObject]) deeper[byte] = -1

/** Goes on until the end, a text or the byte `until`; a plain function, since generators run slower. @returns whether it is the end */
const goOn = (json: Buffer, nesting: Nesting, until: number): boolean => {
  let { at, depth } = nesting
  while (at < until) {
    const byte = json[at] as number
    if (byte === quote) break
    at += 1
    const by = deeper[byte] as number
    depth += by
    if (by !== 0 && depth === 0) break
  }
  nesting.at = at
  nesting.depth = depth
  return depth === 0
}

/** @returns undefined where its first further quote is escaped, or there is none */
const plainTextEnd = (json: Buffer, start: number): number | undefined => {
  const end = json.indexOf(quote, start + 1)
  return end < 0 || json[end - 1] === backslash ? undefined : end + 1
}

/** @param start of a list or an object */
function* nestedEnd(json: Buffer, start: number): Work<number> {
  const nesting = { at: start, depth: 0 }
  let until = start + stride
  while (nesting.at < json.length) {
    if (goOn(json, nesting, Math.min(json.length, until))) return nesting.at
    if (json[nesting.at] === quote)
      nesting.at = plainTextEnd(json, nesting.at) ?? (yield* textEnd(json, nesting.at))
    if (nesting.at >= until) {
      yield
      until = nesting.at + stride
    }
  }
  return json.length
}

function* valueEnd(json: Buffer, start: number): Work<number> {
  if (json[start] === quote) return yield* textEnd(json, start)
  if (json[start] === openList || json[start] === openObject) return yield* nestedEnd(json, start)
  let at = start
  for (; at < json.length && !ends.includes(json[at]); at += 1)
    if ((at - start) % stride === stride - 1) yield
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
function* behind(json: Buffer, at: number, byte: number): Work<number> {
  if (json[at] === byte) return yield* skipBlanks(json, at + 1)
  throw new SyntaxError(`this is not JSON at byte ${at}`)
}

/** @throws SyntaxError where nothing stands at `start` */
function* valueAt(json: Buffer, start: number): Work<Span> {
  const end = yield* valueEnd(json, start)
  if (end > start) return { start, end }
  throw new SyntaxError(`a value is missing at byte ${start}`)
}

interface Elements {
  readonly found: readonly Span[]
  /** Position behind the list, or where reading it ended. */
  readonly end: number
}

/** Elements of a list, `most` and one more at most. @param start of the list @throws SyntaxError */
function* elementsAt(json: Buffer, start: number, most: number): Work<Elements> {
  const found: Span[] = []
  let at = yield* skipBlanks(json, start + 1)
  if (json[at] === closeList) return { found, end: at + 1 }
  while (found.length <= most) {
    const span = yield* valueAt(json, at)
    found.push(span)
    yield
    at = yield* skipBlanks(json, span.end)
    if (json[at] === closeList) return { found, end: at + 1 }
    at = yield* behind(json, at, comma)
  }
  return { found, end: at }
}

export interface Member {
  readonly name: string | undefined
  readonly value: Span
  /** Elements of a list that was asked for, one more than the most where there are more; undefined where it is no list. */
  readonly elements?: readonly Span[] | undefined
}

/** A member whose elements are found on the way, so that its bytes are looked at once. */
export interface ListMember {
  readonly name: string
  readonly most: number
}

/** @param most elements of a list that are asked for; undefined: its elements are not */
function* memberAt(json: Buffer, start: number, most: number | undefined): Work<Omit<Member, 'name'>> {
  if (most === undefined || json[start] !== openList) return { value: yield* valueAt(json, start) }
  const { found, end } = yield* elementsAt(json, start, most)
  return { value: { start, end }, elements: found }
}

/**
 * Members of the object that the text is, in order, and undefined where the work may be left alone. Values within values are not
 * looked at: who gets them reads them.
 * @throws SyntaxError where it is no object, or something stands behind it
 */
export function* membersOf(json: Buffer, list?: ListMember): Generator<Member | undefined, void, undefined> {
  let at = yield* behind(json, yield* skipBlanks(json, 0), openObject)
  while (json[at] !== closeObject) {
    const name = yield* valueAt(json, at)
    const start = yield* behind(json, yield* skipBlanks(json, name.end), colon)
    const text = textAt(json, name)
    const { value, elements } = yield* memberAt(json, start, text === list?.name ? list?.most : undefined)
    yield { name: text, value, elements }
    at = yield* skipBlanks(json, value.end)
    if (json[at] === closeObject) break
    at = yield* behind(json, at, comma)
    if (json[at] !== quote) throw new SyntaxError(`a name is missing at byte ${at}`)
  }
  if ((yield* skipBlanks(json, at + 1)) < json.length) throw new SyntaxError(`more stands behind byte ${at}`)
}
