/**
 * Caches of keys and values, one row per text, as a decoder takes and gives them: [rows, heads, tokens, width].
 *
 * Rows of different lengths stand flush right: what a shorter row lacks is zeros on its left, which the attention mask
 * hides. So every step appends one column to all rows, the graph's own output is the next step's input as it is, and
 * memory is moved only when a row comes or goes.
 */
import {
  allocate,
  elementCount,
  type NumericDatatype,
  type Tensor,
  type TensorSpec,
} from '../tensors/tensor.ts'

/** The source of one row of a new cache. */
export interface CachedRow {
  readonly cache: Tensor
  readonly row: number
  /** Number of the row's own tokens, the last ones in the cache. */
  readonly tokens: number
}

/** Axis that counts tokens: the free one behind the rows. @returns -1 where there is no such axis, or more than one */
export const tokenAxis = ({ shape }: Pick<TensorSpec, 'shape'>): number => {
  const free = shape.flatMap((length, axis) => (axis > 0 && length === -1 ? [axis] : []))
  return free.length === 1 ? (free[0] as number) : -1
}

/** A cache of `rows` rows and no tokens. */
export const emptyCache = ({ datatype, shape }: TensorSpec, rows: number): Tensor => {
  const empty = shape.map((length, axis) => (axis === 0 ? rows : length === -1 ? 0 : length))
  return { dtype: datatype, shape: empty, data: allocate(datatype as NumericDatatype, 0) }
}

/**
 * A cache of these rows, as long as the longest.
 * @param axis that counts tokens
 */
export const gatherRows = (rows: readonly [CachedRow, ...CachedRow[]], axis: number): Tensor => {
  const [{ cache: first }] = rows
  const tokens = Math.max(...rows.map((row) => row.tokens))
  const shape = first.shape.map((length, index) =>
    index === 0 ? rows.length : index === axis ? tokens : length,
  )
  const data = allocate(first.dtype as NumericDatatype, elementCount(shape))
  const heads = elementCount(shape.slice(1, axis))
  const width = elementCount(shape.slice(axis + 1))
  for (const [index, { cache, row, tokens: own }] of rows.entries()) {
    const held = cache.shape[axis] as number
    const source = cache.data as typeof data
    for (let head = 0; head < heads; head++) {
      const from = ((row * heads + head) * held + held - own) * width
      const to = ((index * heads + head) * tokens + tokens - own) * width
      data.set(source.subarray(from, from + own * width) as never, to)
    }
  }
  return { dtype: first.dtype, shape, data }
}
