/** Inputs made up from what a graph says of them, for models without a data set. The optimizer makes its own by the same rules (generated.py). */
import { showBytes } from '../failures/import-error.ts'
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
export const paddedShare = 0.25
const largestValueBytes = 8
/** Bytes of the inputs of a sample; the optimizer has 16 samples or more, and 1 GiB for them. */
const largestBytes = 2 ** 26

/** No inputs can be made up: a sentence without its full stop. */
export class NotGenerated extends Error {
  override readonly name = 'NotGenerated'
}

/** How one sample is made. */
export interface Sample {
  /** Tokens of the text, those before this run and those that pad it included. */
  readonly length: number
  readonly padding: number
  /** Tokens of earlier runs, whose keys and values are given; 0 in a first run. */
  readonly past: number
  readonly random: Random
}

const isPast = (axis: string): boolean => axis.startsWith('past') && !axis.includes('+')

/** @returns whether a graph takes keys and values of earlier runs */
export const hasPast = ({ inputs }: Signature): boolean =>
  inputs.some(({ symbols }) => symbols.some((axis) => axis !== undefined && isPast(axis)))

/** The names are those that exporters write. */
const lengthOfAxis = (axis: string, { length, past }: Omit<Sample, 'random'>): number => {
  if (isPast(axis)) return past
  if (axis.startsWith('encoder')) return shortestText
  return axis.startsWith('total') || axis.includes('+') ? length : length - past
}

/** 1 row, the tokens of the sample, pictures of 224 pixels. */
const shapeOf = ({ shape, symbols }: TensorSpec, sample: Sample): readonly number[] => {
  const isPicture = shape.length === 4 && shape[2] === -1 && shape[3] === -1
  return shape.map((fixed, axis) => {
    if (fixed !== -1) return fixed
    if (axis === 0) return 1
    if (isPicture) return axis === 1 ? channels : side
    return lengthOfAxis(symbols[axis] ?? '', sample)
  })
}

/** @throws NotGenerated where the inputs would fill the memory */
const requireSmall = (inputs: Signature['inputs'], sample: Sample): void => {
  let total = 0
  for (const spec of inputs) {
    const bytes = largestValueBytes * elementCount(shapeOf(spec, sample))
    total += bytes
    if (total > largestBytes)
      throw new NotGenerated(
        `the graph takes ${showBytes(bytes)} as ${spec.name}, which is too much to generate`,
      )
  }
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
  const { random, padding, past } = sample
  // An axis of another length, as that of an encoder, keeps half of its tokens.
  if (name.includes('mask'))
    return (place, width) => (place < width - Math.min(padding, Math.floor(width / 2)) ? 1 : 0)
  if (name.includes('position')) return (place) => past + place
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
  const fitting = dtype.startsWith('UINT') ? Math.abs(value) : value
  if (dtype === 'INT64' || dtype === 'UINT64') return BigInt(fitting)
  return dtype === 'FP16' ? toHalf(fitting) : fitting
}

const floatTypes: ReadonlySet<string> = new Set(['FP16', 'FP32', 'FP64'])

const tensorOf = (spec: TensorSpec, range: InputRange, sample: Sample, thresholds: Thresholds): Tensor => {
  const { name, datatype: dtype } = spec
  const { random, past } = sample
  if (spec.anyRank) throw new NotGenerated(`the graph does not say which shape ${name} has`)
  const shape = shapeOf(spec, sample)
  if (dtype === 'BYTES') return textTensor(name, range, shape, random)
  const data = allocate(dtype, elementCount(shape))
  // The one input of this type that exporters write chooses between a first step and a later one.
  if (dtype === 'BOOL') return { dtype, shape, data: data.fill((past > 0 ? 1 : 0) as never) }
  const width = shape.at(-1) ?? 1
  const value = floatTypes.has(dtype)
    ? (place: number) => featureValue(place, range, thresholds, random)
    : wholeValue(spec, range, sample, thresholds)
  for (let index = 0; index < data.length; index++)
    data[index] = stored(dtype, value(index % width, width)) as never
  return { dtype, shape, data }
}

/** Makes the inputs of one sample, with texts of at least and at most so many tokens. */
export type GenerateInputs = (
  fewest: number,
  most: number,
  /** All tokens but the last were read by earlier runs. */
  isLater: boolean,
) => NamedTensors

interface Graph {
  readonly model: OnnxModel
  readonly thresholds: Thresholds
}

/** @returns a function that makes the inputs of a given sample */
export const sampleMaker = (
  { model, thresholds }: Graph,
  { inputs }: Signature,
): ((sample: Sample) => NamedTensors) => {
  const ranges = inputRanges(model)
  return (sample) => {
    requireSmall(inputs, sample)
    return new Map(
      inputs.map((spec) => [spec.name, tensorOf(spec, ranges.get(spec.name) ?? {}, sample, thresholds)]),
    )
  }
}

/** @param seed equal seeds give equal inputs */
export const inputGenerator = (graph: Graph, signature: Signature, seed: number): GenerateInputs => {
  const make = sampleMaker(graph, signature)
  const random = seededRandom(seed)
  return (fewest, most, isLater) => {
    const length = fewest + Math.floor(random() * (most - fewest + 1))
    const isPadded = random() < paddedShare && !isLater
    const padding = isPadded ? 1 + Math.floor(random() * (Math.floor(length / 2) - 1)) : 0
    return make({ length, padding, past: isLater ? length - 1 : 0, random })
  }
}
