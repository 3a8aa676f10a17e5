/** Whether two tensors are the same but for rounding. */
import { fromHalf } from '../tensors/half.ts'
import { type BytesElement, elementCount, type Tensor } from '../tensors/tensor.ts'

/** How far tensors may be apart. */
export interface Closeness {
  /** Share of the largest number in the same row by which a number of 32 or 64 bits may differ. */
  readonly share: number
  /** The same for numbers of 16 bits. */
  readonly halfShare: number
  /** Rows whose whole numbers, texts or booleans may differ: a rounding error decides between two that are nearly equal. */
  readonly oddRows: number
}

/** Kernels sum up in another order for another number of rows; the difference grows from layer to layer. */
export const rounding: Closeness = { share: 0.01, halfShare: 0.02, oddRows: 0 }

/** Numbers of 8 bits: a difference in the last bit is 1/127 of the largest one, and several add up. */
export const quantized: Closeness = { share: 0.15, halfShare: 0.15, oddRows: 2 }

/** Share of the largest number of all rows: a row whose numbers are all smaller holds nothing but rounding errors. */
const noise = 1e-6

const numberAt = ({ dtype, data }: Tensor, index: number): number =>
  dtype === 'FP16' ? fromHalf(Number(data[index])) : Number(data[index])

const largestOf = (tensor: Tensor, from: number, to: number): number => {
  let largest = 0
  for (let index = from; index < to; index++) {
    const size = Math.abs(numberAt(tensor, index))
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size
  }
  return largest
}

const sameNumber = (one: number, other: number, within: number): boolean =>
  Object.is(one, other) || one === other || Math.abs(one - other) <= within

const shown = (value: number | bigint | BytesElement | undefined): string => String(value).slice(0, 40)

const sameElement = (one: unknown, other: unknown): boolean =>
  typeof one === 'object' && typeof other === 'object'
    ? Buffer.compare(one as Uint8Array, other as Uint8Array) === 0
    : one === other

type Same = (one: Tensor, other: Tensor, index: number) => boolean

/** How elements of one row are compared. @param floor by which numbers of any size may differ */
const sameIn = (
  tensor: Tensor,
  [from, to]: readonly [number, number],
  share: number,
  floor: number,
): Same => {
  if (!tensor.dtype.startsWith('FP'))
    return (one, other, index) => sameElement(one.data[index], other.data[index])
  const within = share * largestOf(tensor, from, to) + floor
  return (one, other, index) => sameNumber(numberAt(one, index), numberAt(other, index), within)
}

/** @returns the first difference in words, or undefined */
export const firstDifference = (
  company: Tensor,
  alone: Tensor | undefined,
  { share, halfShare, oddRows }: Closeness,
): string | undefined => {
  if (!alone || alone.shape.join() !== company.shape.join())
    return `the shape is [${alone?.shape.join(', ')}] alone and [${company.shape.join(', ')}] in company`
  const { dtype, shape } = company
  const rows = shape[0] ?? 1
  const width = elementCount(shape) / Math.max(1, rows)
  const isFloating = dtype.startsWith('FP')
  const floor = isFloating ? noise * largestOf(company, 0, rows * width) : 0
  const mayDiffer = isFloating ? 0 : oddRows
  let odd = 0
  for (let row = 0; row < rows; row++) {
    const range = [row * width, (row + 1) * width] as const
    const same = sameIn(company, range, dtype === 'FP16' ? halfShare : share, floor)
    const index = firstIndex(range, (place) => !same(company, alone, place))
    if (index === undefined) continue
    odd += 1
    if (odd > mayDiffer)
      return `${shown(alone.data[index])} alone and ${shown(company.data[index])} in company, in row ${row}`
  }
  return undefined
}

const firstIndex = (
  [from, to]: readonly [number, number],
  is: (index: number) => boolean,
): number | undefined => {
  for (let index = from; index < to; index++) if (is(index)) return index
  return undefined
}
