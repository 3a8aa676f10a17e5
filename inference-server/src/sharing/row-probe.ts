/**
 * Runs made-up rows alone and in company, and compares: a second check beside the proof from the graph.
 *
 * Rows differ in sign and by orders of magnitude, so that what a large row leaks into a small one is large there. Nine of them
 * run together, four of those again, and two alone: a row that depends on its place, on the number of rows or on its neighbours
 * comes out differently.
 */

import { axisSum } from '../onnx/axis-name.ts'
import { toHalf } from '../tensors/half.ts'
import {
  allocate,
  elementCount,
  type NamedTensors,
  rowsOf,
  type Signature,
  stack,
  type Tensor,
  type TensorSpec,
} from '../tensors/tensor.ts'
import { type Closeness, firstDifference } from './closeness.ts'

/** @param rows how many the inputs are: what does not fit in the memory at once may run in pieces */
export type Run = (inputs: NamedTensors, rows: number) => Promise<{ readonly outputs: NamedTensors }>

export type Probe =
  | { readonly kind: 'apart' }
  /** Rows came out differently. */
  | { readonly kind: 'meet'; readonly reason: string }
  /** No made-up row could be run, which says nothing of the model. */
  | { readonly kind: 'failed'; readonly cause: string }

/** What free axes but the first are set to: small first, then a size that image models take. */
const freeLengths = [8, 224] as const

/** Real numbers, or only zeros and ones for models that take nothing else. */
type Values = 'real' | 'binary'

/** A number that looks random, from 0 (inclusive) to 2^32. The same on every run. */
const scrambled = (index: number, row: number): number => {
  let hash = Math.imul(index + 1, 0x9e37_79b1) ^ Math.imul(row + 1, 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** Zeros and ones are valid as indices, masks and lengths alike. No row is all zeros, which would mask everything. */
const binaryAt = (index: number, row: number, count: number): number =>
  index === row % count ? 1 : scrambled(index, row) & 1

/** Magnitudes of places within a row; rows differ by their own. */
const magnitudes = [0.01, 0.1, 1, 10] as const
/** Every other row is mostly positive and the rest mostly negative, so that sums over rows change their sign. */
const leaning = 0.6

const realAt = (index: number, row: number): number => {
  const hash = scrambled(index, row)
  const ofPlace = magnitudes[(hash >>> 4) % magnitudes.length] as number
  const ofRow = magnitudes[row % magnitudes.length] as number
  return (hash / 2 ** 31 - 1 + (row % 2 === 0 ? -leaning : leaning)) * ofPlace * ofRow
}

const isFloating = (datatype: TensorSpec['datatype']): boolean => datatype.startsWith('FP')

/** An axis that is called the sum of others is as long as those together. */
const madeUpLength = ({ shape, symbols }: TensorSpec, axis: number, freeLength: number): number => {
  const declared = shape[axis] ?? -1
  if (declared !== -1) return declared
  if (axis === 0) return 1
  const sum = axisSum(symbols[axis] ?? '')
  return sum ? sum.names.length * freeLength + sum.entries : freeLength
}

const sample = (spec: TensorSpec, row: number, freeLength: number, values: Values): Tensor => {
  const shape = spec.shape.map((_, axis) => madeUpLength(spec, axis, freeLength))
  const count = elementCount(shape)
  const { datatype } = spec
  const valueAt = (index: number): number =>
    values === 'real' && isFloating(datatype) ? realAt(index, row) : binaryAt(index, row, count)
  if (datatype === 'BYTES') {
    return {
      dtype: datatype,
      shape,
      data: Array.from({ length: count }, (_, index) => String(valueAt(index))),
    }
  }
  const data = allocate(datatype, count)
  for (let index = 0; index < count; index++) {
    const value = valueAt(index)
    if (datatype === 'INT64' || datatype === 'UINT64') data[index] = BigInt(value)
    else data[index] = datatype === 'FP16' ? toHalf(value) : value
  }
  return { dtype: datatype, shape, data }
}

/** Made-up rows `from` to `to` (exclusive). */
const samples = (
  { inputs }: Signature,
  [from, to]: readonly [from: number, to: number],
  freeLength: number,
  values: Values,
): NamedTensors =>
  new Map(
    inputs.map((spec) => {
      const rows = Array.from({ length: to - from }, (_, place) =>
        sample(spec, from + place, freeLength, values),
      )
      return [spec.name, stack(rows as [Tensor, ...Tensor[]])]
    }),
  )

/** A batch of made-up rows of a model whose other axes are all fixed. */
export const sampleRows = (signature: Signature, rows: number): NamedTensors =>
  samples(signature, [0, rows], 1, 'binary')

/** Rows that run together, unless fewer may share a run. */
const manyRows = 9

/** Parts of a batch that the probe runs alone, by their places: some rows in the middle, and the first and the last one alone. */
const partsOf = (together: number): readonly (readonly [from: number, to: number])[] => [
  ...(together < manyRows ? [] : [[2, 6] as const]),
  [0, 1],
  [together - 1, together],
]

const causeOf = (error: unknown): string => String((error as Error).cause ?? (error as Error).message)

interface Trial {
  readonly signature: Signature
  readonly run: Run
  readonly closeness: Closeness
  /** Most rows that will ever share a run, at least 2. */
  readonly maxRows: number
  /** What to try; models that take indices as floating-point numbers may refuse real ones. */
  readonly values?: readonly Values[]
}

/** @throws what `run` throws */
const compareRows = async (
  { signature, run, closeness, maxRows }: Trial,
  freeLength: number,
  values: Values,
): Promise<Probe> => {
  const together = Math.min(maxRows, manyRows)
  // A run takes its inputs' memory, so every run gets tensors of its own.
  const outputsOf = async (range: readonly [from: number, to: number]): Promise<NamedTensors> =>
    (await run(samples(signature, range, freeLength, values), range[1] - range[0])).outputs
  const parts = partsOf(together)
  // The smallest ones first: they fail soonest.
  const apart: NamedTensors[] = []
  for (const part of parts.toReversed()) apart.unshift(await outputsOf(part))
  const whole = await outputsOf([0, together])
  for (const { name } of signature.outputs) {
    const all = whole.get(name)
    if (all?.shape[0] !== together)
      return {
        kind: 'meet',
        reason: `${together} rows come out of output ${name} as [${all?.shape.join(', ')}]`,
      }
    for (const [place, [from, to]] of parts.entries()) {
      const difference = firstDifference(rowsOf(all, from, to), apart[place]?.get(name), closeness)
      if (difference !== undefined)
        return { kind: 'meet', reason: `rows of output ${name} depend on each other: ${difference}` }
    }
  }
  return { kind: 'apart' }
}

/** Tries the model with made-up rows. */
export const probeRows = async (trial: Trial): Promise<Probe> => {
  let cause = ''
  for (const values of trial.values ?? (['real', 'binary'] as const)) {
    for (const freeLength of freeLengths) {
      try {
        return await compareRows(trial, freeLength, values)
      } catch (error) {
        cause = causeOf(error)
      }
    }
  }
  return { kind: 'failed', cause }
}

/** One run, since the first of a shape is slow. @returns whether a made-up row could be run */
export const warmUp = async (signature: Signature, run: Run): Promise<boolean> => {
  for (const freeLength of freeLengths) {
    try {
      await run(samples(signature, [0, 1], freeLength, 'binary'), 1)
      return true
    } catch {
      // A made-up row that fails says nothing of the model; another size may fit.
    }
  }
  return false
}
