/** What keeps the Unicode normalisation of tokenizers from holding the thread: V8 sorts runs of marks in quadratic time. */
import { Failure } from '../../failures/errors.ts'

/** Unicode's Stream-Safe Text Format (UAX 15) has at most 30, and no language needs them all; 48,000 took 1.3 s. */
const maxMarks = 256

/** Looked at once for each run, which takes linear time. Halfwidth voicing becomes a combining mark under NFKC. */
const tooManyMarks = new RegExp(`(?<![\\p{M}ﾞﾟ])[\\p{M}ﾞﾟ]{${maxMarks + 1}}`, 'u')

/** Far from all marks: up to U+02FF, Chinese characters, Hangul syllables. */
const isNoMark = (unit: number): boolean =>
  unit < 0x300 || (unit >= 0x3400 && unit < 0xa000) || (unit >= 0xac00 && unit < 0xd7a4)

/** Whether the pattern is worth the time, which is some milliseconds for a long text. */
const mayHaveTooMany = (text: string): boolean => {
  let run = 0
  for (let index = 0; index < text.length; index++) {
    run = isNoMark(text.charCodeAt(index)) ? 0 : run + 1
    if (run > maxMarks) return true
  }
  return false
}

/** Texts without a mark, or anything that a normaliser makes longer. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const plain = /^[\x00-\x7f]*$/

/** Most UTF-16 units of a text after NFKC, which makes 18 of one (U+FDFA). */
const maxNormalised = 100_000
const mostOfOne = 18

/**
 * @param field the text's name, for the error
 * @throws Failure where too many combining marks follow each other, or the text is too long once normalised
 */
export const checkMarks = (text: string, field: string): void => {
  if (plain.test(text)) return
  if (mayHaveTooMany(text) && tooManyMarks.test(text))
    throw new Failure(
      'invalid',
      `${field} has more than ${maxMarks} combining marks in a row; send a text with fewer`,
      { field },
    )
  if (text.length * mostOfOne <= maxNormalised) return
  const { length } = text.normalize('NFKC')
  if (length > maxNormalised)
    throw new Failure(
      'too-large',
      `${field} has ${length} characters once ligatures and compatibility characters are written out, but at most ${maxNormalised} are read; send a shorter text`,
      { field },
    )
}
