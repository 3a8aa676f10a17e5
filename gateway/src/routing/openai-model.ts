/** The member `model` of an OpenAI body, found and replaced in its bytes: the rest of the body stays as it came. */
import { Failure } from '../failure.ts'

interface Found {
  readonly name: string
  /** Bytes of the value, quotes included. */
  readonly start: number
  readonly end: number
}

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a] as const
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d] as const
const blanks: readonly (number | undefined)[] = [0x20, 0x09, 0x0a, 0x0d]

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

const textAt = (json: Buffer, start: number, end: number): string | undefined => {
  try {
    return JSON.parse(json.toString('utf8', start, end)) as string
  } catch {
    return undefined
  }
}

const change: Readonly<Record<number, number>> = {
  [openList]: 1,
  [openObject]: 1,
  [closeList]: -1,
  [closeObject]: -1,
}

/** @returns every value of a key `model` of the outermost object; undefined for a value that is no text */
const valuesOf = (json: Buffer): readonly (Found | undefined)[] => {
  const found: (Found | undefined)[] = []
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    depth += change[json[at] as number] ?? 0
    if (json[at] !== quote) continue
    const end = textEnd(json, at)
    const next = skipBlanks(json, end)
    if (depth === 1 && json[next] === colon && textAt(json, at, end) === 'model') {
      const start = skipBlanks(json, next + 1)
      const valueEnd = json[start] === quote ? textEnd(json, start) : start
      const name = json[start] === quote ? textAt(json, start, valueEnd) : undefined
      found.push(name === undefined ? undefined : { name, start, end: valueEnd })
      at = valueEnd - 1
    } else at = end - 1
  }
  return found
}

/** @throws Failure malformed where the body names no model, or two */
export const findModel = (json: Buffer): Found => {
  const values = valuesOf(json)
  const [only] = values
  if (values.length > 1)
    throw new Failure('malformed', 'the body has two members "model"; send one', { field: 'model' })
  if (only) return only
  throw new Failure(
    'malformed',
    'the body must be a JSON object whose "model" is NAMESPACE/NAME, or a NAME that only one model has',
    { field: 'model' },
  )
}

/** @returns the body with another name in the place of the one that was found */
export const withModel = (json: Buffer, { start, end }: Found, name: string): Buffer =>
  Buffer.concat([json.subarray(0, start), Buffer.from(JSON.stringify(name)), json.subarray(end)])
