/**
 * The JSON of a request without the long lists of numbers in it: those are read from their bytes once it is known what they
 * are to be (see number-list.ts), and the little that is left goes through JSON.parse.
 *
 * All of this is a short cut. Where anything is unusual or wrong, the whole text goes through JSON.parse instead, and every error
 * that a caller is told comes from there.
 */
import { isUtf8 } from 'node:buffer'
import { checkBounds } from '../json/json-bounds.ts'
import { tensorFromJson } from '../tensors/tensor-json.ts'
import { numbersOf } from './number-list.ts'

export interface SparseJson {
  readonly value: unknown
  /** Reads a tensor as `tensorFromJson` does, without a look at the value in the place of `data`. */
  readonly tensor: typeof tensorFromJson
  /** Whether each list has been asked for, and so has been seen to be one. */
  readonly isRead: () => boolean
}

/** JSON.parse is as fast below this size; measured on Node 24, bytes. */
const worthwhileBytes = 8192

/** Most lists that are taken out, since each is searched for; no model takes so many tensors. */
const mostLists = 1024

const key = Buffer.from('"data"')
const [quote, colon, comma, open, close, end, backslash] = [0x22, 0x3a, 0x2c, 0x5b, 0x5d, 0x7d, 0x5c] as const

const pastSpace = (json: Buffer, from: number): number => {
  let at = from
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at += 1
  return at
}

/** Where the list of the key at `at` starts; undefined where its value is none, or one of texts. */
const listStart = (json: Buffer, at: number): number | undefined => {
  const separator = pastSpace(json, at + key.length)
  if (json[separator] !== colon) return undefined
  const start = pastSpace(json, separator + 1)
  return json[start] === open && json[pastSpace(json, start + 1)] !== quote ? start : undefined
}

/** The next key or the object's end comes behind a list in an object, and never behind one in a list. */
const listEnd = (json: Buffer, start: number): number | undefined => {
  for (let at = json.indexOf(close, start); at >= 0; at = json.indexOf(close, at + 1)) {
    const next = pastSpace(json, at + 1)
    if (json[next] === end) return at + 1
    if (json[next] === comma && json[pastSpace(json, next + 1)] === quote) return at + 1
  }
  return undefined
}

interface Split {
  /** What is left, with the n-th list as [n]. */
  readonly rest: Buffer
  readonly lists: readonly Buffer[]
}

const split = (json: Buffer): Split | undefined => {
  const lists: Buffer[] = []
  const rest: Buffer[] = []
  let done = 0
  let seen = 0
  for (let at = json.indexOf(key); at >= 0; at = json.indexOf(key, at + key.length)) {
    seen += 1
    if (seen > mostLists) return undefined
    const from = listStart(json, at)
    if (from === undefined) continue
    const to = listEnd(json, from)
    if (to === undefined) return undefined
    rest.push(json.subarray(done, from), Buffer.from(`[${lists.length}]`))
    lists.push(json.subarray(from, to))
    done = to
    at = to - key.length
  }
  return lists.length === 0 ? undefined : { rest: Buffer.concat([...rest, json.subarray(done)]), lists }
}

/**
 * Where there is no backslash, every quote is one, "data" is a key, and nothing else can be a key of that name: so a list under it is
 * always the number of one that was taken out.
 */
const isPlain = (rest: Buffer): boolean => !rest.includes(backslash) && isUtf8(rest)

/** @returns undefined where the short cut does not pay or does not lead there @throws SyntaxError, Failure */
export const parseSparse = (json: Buffer): SparseJson | undefined => {
  if (json.length < worthwhileBytes) return undefined
  const found = split(json)
  if (!found || !isPlain(found.rest)) return undefined
  const { rest, lists } = found
  checkBounds(rest)
  const read = new Set<Buffer>()
  const tensor: typeof tensorFromJson = (name, datatype, shape, count, data) => {
    const list = Array.isArray(data) && typeof data[0] === 'number' ? lists[data[0]] : undefined
    if (!list) return tensorFromJson(name, datatype, shape, count, data)
    read.add(list)
    const numbers = datatype === 'BYTES' ? undefined : numbersOf(datatype, shape, list)
    if (numbers) return { dtype: datatype, shape, data: numbers }
    if (!isUtf8(list)) throw new SyntaxError('a list is not UTF-8')
    checkBounds(list, Number.POSITIVE_INFINITY)
    return tensorFromJson(name, datatype, shape, count, JSON.parse(list.toString()))
  }
  return { value: JSON.parse(rest.toString()), tensor, isRead: () => read.size === lists.length }
}
