/** BLEU of a corpus as sacrebleu computes it by default: up to 4 words, `exp` smoothing, 0 to 100. */
import { type BleuTokenizer, bleuWords } from './bleu-tokens.ts'
import { type Entry, rowsOf, type Statistics } from './statistics.ts'

const maxOrder = 4
/** Columns: words of the answer, words of the reference, then n-grams that match by order, then n-grams of the answer by order. */
const width = 2 + 2 * maxOrder

type Counts = ReadonlyMap<string, number>

/** N-grams of one order. Words have no spaces, which therefore separate them. */
const ngrams = (words: readonly string[], order: number): Counts => {
  const counts = new Map<string, number>()
  for (let at = 0; at + order <= words.length; at += 1) {
    const ngram = words.slice(at, at + order).join(' ')
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
  }
  return counts
}

/** The largest count of each n-gram over the references. */
const merged = (all: readonly Counts[]): Counts => {
  const most = new Map<string, number>()
  for (const counts of all)
    for (const [ngram, count] of counts) most.set(ngram, Math.max(count, most.get(ngram) ?? 0))
  return most
}

const matches = (answer: Counts, reference: Counts): number => {
  let common = 0
  for (const [ngram, count] of answer) common += Math.min(count, reference.get(ngram) ?? 0)
  return common
}

/** The length closest to that of the answer, the shorter one of two. */
const closest = (length: number, lengths: readonly number[]): number =>
  [...lengths].sort((one, other) => Math.abs(one - length) - Math.abs(other - length) || one - other)[0] ?? 0

const entriesOf = (
  answer: readonly string[],
  references: readonly (readonly string[])[],
): readonly Entry[] => {
  const entries: Entry[] = [
    [0, answer.length],
    [
      1,
      closest(
        answer.length,
        references.map(({ length }) => length),
      ),
    ],
  ]
  for (let order = 1; order <= maxOrder; order += 1) {
    const counts = ngrams(answer, order)
    const reference = merged(references.map((words) => ngrams(words, order)))
    entries.push([1 + order, matches(counts, reference)])
    entries.push([1 + maxOrder + order, Math.max(0, answer.length - order + 1)])
  }
  return entries
}

/** The brevity penalty times the geometric mean of the precisions. Of orders without a match the n-th counts 1 / 2^n matches. */
const bleu = (sums: Float64Array): number => {
  const [answer, reference] = [sums[0] as number, sums[1] as number]
  const matching = sums.subarray(2, 2 + maxOrder)
  const total = sums.subarray(2 + maxOrder)
  if (answer === 0 || matching.every((count) => count === 0)) return 0
  let missed = 1
  let logarithms = 0
  for (let at = 0; at < maxOrder; at += 1) {
    const [found, all] = [matching[at] as number, total[at] as number]
    if (all === 0) return 0
    if (found === 0) missed *= 2
    logarithms += Math.log(found === 0 ? 100 / (missed * all) : (100 * found) / all)
  }
  const penalty = answer < reference ? Math.exp(1 - reference / answer) : 1
  return penalty * Math.exp(logarithms / maxOrder)
}

/** @param references for each sample, one or more */
export const bleuStatistics = (
  answers: readonly string[],
  references: readonly (readonly string[])[],
  tokenizer: BleuTokenizer,
): Statistics => {
  const words = (text: string): readonly string[] => bleuWords(text, tokenizer)
  return {
    rows: rowsOf(answers.map((answer, at) => entriesOf(words(answer), (references[at] ?? []).map(words)))),
    width,
    value: bleu,
  }
}
