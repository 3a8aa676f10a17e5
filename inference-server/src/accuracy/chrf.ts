/** chrF2 of a corpus as sacrebleu computes it by default: up to 6 characters, no words, beta 2, no white space, 0 to 100. */
import { pythonWords } from './python-text.ts'
import { type Entry, rowsOf, type Statistics } from './statistics.ts'

const maxOrder = 6
/** Recall counts beta^2 times as much as precision. */
const recallWeight = 4
/** Columns of an order: n-grams of the answer, of the reference, and those that match. */
const columnsPerOrder = 3

type Counts = ReadonlyMap<string, number>

/** N-grams of characters by their order, from 1. */
const ngramsByOrder = (text: string): readonly Counts[] => {
  const characters = [...pythonWords(text).join('')]
  return Array.from({ length: maxOrder }, (_, index) => {
    const counts = new Map<string, number>()
    for (let at = 0; at + index < characters.length; at += 1) {
      const ngram = characters.slice(at, at + index + 1).join('')
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
    }
    return counts
  })
}

const sizeOf = (counts: Counts): number => {
  let size = 0
  for (const count of counts.values()) size += count
  return size
}

/** Numbers in the order of the columns. An order that the reference is too short for does not count against the answer. */
const statisticsOf = (answer: readonly Counts[], reference: readonly Counts[]): readonly number[] =>
  answer.flatMap((counts, order) => {
    const expected = reference[order] as Counts
    let matching = 0
    for (const [ngram, count] of counts) matching += Math.min(count, expected.get(ngram) ?? 0)
    return [expected.size === 0 ? 0 : sizeOf(counts), sizeOf(expected), matching]
  })

/** F of the means of precision and recall over the orders that both texts are long enough for. */
const chrf = (sums: ArrayLike<number>): number => {
  let [precision, recall, orders] = [0, 0, 0]
  for (let at = 0; at < sums.length; at += columnsPerOrder) {
    const [answered, expected, matching] = [
      sums[at] as number,
      sums[at + 1] as number,
      sums[at + 2] as number,
    ]
    if (answered === 0 || expected === 0) continue
    precision += matching / answered
    recall += matching / expected
    orders += 1
  }
  if (precision + recall === 0) return 0
  const [meanPrecision, meanRecall] = [precision / orders, recall / orders]
  return (100 * (1 + recallWeight) * meanPrecision * meanRecall) / (recallWeight * meanPrecision + meanRecall)
}

/** The numbers of the reference with the best F, the first one of equals. */
const best = (all: readonly (readonly number[])[]): readonly number[] =>
  all.reduce((one, other) => (chrf(other) > chrf(one) ? other : one), all[0] ?? [])

/** @param references for each sample, one or more */
export const chrfStatistics = (
  answers: readonly string[],
  references: readonly (readonly string[])[],
): Statistics => ({
  rows: rowsOf(
    answers.map((answer, at) => {
      const counts = ngramsByOrder(answer)
      const found = best((references[at] ?? []).map((text) => statisticsOf(counts, ngramsByOrder(text))))
      return found.map((amount, column): Entry => [column, amount])
    }),
  ),
  width: columnsPerOrder * maxOrder,
  value: chrf,
})
