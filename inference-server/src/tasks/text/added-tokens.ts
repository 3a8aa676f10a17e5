/** Finds the tokens that were added to a vocabulary, such as [SEP], in a text: they are cut out before anything else. */

import { isSpace } from './units.ts'

/** An added token, as tokenizer.json has it. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly lstrip: boolean
  readonly rstrip: boolean
  readonly single_word: boolean
  /** Whether it is looked for in the text after the normalizer instead of before. */
  readonly normalized: boolean
}

/** A part of a text, or a token in it. */
export interface Section {
  /** First UTF-16 unit of the text. */
  readonly start: number
  readonly end: number
  readonly token: AddedToken | undefined
}

const wordEnds = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u
const wordBegins = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u
/** Place where the spaces that end at `end` begin, not before `from`. */
const spacesFrom = (text: string, from: number, end: number): number => {
  let at = end
  while (at > from && isSpace(text[at - 1])) at -= 1
  return at
}

const spacesTo = (text: string, from: number): number => {
  let at = from
  while (isSpace(text[at])) at += 1
  return at
}

/** A token that stands in a word is not meant. */
const isInWord = (text: string, start: number, end: number): boolean =>
  wordEnds.test(text.slice(0, start)) || wordBegins.test(text.slice(end))

/**
 * Cuts a text before and behind each token; of two that begin alike the longer one counts.
 * @param tokens by what they look like in the text
 * @returns text -> its parts in order, without empty ones
 */
export const sectionsBy = (
  tokens: ReadonlyMap<string, AddedToken>,
): ((text: string) => readonly Section[]) => {
  const pattern = patternOf([...tokens.keys()])
  if (!pattern) return (text) => (text === '' ? [] : [{ start: 0, end: text.length, token: undefined }])
  return (text) => {
    const found: Section[] = []
    let done = 0
    const upTo = (end: number): void => {
      if (end > done) found.push({ start: done, end, token: undefined })
      done = Math.max(done, end)
    }
    for (const { 0: content, index } of text.matchAll(pattern)) {
      const token = tokens.get(content) as AddedToken
      const after = index + content.length
      if (index < done || (token.single_word && isInWord(text, index, after))) continue
      const start = token.lstrip ? spacesFrom(text, done, index) : index
      const end = token.rstrip ? spacesTo(text, after) : after
      upTo(start)
      found.push({ start, end, token })
      done = end
    }
    upTo(text.length)
    return found
  }
}

const patternOf = (contents: readonly string[]): RegExp | undefined => {
  const escaped = contents
    .filter((content) => content !== '')
    .sort((one, other) => other.length - one.length)
    .map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  return escaped.length === 0 ? undefined : new RegExp(escaped.join('|'), 'gu')
}
