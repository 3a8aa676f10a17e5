/** Inputs made up from what a graph says of them, for models without a data set. The optimizer makes its own by the same rules (generated.py). */
import { type Random, seededRandom } from '../generation/random.ts'
import type { OnnxModel } from '../onnx/model.ts'
import type { Thresholds } from '../onnx/tree-thresholds.ts'
import { toHalf } from '../tensors/half.ts'
import {
  allocate,
  elementCount,
  type NamedTensors,
  type NumericDatatype,
  type Signature,
  type Tensor,
  type TensorSpec,
} from '../tensors/tensor.ts'
import { type InputRange, inputRanges } from './input-range.ts'

/** Tokens of the shortest text and of the longest; the first length is taken that the graph has places for. */
export const shortestText = 8
export const longestTexts = [64, 32, 16] as const
/** Pixels of a picture whose size is free, and its colours. */
const side = 224
const channels = 3
/** Share of texts that end with padding. */
const padded = 0.25

/** No inputs can be made up: a sentence without its full stop. */
export class NotGenerated extends Error {
  override readonly name = 'NotGenerated'
}

interface Sample {
  /** Tokens of the text, those that pad it included. */
  readonly length: number
  readonly padding: number
  readonly random: Random
}

/** The names are those that exporters write. */
const lengthOfAxis = (axis: string, length: number): number => {
  if (axis.startsWith('past') && !axis.includes('+')) return 0
  return axis.startsWith('encoder') ? shortestText : length
}

/** 1 row, `length` tokens, no tokens before them, pictures of 224 pixels. */
const shapeOf = ({ shape, symbols }: TensorSpec, length: number): readonly number[] => {
  const isPicture = shape.length === 4 && shape[2] === -1 && shape[3] === -1
  return shape.map((fixed, axis) => {
    if (fixed !== -1) return fixed
    if (axis === 0) return 1
    if (isPicture) return axis === 1 ? channels : side
    return lengthOfAxis(symbols[axis] ?? '', length)
  })
}

/** Box and Muller. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const pick = <T>(values: readonly T[], random: Random): T => values[Math.floor(random() * values.length)] as T

/** A number of the feature: around the thresholds of trees where there are some, else normal. */
const featureValue = (
  feature: number,
  { features }: InputRange,
  thresholds: Thresholds,
  random: Random,
): number => {
  const known = thresholds.get(feature)
  if (known) {
    const near = pick(known, random)
    return near + normal(random) * (Math.abs(near) * 0.1 + 1e-3)
  }
  const { mean, deviation } = features?.[feature] ?? { mean: 0, deviation: 1 }
  return mean + deviation * normal(random)
}

/** Value of an integer input at a place of its last axis. */
const wholeValue = (
  { name }: TensorSpec,
  range: InputRange,
  sample: Sample,
  thresholds: Thresholds,
): ((place: number, width: number) => number) => {
  const { random, padding } = sample
  if (name.includes('mask')) return (place, width) => (place < width - padding ? 1 : 0)
  if (name.includes('position')) return (place) => place
  const { rows, isNumber } = range
  if (rows !== undefined) return () => Math.floor(random() * rows)
  if (isNumber) return (place) => Math.round(featureValue(place, range, thresholds, random))
  throw new NotGenerated(`the graph does not say which whole numbers ${name} may have`)
}

const textTensor = (name: string, range: InputRange, shape: readonly number[], random: Random): Tensor => {
  const { texts } = range
  if (!texts) throw new NotGenerated(`the graph takes texts as ${name}, and does not say which`)
  return {
    dtype: 'BYTES',
    shape,
    data: Array.from({ length: elementCount(shape) }, () => pick(texts, random)),
  }
}

const stored = (dtype: NumericDatatype, value: number): number | bigint => {
  if (dtype === 'INT64' || dtype === 'UINT64') return BigInt(dtype === 'UINT64' ? Math.abs(value) : value)
  return dtype === 'FP16' ? toHalf(value) : value
}

const floatTypes: ReadonlySet<string> = new Set(['FP16', 'FP32', 'FP64'])

const tensorOf = (spec: TensorSpec, range: InputRange, sample: Sample, thresholds: Thresholds): Tensor => {
  const { name, datatype: dtype } = spec
  const { random, length } = sample
  if (spec.anyRank) throw new NotGenerated(`the graph does not say which shape ${name} has`)
  const shape = shapeOf(spec, length)
  if (dtype === 'BYTES') return textTensor(name, range, shape, random)
  const data = allocate(dtype, elementCount(shape))
  // The one input of this type that exporters write chooses between a first step and a later one.
  if (dtype === 'BOOL') return { dtype, shape, data }
  const width = shape.at(-1) ?? 1
  const value = floatTypes.has(dtype)
    ? (place: number) => featureValue(place, range, thresholds, random)
    : wholeValue(spec, range, sample, thresholds)
  for (let index = 0; index < data.length; index++)
    data[index] = stored(dtype, value(index % width, width)) as never
  return { dtype, shape, data }
}

/**
 * @param seed equal seeds give equal inputs
 * @returns makes the inputs of one sample, with texts of at least and at most so many tokens
 */
export const inputGenerator = (
  { model, thresholds }: { readonly model: OnnxModel; readonly thresholds: Thresholds },
  { inputs }: Signature,
  seed: number,
): ((fewest: number, most: number) => NamedTensors) => {
  const ranges = inputRanges(model)
  const random = seededRandom(seed)
  return (fewest, most) => {
    const length = fewest + Math.floor(random() * (most - fewest + 1))
    const padding = random() < padded ? 1 + Math.floor(random() * (length / 2 - 1)) : 0
    const sample = { length, padding, random }
    return new Map(
      inputs.map((spec) => [spec.name, tensorOf(spec, ranges.get(spec.name) ?? {}, sample, thresholds)]),
    )
  }
}
