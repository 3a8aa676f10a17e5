/** When two rows of answers count as the same. The optimizer has the same rules (agreement.py, one_answer.py); golden/agreement.json holds both to them. */
import { widened } from '../tensors/half.ts'
import { type Tensor, textsOf } from '../tensors/tensor.ts'

/** Names that exporters of Hugging Face give to outputs that are vectors and no scores. */
export const embeddings: ReadonlySet<string> = new Set([
  ...['last_hidden_state', 'hidden_states', 'pooler_output', 'token_embeddings', 'sentence_embedding'],
  ...['text_embeds', 'image_embeds', 'encoder_hidden_states'],
])

/** Cosine of two vectors that count as the same answer. */
const sameDirection = 0.99
/** Share of a number, or of the standard deviation of all samples, within which two numbers are the same answer. */
const sameNumber = 0.01

/** Elements of a tensor; float16 as float32. */
export type Values = ArrayLike<number | bigint | string>

export const valuesOf = (tensor: Tensor): Values => {
  if (tensor.dtype === 'BYTES') return textsOf(tensor)
  if (tensor.dtype === 'FP16') return widened(tensor.data as Uint16Array)
  return tensor.data as ArrayLike<number | bigint>
}

export const isFloat = ({ dtype }: Tensor): boolean =>
  dtype === 'FP16' || dtype === 'FP32' || dtype === 'FP64'

/** The same row of two answers: `width` values from the place `from`. */
export interface RowPair {
  readonly before: ArrayLike<number>
  readonly after: ArrayLike<number>
  readonly from: number
  readonly width: number
}

/** Whether numbers are missing in the same places. */
export const isWhole = ({ before, after, from, width }: RowPair): boolean => {
  for (let at = from; at < from + width; at++)
    if (Number.isFinite(before[at]) !== Number.isFinite(after[at])) return false
  return true
}

/** Place of the largest number, counted from `from`; NaN is never the largest. */
export const placeOfLargest = (values: ArrayLike<number>, from: number, width: number): number => {
  let [place, largest] = [0, Number.NEGATIVE_INFINITY]
  for (let index = 0; index < width; index++) {
    const value = values[from + index] as number
    if (value > largest) [place, largest] = [index, value]
  }
  return place
}

/** Whether both vectors point to the same side; two without a length do. */
export const isSameDirection = (pair: RowPair): boolean => {
  const { before, after, from, width } = pair
  let [product, first, second] = [0, 0, 0]
  for (let at = from; at < from + width; at++) {
    const [one, other] = [before[at] as number, after[at] as number]
    product += one * other
    first += one * one
    second += other * other
  }
  const lengths = Math.sqrt(first) * Math.sqrt(second)
  return isWhole(pair) && (lengths > 0 ? product / lengths : 1) >= sameDirection
}

/** @param spread standard deviation over all samples; NaN where no number is finite */
export const isSameNumber = (before: number, after: number, spread: number): boolean =>
  Object.is(before, after) ||
  before === after ||
  (Number.isFinite(after) && Math.abs(before - after) <= sameNumber * spread + sameNumber * Math.abs(after))

/** Root mean square of the differences; numbers that are missing are no difference. */
export const distanceOf = ({ before, after, from, width }: RowPair): number => {
  let squares = 0
  for (let at = from; at < from + width; at++) {
    const gap = (before[at] as number) - (after[at] as number)
    if (Number.isFinite(gap)) squares += gap * gap
  }
  return Math.sqrt(squares / width)
}
