/** Exact match and token F1 as the script of SQuAD 2.0 defines them. */
import { pythonWords } from './python-text.ts'
import { meanOf, type Statistics, shareOf } from './statistics.ts'

/** ASCII punctuation, as `string.punctuation` of Python has it. */
const punctuation = /[!-/:-@[-`{-~]/g
/** Articles that are words; letters and digits of any script make a word longer. */
const articles = /(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu

/** Words of a text in small letters, without punctuation and articles. */
const normalized = (text: string): readonly string[] =>
  pythonWords(text.toLowerCase().replace(punctuation, '').replace(articles, ' '))

/** Right answers. A text that has no words left is dropped. Where none is left, the right answer has no words. */
const rightAnswers = (texts: readonly string[]): readonly (readonly string[])[] => {
  const answers = texts.map(normalized).filter((words) => words.length > 0)
  return answers.length > 0 ? answers : [[]]
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.join(' ') === other.join(' ')

const overlap = (one: readonly string[], other: readonly string[]): number => {
  const left = new Map<string, number>()
  for (const word of one) left.set(word, (left.get(word) ?? 0) + 1)
  let common = 0
  for (const word of other) {
    const count = left.get(word) ?? 0
    if (count > 0) common += 1
    left.set(word, count - 1)
  }
  return common
}

const f1Of = (answer: readonly string[], right: readonly string[]): number => {
  if (answer.length === 0 || right.length === 0) return Number(answer.length === right.length)
  return (2 * overlap(answer, right)) / (answer.length + right.length)
}

/** @param texts for each sample, those of which any is right */
export const exactMatchStatistics = (
  answers: readonly string[],
  texts: readonly (readonly string[])[],
): Statistics =>
  shareOf(
    answers.map((answer, at) => {
      const words = normalized(answer)
      return rightAnswers(texts[at] ?? []).some((right) => isSame(words, right))
    }),
  )

/** The best F1 over the texts of which any is right. */
export const tokenF1Statistics = (
  answers: readonly string[],
  texts: readonly (readonly string[])[],
): Statistics =>
  meanOf(
    answers.map((answer, at) => {
      const words = normalized(answer)
      return Math.max(...rightAnswers(texts[at] ?? []).map((right) => f1Of(words, right)))
    }),
  )
