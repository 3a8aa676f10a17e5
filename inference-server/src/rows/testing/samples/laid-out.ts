import { elementCount, type NamedTensors, type Tensor } from '../../../tensors/tensor.ts'
import type { Model } from '../../../testing/onnx.ts'
import { rowsOfData } from '../agreement.ts'
import { arrayOf } from '../arrays.ts'
import { type Builder, buildGraph, ml } from '../builder.ts'
import type { Draws } from '../draws.ts'
import type { Operand, Sample } from './sample.ts'

/** Lengths of the lettered axes that are not the rows. */
const lengths: Readonly<Record<string, number>> = { B: 2, S: 2, T: 3, K: 4, C: 4, H: 3, W: 3, L: 5 }

/** Where the rows of each operand lie. */
export interface Layout {
  /** The letter that is the rows of the operand at this place; undefined makes it a constant. */
  readonly rows: (place: number) => string | undefined
  /** Length of an axis of the operand at this place that is not its rows. */
  readonly length: (axis: string, place: number) => number
}

const usual = (axis: string): number => lengths[axis] ?? Number(axis)

/** The rows along one letter, in every operand that has it. */
export const along = (letter: string): Layout => ({ rows: () => letter, length: usual })

/** The same, but one operand is a constant with one entry where the others have the rows. */
export const alongWithout = (letter: string, without: number): Layout => ({
  rows: (place) => (place === without ? undefined : letter),
  length: (axis, place) => (place === without && axis === letter ? 1 : usual(axis)),
})

/** The rows of one operand along one letter, and those of the others along another; all else has length 1. */
export const crossed = (letter: string, at: number, others: string): Layout => ({
  rows: (place) => (place === at ? letter : others),
  length: (axis) => (Number.isNaN(Number(axis)) ? 1 : Number(axis)),
})

export interface LaidOut {
  readonly model: Model
  /** Outputs of the sample's node. */
  readonly outputs: readonly string[]
  readonly data: NamedTensors
}

const numbersOf = (
  { datatype, least, most, numbers }: Operand,
  count: number,
  draws: Draws,
): readonly number[] => {
  if (numbers) return numbers
  const real = datatype === 'FP32' || datatype === 'FP16'
  return Array.from({ length: Math.max(1, count) }, () =>
    real ? least + draws.number() * (most - least) : draws.between(least, most),
  )
}

const constantOf = (builder: Builder, operand: Operand, shape: readonly number[], draws: Draws): string =>
  builder.constant(operand.datatype, shape, numbersOf(operand, elementCount(shape), draws))

/** The operand as an input whose first axis is the rows, moved to where the operator wants it. */
const inputOf = (
  builder: Builder,
  operand: Operand,
  at: number,
  rest: readonly number[],
  draws: Draws,
  data: Map<string, Tensor>,
): string => {
  const name = builder.input(operand.datatype, ...rest)
  const shape = [rowsOfData, ...rest]
  data.set(name, arrayOf(operand.datatype, shape, numbersOf(operand, elementCount(shape), draws)))
  if (at === 0) return name
  const order = operand.axes.map((_, axis) => axis)
  const perm = [...order.slice(1, at + 1), 0, ...order.slice(at + 1)]
  return builder.node('Transpose', [name], { attributes: { perm } })
}

/** The place of an operand's rows among its axes, if it can hold them. */
const rowsAt = (operand: Operand, letter: string | undefined): number | undefined => {
  if (operand.fixed || letter === undefined) return undefined
  const places = operand.axes.flatMap((axis, at) => (axis === letter ? [at] : []))
  return places.length === 1 ? places[0] : undefined
}

/** The sample with its rows laid out. Undefined where no operand can hold them there. */
export const laidOut = (sample: Sample, layout: Layout, draws: Draws): LaidOut | undefined => {
  const builder = buildGraph(
    sample.opset ?? 17,
    sample.learningOpset === undefined ? {} : { domains: { [ml]: sample.learningOpset } },
  )
  const data = new Map<string, Tensor>()
  const inputs = sample.operands.map((operand, place) => {
    if (!operand) return ''
    const shape = operand.axes.map((axis) => layout.length(axis, place))
    const at = rowsAt(operand, layout.rows(place))
    return at === undefined
      ? constantOf(builder, operand, shape, draws)
      : inputOf(builder, operand, at, shape.toSpliced(at, 1), draws, data)
  })
  if (data.size === 0) return undefined
  const outputs = builder.nodes(sample.op, inputs, {
    ...(sample.domain === undefined ? {} : { domain: sample.domain }),
    ...(sample.attributes ? { attributes: sample.attributes } : {}),
    ...(sample.outputs === undefined ? {} : { outputs: sample.outputs }),
  })
  return { model: builder.whole(), outputs, data }
}
