/**
 * What a body may ask of JSON.parse, which holds the thread of HTTP until it is done: for a byte that opens a list or begins a
 * key it takes many times as long as for one of a text. The bounds are set so that no body holds it for longer than 0.3 s or
 * so; measured on Node 24 with bodies of 64 MiB.
 */
import { Failure } from '../failures/errors.ts'

/** A body below this size takes some milliseconds at most with any content, bytes. */
const harmlessBytes = 256 * 1024
/** Data of a request begins in the fourth level, and rarely has more than five of its own. */
const mostDepth = 64
/** 0.2 s, where no two are equal. */
const mostKeys = 250_000
/** Lists, objects, texts and keys of a request, however it comes: in JSON 0.2 s, where they are texts that differ; each takes a hundred bytes of memory. */
export const mostParts = 500_000
/** 0.2 s. */
const mostNumbers = 4_000_000

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c] as const
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d] as const
const isMark = new Uint8Array(256)
for (const byte of [quote, colon, comma, openList, closeList, openObject, closeObject]) isMark[byte] = 1

/** @returns where the next byte is that is no part of a number, a word or a blank; the end of the JSON where there is none */
const nextMark = (json: Buffer, start: number): number => {
  let at = start
  while (at < json.length && isMark[json[at] as number] === 0) at += 1
  return at
}

/** @returns where the text that starts at the quote `start` has its other quote; the end of the JSON where it has none */
export const textEnd = (json: Buffer, start: number): number => {
  const end = json.indexOf(quote, start + 1)
  if (end < 0) return json.length
  if (json[end - 1] !== backslash) return end
  let at = start + 1
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1
  return at
}

const tooMany = (most: number, parts: string): Failure =>
  new Failure(
    'too-large',
    `the JSON has more than ${most} ${parts}; send large tensors as binary data, or less at a time`,
  )

/** @throws Failure where that much has been seen */
const refuseMore = (depth: number, keys: number, parts: number): void => {
  if (depth > mostDepth)
    throw new Failure('malformed', `the body is nested deeper than ${mostDepth}; send flat lists`)
  if (keys > mostKeys) throw tooMany(mostKeys, 'keys')
  if (parts > mostParts) throw tooMany(mostParts, 'lists, objects and texts')
}

/**
 * Looks at each byte once, and at nothing but how much there is: whether it is JSON, JSON.parse will say.
 * @param mostValues with a comma behind them, numbers above all
 * @throws Failure malformed for what is nested too deep, too-large for too many keys or values
 */
export const checkBounds = (json: Buffer, mostValues = mostNumbers): void => {
  if (json.length < harmlessBytes) return
  let depth = 0
  let keys = 0
  let parts = 0
  let commas = 0
  for (let at = nextMark(json, 0); at < json.length; at = nextMark(json, at + 1)) {
    const mark = json[at]
    if (mark === comma) commas += 1
    else if (mark === colon) keys += 1
    else if (mark === closeList || mark === closeObject) depth -= 1
    else parts += 1
    if (mark === quote) at = textEnd(json, at)
    else if (mark === openList || mark === openObject) depth += 1
    refuseMore(depth, keys, parts)
    if (commas > mostValues) throw tooMany(mostValues, 'values')
  }
}
