/** Metrics of classes, as scikit-learn defines them: a class counts where it is a label or a prediction, and 0 / 0 is 0. */
import type { CandidateReport } from '@gantry/contract/evaluation.ts'
import { byCodePoint } from '../datasets/order.ts'
import { type Entry, rowsOf, type Statistics, shareOf, totals } from './statistics.ts'

/** Labels and likeliest classes, as places among the names. */
export interface ClassPairs {
  /** All names that are a label or a prediction, sorted by code point. */
  readonly names: readonly string[]
  readonly expected: readonly number[]
  readonly predicted: readonly number[]
}

export const classPairs = (labels: readonly string[], predictions: readonly string[]): ClassPairs => {
  const names = [...new Set([...labels, ...predictions])].sort(byCodePoint)
  const places = new Map(names.map((name, at) => [name, at]))
  const placeOf = (name: string): number => places.get(name) as number
  return { names, expected: labels.map(placeOf), predicted: predictions.map(placeOf) }
}

export const accuracyStatistics = ({ expected, predicted }: ClassPairs): Statistics =>
  shareOf(expected.map((place, at) => place === predicted[at]))

/** @param rankings names of classes, the likeliest first */
export const topKStatistics = (
  labels: readonly string[],
  rankings: readonly (readonly string[])[],
  topK: number,
): Statistics => shareOf(labels.map((label, at) => rankings[at]?.slice(0, topK).includes(label) === true))

/** Columns of a class: samples that have it as label and prediction, as prediction, as label. */
const columnsPerClass = 3

const classRows = ({ expected, predicted }: ClassPairs): Statistics['rows'] =>
  rowsOf(
    expected.map((label, at) => {
      const prediction = predicted[at] as number
      const counted: Entry[] = [
        [prediction * columnsPerClass + 1, 1],
        [label * columnsPerClass + 2, 1],
      ]
      return label === prediction ? [[label * columnsPerClass, 1], ...counted] : counted
    }),
  )

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** Counts of one class. */
interface Counts {
  readonly both: number
  readonly predicted: number
  readonly expected: number
}

const f1Of = ({ both, predicted, expected }: Counts): number => ratio(2 * both, predicted + expected)

/** The mean F1 of the classes that occur. */
const f1Macro = (sums: Float64Array): number => {
  let [total, classes] = [0, 0]
  for (let at = 0; at < sums.length; at += columnsPerClass) {
    const cases = (sums[at + 1] as number) + (sums[at + 2] as number)
    if (cases === 0) continue
    total += (2 * (sums[at] as number)) / cases
    classes += 1
  }
  return total / classes
}

/** The mean F1, each class as often as it is a label. */
const f1Weighted = (sums: Float64Array): number => {
  let [total, labels] = [0, 0]
  for (let at = 0; at < sums.length; at += columnsPerClass) {
    const [predicted, expected] = [sums[at + 1] as number, sums[at + 2] as number]
    total += expected * ratio(2 * (sums[at] as number), predicted + expected)
    labels += expected
  }
  return total / labels
}

/** Both averages of F1, over the same rows. */
export const f1Statistics = (pairs: ClassPairs): Readonly<Record<'f1Macro' | 'f1Weighted', Statistics>> => {
  const common = {
    rows: classRows(pairs),
    width: pairs.names.length * columnsPerClass,
    classes: pairs.names,
  }
  return { f1Macro: { ...common, value: f1Macro }, f1Weighted: { ...common, value: f1Weighted } }
}

export type ClassScore = NonNullable<CandidateReport['perClass']>[number]

/** Precision, recall and F1 of a class from its counts. */
export const scoreOf = (label: string, counts: Counts): ClassScore => ({
  label,
  precision: ratio(counts.both, counts.predicted),
  recall: ratio(counts.both, counts.expected),
  f1: f1Of(counts),
  support: counts.expected,
})

export const classScores = (pairs: ClassPairs): readonly ClassScore[] => {
  const sums = totals(f1Statistics(pairs).f1Macro)
  return pairs.names.map((name, place) => {
    const at = place * columnsPerClass
    const [both, predicted, expected] = [sums[at] as number, sums[at + 1] as number, sums[at + 2] as number]
    return scoreOf(name, { both, predicted, expected })
  })
}

/** Rows are labels, columns predictions. */
export const confusionOf = ({
  names,
  expected,
  predicted,
}: ClassPairs): NonNullable<CandidateReport['confusion']> => {
  const counts = names.map(() => new Array<number>(names.length).fill(0))
  expected.forEach((label, at) => {
    const row = counts[label] as number[]
    const prediction = predicted[at] as number
    row[prediction] = (row[prediction] as number) + 1
  })
  return { labels: names, counts }
}
