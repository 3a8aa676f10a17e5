/** What a run of a decoder takes: rows of different lengths flush right, the gaps on their left hidden by the mask. */
import {
  allocate,
  elementCount,
  type NamedTensors,
  type NumericData,
  type NumericDatatype,
  type Tensor,
  type TensorSpec,
} from '../tensors/tensor.ts'
import { emptyCache } from './cache.ts'
import type { DecoderGraph } from './graph.ts'

/** Rows that run together. */
export interface RunningRows {
  /** All tokens of each row; every row has at least one. */
  readonly rows: readonly { readonly ids: readonly number[] }[]
  /** Outputs of the encoder, an input of every run with these rows. */
  readonly context: NamedTensors
  /** One per cache of the graph, with these rows; none before the first run. */
  readonly caches: readonly Tensor[]
}

/** Columns of the rows that run, counted from the left of the longest row: from `from` up to `to`. */
export interface Columns {
  readonly from: number
  readonly to: number
}

export const lengthOf = (rows: RunningRows['rows']): number => Math.max(...rows.map(({ ids }) => ids.length))

const zeros = ({ datatype }: TensorSpec, length: number): NumericData =>
  allocate(datatype as NumericDatatype, length)

/** @param value of a row's place, the first of which is 0 */
const filled = (
  spec: TensorSpec,
  rows: RunningRows['rows'],
  { from, to }: Columns,
  value: (ids: readonly number[], place: number) => number,
): Tensor => {
  const data = zeros(spec, rows.length * (to - from))
  const longest = lengthOf(rows)
  const big = spec.datatype === 'INT64'
  let at = 0
  for (const { ids } of rows) {
    const left = longest - ids.length
    for (let column = from; column < to; column++, at++) {
      if (column >= left)
        data[at] = (big ? BigInt(value(ids, column - left)) : value(ids, column - left)) as never
    }
  }
  return { dtype: spec.datatype, shape: [rows.length, to - from], data }
}

/** The mask of all columns up to `to`. It grows with the texts, so it is filled by the row. */
const maskOf = (spec: TensorSpec, rows: RunningRows['rows'], to: number): Tensor => {
  const [zero, one] = spec.datatype === 'INT64' ? [0n, 1n] : [0, 1]
  const data = zeros(spec, rows.length * to).fill(one as never)
  const longest = lengthOf(rows)
  for (const [row, { ids }] of rows.entries())
    data.fill(zero as never, row * to, row * to + Math.min(to, longest - ids.length))
  return { dtype: spec.datatype, shape: [rows.length, to], data }
}

/** Inputs of a run of these columns; those on their left are in the caches. */
export const stepInputs = (
  graph: DecoderGraph,
  { rows, context, caches }: RunningRows,
  columns: Columns,
): NamedTensors => {
  const { ids, mask, positions, cached } = graph
  const inputs = new Map(context)
  inputs.set(
    ids.name,
    filled(ids, rows, columns, (own, place) => own[place] as number),
  )
  if (mask) inputs.set(mask.name, maskOf(mask, rows, columns.to))
  if (positions)
    inputs.set(
      positions.name,
      filled(positions, rows, columns, (_, place) => place),
    )
  if (cached)
    inputs.set(cached.name, { dtype: 'BOOL', shape: [1], data: Uint8Array.of(caches.length > 0 ? 1 : 0) })
  for (const [index, { past }] of graph.caches.entries()) {
    inputs.set(past.name, caches[index] ?? emptyCache(past, rows.length))
  }
  return inputs
}

/** Inputs of every decoder run that come from the encoder. */
export const contextOf = (
  { source, sourceMask }: DecoderGraph,
  encoded: NamedTensors,
  given: NamedTensors,
): NamedTensors => {
  const context = new Map<string, Tensor>()
  const [hidden] = encoded.values()
  const mask = given.get('attention_mask')
  if (source && hidden) context.set(source.name, hidden)
  if (sourceMask && mask) context.set(sourceMask.name, mask)
  return context
}

/** Ones in the shape of an input, free axes of length 1. */
const ones = (spec: TensorSpec): Tensor => {
  const shape = spec.shape.map((length) => Math.max(length, 1))
  const data = zeros(spec, elementCount(shape))
  return { dtype: spec.datatype, shape, data: data.fill((typeof data[0] === 'bigint' ? 1n : 1) as never) }
}

/** Inputs of a first run of one token. */
export const firstInputs = (graph: DecoderGraph): NamedTensors => {
  const given = [graph.source, graph.sourceMask].filter((spec) => spec !== undefined)
  const context = new Map(given.map((spec) => [spec.name, ones(spec)]))
  return stepInputs(graph, { rows: [{ ids: [0] }], context, caches: [] }, { from: 0, to: 1 })
}
