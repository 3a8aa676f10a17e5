import { elementCount, type NamedTensors } from '../../../tensor.ts'
import type { Model } from '../../../testing/onnx.ts'
import { rowsOfData } from '../agreement.ts'
import { arrayOf } from '../arrays.ts'
import { type Builder, buildGraph, ml } from '../builder.ts'
import type { Draws } from '../draws.ts'
import type { Operand, Sample } from './sample.ts'

/** Lengths of the lettered axes that are not the rows. */
const lengths: Readonly<Record<string, number>> = { B: 2, S: 2, T: 3, K: 4, C: 4, H: 3, W: 3, L: 5 }

export interface LaidOut {
  readonly model: Model
  /** Of the sample's node. */
  readonly outputs: readonly string[]
  readonly data: NamedTensors
}

const lengthOf = (axis: string): number => lengths[axis] ?? Number(axis)

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
  rows: string,
  draws: Draws,
  data: Record<string, NamedTensors[string]>,
): string => {
  const at = operand.axes.indexOf(rows)
  const rest = operand.axes.toSpliced(at, 1).map(lengthOf)
  const name = builder.input(operand.datatype, ...rest)
  const shape = [rowsOfData, ...rest]
  data[name] = arrayOf(operand.datatype, shape, numbersOf(operand, elementCount(shape), draws))
  if (at === 0) return name
  const order = operand.axes.map((_, axis) => axis)
  const perm = [...order.slice(1, at + 1), 0, ...order.slice(at + 1)]
  return builder.node('Transpose', [name], { attributes: { perm } })
}

/**
 * The sample with the rows along one letter. Undefined where no operand can hold them there.
 * @param without the place of an operand that is a constant with one entry along the rows
 */
export const laidOut = (
  sample: Sample,
  rows: string,
  draws: Draws,
  without?: number,
): LaidOut | undefined => {
  const builder = buildGraph(
    sample.opset ?? 17,
    sample.learningOpset === undefined ? {} : { domains: { [ml]: sample.learningOpset } },
  )
  const data: Record<string, NamedTensors[string]> = {}
  const holds = (operand: Operand | undefined): boolean =>
    operand !== undefined && !operand.fixed && operand.axes.filter((axis) => axis === rows).length === 1
  if (without !== undefined && !holds(sample.operands[without])) return undefined
  const inputs = sample.operands.map((operand, place) => {
    if (!operand) return ''
    if (holds(operand) && place !== without) return inputOf(builder, operand, rows, draws, data)
    const shape = operand.axes.map((axis) => (place === without && axis === rows ? 1 : lengthOf(axis)))
    return constantOf(builder, operand, shape, draws)
  })
  if (Object.keys(data).length === 0) return undefined
  const outputs = builder.nodes(sample.op, inputs, {
    ...(sample.domain === undefined ? {} : { domain: sample.domain }),
    ...(sample.attributes ? { attributes: sample.attributes } : {}),
    ...(sample.outputs === undefined ? {} : { outputs: sample.outputs }),
  })
  return { model: builder.whole(), outputs, data }
}
