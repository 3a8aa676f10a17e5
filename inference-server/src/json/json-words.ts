/**
 * NaN, Infinity and -Infinity, which JSON does not have, but Python's json writes and so do clients that use it.
 * JSON.parse refuses them. So the body is parsed again with a text in the place of each word, which clients cannot guess, and
 * in tensors of floating numbers those texts are read as the numbers.
 */
import { randomBytes } from 'node:crypto'
import { textEnd } from './json-bounds.ts'
import { parseJsonText } from './json-object.ts'

/** Words in a list of floating numbers, and what they stand for; null says that a number is missing. */
export const wordNumbers: ReadonlyMap<string, number> = new Map([
  ['null', Number.NaN],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
])

/** Placeholders, with the letter behind it, have no more than ten characters: JSON.parse keeps one copy of each such text. */
const secret = randomBytes(6).toString('base64url')
const placeholders = new Map([
  ['NaN', `${secret}N`],
  ['Infinity', `${secret}I`],
  ['-Infinity', `${secret}-`],
])
const numbersByText = new Map([...placeholders].map(([word, text]) => [text, wordNumbers.get(word)]))

/** What null or a word stands for among floating numbers; undefined for every other value. */
export const numberOfWord = (value: unknown): number | undefined => {
  if (value === null) return Number.NaN
  return typeof value === 'string' ? numbersByText.get(value) : undefined
}

const isWord = (value: unknown): boolean => typeof value === 'string' && numbersByText.has(value)

/** How many words stand in lists, and lists in them. */
export const wordsIn = (value: unknown): number => {
  if (!Array.isArray(value)) return Number(isWord(value))
  let count = 0
  for (const item of value) count += wordsIn(item)
  return count
}

/** The same lists with the numbers in the place of the texts: other datatypes refuse them, and name the number. */
export const withNumbers = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withNumbers)
  return isWord(value) ? numberOfWord(value) : value
}

export interface WordedJson {
  /** The text that JSON.parse reads. */
  readonly text: string
  readonly value: unknown
  /** Number of words in the whole text. */
  readonly words: number
}

const quote = 0x22

/** @param json UTF-8 @returns undefined where the words are not all that keeps it from being JSON */
export const parseWorded = (json: Buffer): WordedJson | undefined => {
  if (!json.includes('NaN') && !json.includes('Infinity')) return undefined
  const parts: string[] = []
  let words = 0
  const replaced = (word: string): string => {
    words += 1
    return `"${placeholders.get(word)}"`
  }
  let done = 0
  while (done < json.length) {
    const next = json.indexOf(quote, done)
    const start = next < 0 ? json.length : next
    const end = next < 0 ? json.length : textEnd(json, start) + 1
    parts.push(json.toString('utf8', done, start).replace(/-?Infinity|NaN/g, replaced))
    parts.push(json.toString('utf8', start, end))
    done = end
  }
  const text = parts.join('')
  try {
    return words === 0 ? undefined : { text, words, value: parseJsonText(text) }
  } catch {
    return undefined
  }
}
