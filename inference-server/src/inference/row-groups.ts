/** The rows of one request's items: which go to the model together, and whose outputs are whole. */
import type { Prepared } from '../tasks/task.ts'
import type { NamedTensors } from '../tensors/tensor.ts'

/** Bytes of outputs of one request that wait to be read at a time; more rows wait for them. */
export const mostOutputBytes = 64 * 2 ** 20
/** Half of it, so that the model has work while the outputs before are read. */
const groupBytes = mostOutputBytes / 2

/** Positions of rows whose tensors can be stacked. */
export interface RowGroup {
  readonly indices: readonly number[]
  /** Bytes of the outputs, about. */
  readonly bytes: number
}

const shapesOf = (tensors: NamedTensors): string =>
  Array.from(tensors.values(), ({ shape }) => shape.slice(1).join(',')).join(';')

/** Rows of one shape together, but no more than their outputs leave room for. */
export const rowGroups = (
  rows: readonly NamedTensors[],
  outputBytes: (row: NamedTensors) => number,
): readonly RowGroup[] => {
  const open = new Map<string, { indices: number[]; bytes: number }>()
  const groups: RowGroup[] = []
  for (const [index, row] of rows.entries()) {
    const key = shapesOf(row)
    const bytes = outputBytes(row)
    const group = open.get(key)
    if (group && group.bytes + bytes <= groupBytes) {
      group.indices.push(index)
      group.bytes += bytes
    } else {
      const next = { indices: [index], bytes }
      open.set(key, next)
      groups.push(next)
    }
  }
  return groups
}

/** Outputs of rows until all of an item's are there. */
export const collectRows = (prepared: readonly Prepared[]) => {
  const items = prepared.flatMap(({ rows }, item) => rows.map((_, at) => ({ item, at })))
  const outputs = prepared.map(({ rows }) => new Array<NamedTensors>(rows.length))
  const left = prepared.map(({ rows }) => rows.length)
  return {
    /** Whether each item has one row at most, so that no outputs wait for others. */
    isSimple: prepared.every(({ rows }) => rows.length <= 1),
    /** @returns the item that has become whole, if any, with its outputs in order */
    add: (
      row: number,
      tensors: NamedTensors,
    ): readonly { readonly item: number; readonly outputs: readonly NamedTensors[] }[] => {
      const { item, at } = items[row] as (typeof items)[number]
      const own = outputs[item] as NamedTensors[]
      own[at] = tensors
      left[item] = Number(left[item]) - 1
      if (left[item] !== 0) return []
      outputs[item] = []
      return [{ item, outputs: own }]
    },
  }
}
