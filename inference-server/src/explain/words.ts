/** The words of a text, in any script, and texts in which some of them are missing. */

/** A part of a text. */
export interface Word {
  /** Places in UTF-16 units, by which JavaScript cuts. */
  readonly from: number
  readonly to: number
  /** The same in code points, which answers about texts have. */
  readonly start: number
  readonly end: number
}

/** Words next to each other, which are hidden together. */
export interface Phrase extends Word {
  /** How many words it has. */
  readonly words: number
}

/** Rules of Unicode (UAX 29), with dictionaries for scripts that write no spaces, such as Chinese. */
const segmenter = new Intl.Segmenter('und', { granularity: 'word' })

/** Emoji and other symbols say something; spaces and punctuation marks are no words. */
const isSymbol = (text: string): boolean => /\p{S}/u.test(text)

const codePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/**
 * The words of a text in order.
 * @param most how many are looked for; what a longer text has behind them is left out
 */
export const wordsOf = (text: string, most: number): readonly Word[] => {
  const words: Word[] = []
  let start = 0
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (words.length >= most) break
    const end = start + codePoints(segment)
    if (isWordLike || isSymbol(segment)) words.push({ from: index, to: index + segment.length, start, end })
    start = end
  }
  return words
}

/** All phrases of so many neighbouring words, in order. */
export const phrasesOf = (words: readonly Word[], length: number): readonly Phrase[] =>
  words.slice(0, Math.max(0, words.length - length + 1)).map(({ from, start }, index) => {
    const { to, end } = words[index + length - 1] as Word
    return { from, to, start, end, words: length }
  })

/** The text without a part of it; of the spaces on both sides one stays. */
export const textWithout = (text: string, { from, to }: Pick<Word, 'from' | 'to'>): string => {
  const before = text.slice(0, from)
  const behind = text.slice(to)
  return before + (/(^|\s)$/u.test(before) ? behind.trimStart() : behind)
}

/** The text with `mask` in place of a part of it. */
export const textWithMask = (text: string, { from, to }: Pick<Word, 'from' | 'to'>, mask: string): string =>
  text.slice(0, from) + mask + text.slice(to)
