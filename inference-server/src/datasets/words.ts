/** Places of words in a text, in code points. */
import type { Span } from './sample.ts'

/** Code points of a text. */
export const lengthOf = (text: string): number => {
  let length = 0
  for (const _ of text) length += 1
  return length
}

/** Words between white space, with their places. */
export const wordsOf = (text: string): readonly Span[] => {
  const words: Span[] = []
  let at = 0
  let start = -1
  for (const character of text) {
    const blank = /\s/.test(character)
    if (blank && start >= 0) words.push({ start, end: at })
    if (blank) start = -1
    else if (start < 0) start = at
    at += 1
  }
  if (start >= 0) words.push({ start, end: at })
  return words
}

/** A text that joins words by spaces, with their places. */
export const joined = (words: readonly string[]): { text: string; places: readonly Span[] } => {
  const places: Span[] = []
  let at = 0
  for (const word of words) {
    const end = at + lengthOf(word)
    places.push({ start: at, end })
    at = end + 1
  }
  return { text: words.join(' '), places }
}
