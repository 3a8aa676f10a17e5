/** Dense arrays for tests: made from numbers, joined along any axis, and compared. */
import { toHalf } from '../../tensors/half.ts'
import {
  allocate,
  type Datatype,
  elementCount,
  type NumericDatatype,
  type Tensor,
  type TensorData,
} from '../../tensors/tensor.ts'

/** Numbers (of BYTES: words named by them) as a tensor; short lists are repeated to fill the shape. */
export const arrayOf = (dtype: Datatype, shape: readonly number[], numbers: readonly number[]): Tensor => {
  const count = elementCount(shape)
  const at = (index: number): number => numbers[index % numbers.length] ?? 0
  if (dtype === 'BYTES')
    return { dtype, shape, data: Array.from({ length: count }, (_, index) => `w${at(index)}`) }
  const data = allocate(dtype as NumericDatatype, count)
  for (let index = 0; index < count; index += 1) data[index] = elementOf(dtype, at(index)) as never
  return { dtype, shape, data }
}

const elementOf = (dtype: Datatype, value: number): number | bigint => {
  if (dtype === 'INT64' || dtype === 'UINT64') return BigInt(Math.trunc(value))
  if (dtype === 'BOOL') return value > 0 ? 1 : 0
  if (dtype === 'FP16') return toHalf(value)
  if (dtype === 'UINT8') return Math.max(0, Math.trunc(value))
  return dtype === 'FP32' || dtype === 'FP64' ? value : Math.trunc(value)
}

interface Block {
  readonly outer: number
  readonly inner: number
}

/** An array seen from one axis: how many stretches it has, and how long each is per step of the axis. */
const blockAt = (shape: readonly number[], axis: number): Block => ({
  outer: elementCount(shape.slice(0, axis)),
  inner: elementCount(shape.slice(axis + 1)),
})

const slice = (data: TensorData, from: number, to: number): readonly unknown[] =>
  Array.from(data.slice(from, to) as ArrayLike<unknown>)

/** Joins along an axis; undefined where another axis, the rank or the type differs. */
export const joined = (parts: readonly Tensor[], axis: number): Tensor | undefined => {
  const [first] = parts
  if (!first || axis >= first.shape.length) return undefined
  const fits = (part: Tensor): boolean =>
    part.dtype === first.dtype &&
    part.shape.length === first.shape.length &&
    part.shape.every((length, index) => index === axis || length === first.shape[index])
  if (!parts.every(fits)) return undefined
  const { outer, inner } = blockAt(first.shape, axis)
  const elements: unknown[] = []
  for (let block = 0; block < outer; block += 1) {
    for (const { data, shape } of parts) {
      const run = (shape[axis] as number) * inner
      elements.push(...slice(data, block * run, (block + 1) * run))
    }
  }
  const shape = first.shape.with(
    axis,
    parts.reduce((sum, part) => sum + (part.shape[axis] as number), 0),
  )
  if (first.dtype === 'BYTES') return { dtype: 'BYTES', shape, data: elements as string[] }
  const data = allocate(first.dtype as NumericDatatype, elements.length)
  data.set(elements as never)
  return { dtype: first.dtype, shape, data }
}

/** Rows of axis 0, in any order and as often as named. */
export const rowsAt = (tensor: Tensor, rows: readonly number[]): Tensor => {
  const width = elementCount(tensor.shape.slice(1))
  const shape = [1, ...tensor.shape.slice(1)]
  const parts = rows.map((row) => ({
    dtype: tensor.dtype,
    shape,
    data: tensor.data.slice(row * width, (row + 1) * width) as TensorData,
  }))
  return joined(parts, 0) as Tensor
}
