import { elementType } from '../../../testing/onnx.ts'
import { contrib } from '../builder.ts'
import { type Growth, isFloat, isInteger } from '../growth.ts'
import { lengthOf, type Step, smallNumbers } from './step.ts'

const unaryOperators = [
  ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Celu', 'Cos', 'Cosh', 'Elu', 'Erf'],
  ...['Exp', 'Floor', 'Gelu', 'HardSigmoid', 'HardSwish', 'Identity', 'LeakyRelu', 'Log', 'Mish', 'Neg'],
  ...['Reciprocal', 'Relu', 'Relu', 'Relu', 'Round', 'Selu', 'Shrink', 'Sigmoid', 'Sign', 'Sin', 'Sinh'],
  ...['Softplus', 'Softsign', 'Sqrt', 'Tan', 'Tanh', 'ThresholdedRelu', 'Affine', 'ParametricSoftplus'],
  ...['ScaledTanh', 'Dropout', 'Neg', 'Identity'],
] as const

const unary: Step = async (growth) => growth.tryNode(growth.draws.pick(unaryOperators), [growth.float()])

/** A constant of a shape that often, but not always, can be broadcast to the tensor's. */
const companion = (growth: Growth, name: string): string => {
  const { shape } = growth.tensorOf(name)
  const { draws } = growth
  const shapes = [
    [],
    [1],
    shape.slice(1),
    [1, ...shape.slice(1)],
    shape,
    [draws.between(1, 3)],
    [3, 1],
    shape.map(() => 1),
  ]
  return growth.constant('FP32', draws.pick(shapes), smallNumbers(growth))
}

const binaryOperators = [
  'Add',
  'Sub',
  'Mul',
  'Max',
  'Min',
  'Sum',
  'Mean',
  'PRelu',
  'Pow',
  'Mod',
  'Div',
] as const

const binary: Step = async (growth) => {
  const { draws } = growth
  const left = growth.float()
  if (left === undefined) return
  const right = draws.chance(0.6) ? growth.float() : companion(growth, left)
  const op = draws.chance(0.6) ? draws.pick(['Add', 'Sub', 'Mul', 'Max']) : draws.pick(binaryOperators)
  await growth.tryNode(op, draws.chance(0.7) ? [left, right] : [right, left], {
    attributes: op === 'Mod' ? { fmod: 1 } : {},
  })
}

const comparisons = ['Greater', 'Less', 'Equal', 'LessOrEqual', 'GreaterOrEqual'] as const

const compare: Step = async (growth) => {
  const { draws } = growth
  const other = draws.chance(0.4) ? growth.float() : growth.constant('FP32', [], [0])
  const flags = await growth.tryNode(draws.pick(comparisons), [growth.float(), other])
  if (draws.chance(0.5))
    await growth.tryNode('Cast', [flags], {
      attributes: { to: elementType(draws.pick(['FP32', 'INT64'])) },
    })
}

const flag = ({ dtype }: { readonly dtype: string }): boolean => dtype === 'BOOL'

const logic: Step = async (growth) => {
  const op = growth.draws.pick(['And', 'Or', 'Xor', 'Not', 'IsNaN', 'IsInf'])
  if (op === 'Not') return growth.tryNode(op, [growth.pick(flag)])
  if (op.startsWith('Is')) return growth.tryNode(op, [growth.float()])
  return growth.tryNode(op, [growth.pick(flag), growth.pick(flag)])
}

const choose: Step = async (growth) => {
  const left = growth.float()
  const flags =
    growth.pick(flag) ?? (await growth.tryNode('Greater', [left, growth.constant('FP32', [], [0])]))
  const right = growth.draws.chance(0.6) ? growth.float() : growth.constant('FP32', [], [0])
  await growth.tryNode('Where', [flags, left, right])
}

const cast: Step = async (growth) => {
  const other = growth.pick(({ dtype }) => dtype !== 'FP32')
  if (growth.draws.chance(0.2) && growth.opset >= 15)
    await growth.tryNode('CastLike', [other, growth.float()])
  else await growth.tryNode('Cast', [other], { attributes: { to: elementType('FP32') } })
}

/** Numbers that can be used as indices: 0 and 1. */
const toIndex: Step = async (growth) => {
  if (growth.opset < 11) return
  const clipped = await growth.tryNode('Clip', [
    growth.float(),
    growth.constant('FP32', [], [0]),
    growth.constant('FP32', [], [1]),
  ])
  await growth.tryNode('Cast', [clipped], { attributes: { to: elementType('INT64') } })
}

const bits: Step = async (growth) => {
  const input = growth.pick(isInteger)
  const op = growth.draws.pick(['BitwiseAnd', 'BitwiseOr', 'BitwiseXor', 'BitwiseNot', 'Add', 'Mul', 'Max'])
  const other = growth.draws.chance(0.5)
    ? growth.pick(isInteger)
    : growth.integers(growth.draws.between(0, 3))
  await growth.tryNode(op, op === 'BitwiseNot' ? [input] : [input, other])
}

const activation: Step = async (growth) => {
  const { draws } = growth
  const input = growth.pick((value) => isFloat(value) && value.shape.length > 0)
  if (input === undefined) return
  const op = draws.pick(['BiasGelu', 'FastGelu', 'QuickGelu', 'Gelu'])
  const bias = growth.constant('FP32', [lengthOf(growth, input, -1)], smallNumbers(growth))
  const takesBias = op === 'BiasGelu' || (op === 'FastGelu' && draws.chance(0.5))
  await growth.tryNode(op, takesBias ? [input, bias] : [input], { domain: contrib })
}

export const elementwise: readonly (readonly [weight: number, step: Step])[] = [
  [3, unary],
  [4, binary],
  [1, compare],
  [1, logic],
  [1, choose],
  [1, cast],
  [2, toIndex],
  [1, bits],
  [1, activation],
]
