/** Checks of tensors that hold numbers of rows. */
import type { Tensor } from '../../tensors/tensor.ts'
import { joined } from './arrays.ts'
import { same } from './equality.ts'
import type { Fact, NamedLengths } from './facts.ts'

const numbersOf = ({ data }: Tensor): readonly number[] => Array.from(data as BigInt64Array, Number)

/** The row that each element belongs to. */
const rowsOf = ({ data, shape }: Tensor, axis: number, rows: number): readonly number[] => {
  const length = shape[axis] as number
  const inner = shape.slice(axis + 1).reduce((product, each) => product * each, 1)
  return Array.from({ length: data.length }, (_, index) =>
    Math.floor(((Math.floor(index / inner) % length) * rows) / length),
  )
}

const moved = (tensor: Tensor, by: number): Tensor => ({
  dtype: 'INT64',
  shape: tensor.shape,
  data: BigInt64Array.from(numbersOf(tensor), (number) => BigInt(number + by)),
})

/** The whole is its parts, joined, each moved by the rows before it. */
export const areRowNumbers = (
  whole: Tensor,
  parts: readonly Tensor[],
  { axis = 0, stride }: Fact,
  sizes: readonly NamedLengths[],
): boolean => {
  let before = 0
  const expected: Tensor[] = []
  for (const [index, part] of parts.entries()) {
    const named = sizes[index] as NamedLengths
    const step = stride?.(named)
    if (step === undefined) return true
    expected.push(moved(part, before * step))
    before += named.rows
  }
  return same(joined(expected, axis), moved(whole, 0))
}

export const areRowTuples = (tuples: Tensor, axis: number): boolean => {
  const depth = tuples.shape.at(-1) as number
  const length = tuples.shape[axis] as number
  const rows = rowsOf(tuples, axis, length)
  return numbersOf(tuples).every((number, index) => index % depth !== 0 || number === rows[index])
}

/** Elements are whole and not out of the bounds that are said of them. */
export const areWithinBound = (fact: Fact, tensor: Tensor, named: NamedLengths): boolean => {
  const below = fact.below?.(named)
  const stride = fact.kind === 'row numbers' ? fact.stride?.(named) : 0
  if (below === undefined || stride === undefined) return true
  const rows = fact.kind === 'row numbers' ? rowsOf(tensor, fact.axis ?? 0, named.rows) : []
  return numbersOf(tensor).every((number, index) => {
    const own = number - (rows[index] ?? 0) * stride
    return Number.isInteger(own) && own >= 0 && own < below
  })
}
