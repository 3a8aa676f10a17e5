/** One output of two models, row by row, in memory that does not grow with the width of its rows. */
import type { NamedTensors, Tensor } from '../tensors/tensor.ts'
import { createScores, type Scores } from './one-answer.ts'
import {
  distanceOf,
  embeddings,
  isFloat,
  isSameDirection,
  isSameNumber,
  isWhole,
  placeOfLargest,
  type RowPair,
  type Values,
  valuesOf,
} from './same-answers.ts'

/** Absolute differences of numbers that both have. */
export interface Gaps {
  readonly largest: number
  readonly total: number
  readonly count: number
}

const isSameShape = (one: Tensor, other: Tensor): boolean =>
  one.shape.length === other.shape.length && one.shape.every((length, axis) => length === other.shape[axis])

const widthOf = ({ shape }: Tensor): number => (shape.length > 1 ? (shape.at(-1) as number) : 1)

/** Whether a row belongs to a token: places that only pad a text are no answer. */
const keptRows = (inputs: NamedTensors, { shape }: Tensor): ((row: number) => boolean) => {
  const mask = inputs.get('attention_mask')
  const isMasked =
    mask?.shape.length === 2 && shape.length > 2 && mask.shape.every((length, axis) => length === shape[axis])
  if (!isMasked) return () => true
  const inner = shape.slice(2, -1).reduce((product, length) => product * length, 1)
  const kept = mask.data as ArrayLike<number | bigint>
  return (row) => Number(kept[Math.floor(row / inner)]) !== 0
}

const isEqualRow = (before: Values, after: Values, from: number, width: number): boolean => {
  for (let at = from; at < from + width; at++) if (before[at] !== after[at]) return false
  return true
}

/** Population standard deviation of the finite ones; NaN where there are none. */
const deviationOf = (numbers: readonly number[]): number => {
  const finite = numbers.filter(Number.isFinite)
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length
  return Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length)
}

/** Rows that are judged when all have come. */
const createRows = () => {
  let [rows, same] = [0, 0]
  /** Scores whose largest stands at the same place: how far apart they are. */
  const distances: number[] = []
  const numbers: (readonly [before: number, after: number])[] = []
  const answered: number[] = []
  let scores: Scores | undefined

  const take = (isSame: boolean): void => {
    rows += 1
    same += Number(isSame)
  }
  const takeScores = (pair: RowPair): void => {
    const { before, after, from, width } = pair
    rows += 1
    scores ??= createScores()
    scores.add(before, from, width)
    const isOne = isWhole(pair) && placeOfLargest(before, from, width) === placeOfLargest(after, from, width)
    if (isOne) distances.push(distanceOf(pair))
  }
  const takeNumber = ({ before, after, from }: RowPair): void => {
    rows += 1
    numbers.push([before[from] as number, after[from] as number])
  }
  /** Those of the earlier model, whose spread counts. */
  const takeNumbers = (values: Values): void => {
    for (let at = 0; at < values.length; at++) answered.push(Number(values[at]))
  }
  const share = (): number | undefined => {
    if (rows === 0) return undefined
    const spread = answered.length > 0 ? deviationOf(answered) : 0
    const reach = scores?.reach() ?? Number.POSITIVE_INFINITY
    const equal = numbers.filter(([one, other]) => isSameNumber(one, other, spread)).length
    return (same + equal + distances.filter((distance) => distance <= reach).length) / rows
  }
  return { take, takeScores, takeNumber, takeNumbers, share }
}

export const createOutputComparison = (name: string, isScored: boolean) => {
  const rows = createRows()
  let [largest, total, count] = [0, 0, 0]

  const addGaps = (pair: RowPair): void => {
    for (let at = pair.from; at < pair.from + pair.width; at++) {
      const gap = Math.abs((pair.before[at] as number) - (pair.after[at] as number))
      if (!Number.isFinite(gap)) continue
      largest = Math.max(largest, gap)
      total += gap
      count += 1
    }
  }
  const addFloats = (pair: RowPair): void => {
    addGaps(pair)
    if (!isScored) return
    if (embeddings.has(name)) rows.take(isSameDirection(pair))
    else if (pair.width === 1) rows.takeNumber(pair)
    else rows.takeScores(pair)
  }
  const addOtherShape = (before: Tensor): void => {
    const width = Math.max(1, widthOf(before))
    const missing = Math.max(1, Math.floor(before.data.length / width))
    for (let row = 0; row < missing && isScored; row++) rows.take(false)
  }

  /** Rows of answers of one shape. */
  const addRows = (inputs: NamedTensors, before: Tensor, after: Tensor): void => {
    const [width, isKept] = [widthOf(before), keptRows(inputs, before)]
    const [first, second] = [valuesOf(before), valuesOf(after)]
    const isNumeric = isFloat(before)
    for (let row = 0; row * width < first.length; row++) {
      if (!isKept(row)) continue
      const from = row * width
      if (isNumeric)
        addFloats({ before: first as ArrayLike<number>, after: second as ArrayLike<number>, from, width })
      else if (isScored) rows.take(isEqualRow(first, second, from, width))
    }
  }

  /** One run of both models with the same inputs. */
  const add = (inputs: NamedTensors, before: Tensor, after: Tensor): void => {
    if (isFloat(before) && widthOf(before) === 1) rows.takeNumbers(valuesOf(before))
    if (isSameShape(before, after)) addRows(inputs, before, after)
    else addOtherShape(before)
  }
  return { add, gaps: (): Gaps => ({ largest, total, count }), share: rows.share }
}
export type OutputComparison = ReturnType<typeof createOutputComparison>
