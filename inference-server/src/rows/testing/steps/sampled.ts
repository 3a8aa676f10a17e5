import { elementCount } from '../../../tensors/tensor.ts'
import { elementType } from '../../../testing/onnx.ts'
import { type Growth, isFloat } from '../growth.ts'
import { samples } from '../samples/index.ts'
import type { Operand, Sample } from '../samples/sample.ts'
import { type Step, withAxes } from './step.ts'

const lettered = (axis: string): boolean => Number.isNaN(Number(axis))

const numbers = ({ draws }: Growth, { numbers: given, least, most, datatype }: Operand, count: number) =>
  given ??
  Array.from({ length: Math.max(1, count) }, () =>
    datatype === 'FP32' ? least + draws.number() * (most - least) : draws.between(least, most),
  )

interface Layout {
  /** A vector, along which the letter `rows` is laid. */
  readonly column: string
  readonly rows: string
  readonly lengths: Readonly<Record<string, number>>
}

const constantOf = (growth: Growth, operand: Operand, shape: readonly number[]): string =>
  growth.constant(operand.datatype, shape, numbers(growth, operand, elementCount(shape)))

/** The operand with numbers that differ along the column, brought into its range and type. */
const operandOf = async (
  growth: Growth,
  operand: Operand,
  { column, rows, lengths }: Layout,
): Promise<string | undefined> => {
  const shape = operand.axes.map((axis) => lengths[axis] ?? Number(axis))
  const at = operand.axes.indexOf(rows)
  if (at < 0 || operand.fixed || operand.datatype === 'BYTES') return constantOf(growth, operand, shape)
  if (growth.draws.chance(0.1)) return constantOf(growth, operand, shape.with(at, 1))
  const others = shape.flatMap((_, axis) => (axis === at ? [] : [axis]))
  const placed = others.length === 0 ? column : await withAxes(growth, 'Unsqueeze', column, others)
  const spread = growth.constant(
    'FP32',
    shape.with(at, 1),
    numbers(growth, { ...operand, datatype: 'FP32' }, elementCount(shape)),
  )
  const sum = await growth.tryNode('Add', [placed, spread])
  if (operand.datatype === 'FP32') return sum
  const [least, most] = [operand.least, operand.most].map((bound) => growth.constant('FP32', [], [bound]))
  const inRange = await growth.tryNode('Clip', [sum, least, most])
  return growth.tryNode('Cast', [inRange], { attributes: { to: elementType(operand.datatype) } })
}

const fits = (sample: Sample, opset: number): boolean => {
  const own = sample.opset ?? 17
  return sample.learningOpset === undefined && (own >= 13 ? own <= opset : own <= opset && opset < 13)
}

/** A sample call whose rows come from the graph so far, along an axis that may well be the wrong one. */
export const sampled: Step = async (growth) => {
  const { draws } = growth
  const sample = draws.pick(samples.filter((each) => fits(each, growth.opset)))
  const letters = [...new Set(sample.operands.flatMap((operand) => operand?.axes.filter(lettered) ?? []))]
  const source = growth.pick((value) => isFloat(value) && value.shape.length > 0)
  if (source === undefined || letters.length === 0) return
  const axis = draws.chance(0.8) ? 0 : draws.between(0, growth.rankOf(source) - 1)
  const others = growth.tensorOf(source).shape.flatMap((_, index) => (index === axis ? [] : [index]))
  const column =
    others.length === 0 ? source : await withAxes(growth, 'ReduceMean', source, others, 18, { keepdims: 0 })
  if (column === undefined) return
  const rows = sample.apart !== '' && draws.chance(0.7) ? draws.pick([...sample.apart]) : draws.pick(letters)
  const lengths = Object.fromEntries(letters.map((letter) => [letter, draws.between(1, 3)]))
  lengths[rows] = growth.tensorOf(column).shape[0] as number
  const inputs: string[] = []
  for (const operand of sample.operands) {
    const input = operand ? await operandOf(growth, operand, { column, rows, lengths }) : ''
    if (input === undefined) return
    inputs.push(input)
  }
  const { op, domain, attributes, outputs } = sample
  await growth.tryNodes(op, inputs, {
    ...(domain === undefined ? {} : { domain }),
    ...(attributes ? { attributes } : {}),
    ...(outputs === undefined ? {} : { outputs }),
  })
}
