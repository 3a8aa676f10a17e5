import { contrib } from '../builder.ts'
import { bytes, fixed, flags, floats, integers, type Sample, weights, words32 } from './sample.ts'

const unaryOf = (ops: string, opset: number, domain?: string): readonly Sample[] =>
  ops.split(' ').map((op) => ({
    op,
    opset,
    operands: [floats('B S 4')],
    apart: 'BS',
    ...(domain === undefined ? {} : { domain }),
  }))

const binaryOf = (ops: string, operand = floats): readonly Sample[] =>
  ops.split(' ').flatMap((op) => [
    { op, opset: 18, operands: [operand('B S 4'), operand('B S 4')], apart: 'BS' },
    { op, opset: 18, operands: [operand('B S 4'), operand('S 1')], apart: 'BS' },
  ])

export const elementwiseSamples: readonly Sample[] = [
  ...unaryOf(
    'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Cos Cosh Elu Erf Exp Floor HardSigmoid HardSwish Identity LeakyRelu Log',
    17,
  ),
  ...unaryOf(
    'Neg Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Tan Tanh ThresholdedRelu',
    17,
  ),
  ...unaryOf('Mish', 18),
  ...unaryOf('Gelu', 20),
  ...unaryOf('IsInf IsNaN Dropout', 17),
  ...['Affine', 'ParametricSoftplus', 'ScaledTanh'].map((op) => ({
    op,
    opset: 9,
    operands: [floats('B S 4')],
    attributes: { alpha: { float: 2 }, beta: { float: 0.5 } },
    apart: 'BS',
  })),
  ...unaryOf('Swish', 24),
  ...unaryOf('QuickGelu Gelu FastGelu', 17, contrib),
  { op: 'Not', operands: [flags('B S')], apart: 'BS' },
  { op: 'BitwiseNot', opset: 18, operands: [words32('B S')], apart: 'BS' },
  { op: 'Cast', operands: [floats('B S')], attributes: { to: 7 }, apart: 'BS' },
  { op: 'CastLike', opset: 19, operands: [floats('B S'), integers('1')], apart: 'BS' },
  { op: 'BitCast', opset: 26, operands: [floats('B S')], attributes: { to: 6 }, apart: 'BS' },
  ...binaryOf('Add Sub Mul Div Max Min Sum Mean PRelu'),
  ...binaryOf('Equal Less Greater LessOrEqual GreaterOrEqual'),
  ...binaryOf('And Or Xor', flags),
  ...binaryOf('BitwiseAnd BitwiseOr BitwiseXor', words32),
  { op: 'Pow', operands: [floats('B S', [1, 3]), floats('B S')], apart: 'BS' },
  { op: 'Mod', operands: [integers('B S', [0, 9]), integers('B S', [1, 4])], apart: 'BS' },
  {
    op: 'BitShift',
    operands: [bytes('B S'), bytes('B S', [0, 3])],
    attributes: { direction: 'LEFT' },
    apart: 'BS',
  },
  { op: 'Clip', operands: [floats('B S'), weights(''), undefined], apart: 'BS' },
  {
    op: 'Clip',
    opset: 9,
    operands: [floats('B S')],
    attributes: { min: { float: -1 }, max: { float: 1 } },
    apart: 'BS',
  },
  { op: 'Dropout', opset: 9, operands: [floats('B S')], outputs: 2, apart: 'BS' },
  {
    op: 'Dropout',
    operands: [floats('B S'), fixed('FP32', '', 0.5), fixed('BOOL', '', 0)],
    outputs: 2,
    apart: 'BS',
  },
  {
    op: 'Dropout',
    operands: [floats('B S'), fixed('FP32', '', 0.5), fixed('BOOL', '', 1)],
    apart: '',
  },
  { op: 'Where', operands: [flags('B S 1'), floats('B S 4'), floats('B 1 1')], apart: 'B' },
  { op: 'BiasGelu', domain: contrib, operands: [floats('B S 4'), weights('4')], apart: 'BS' },
  { op: 'FastGelu', domain: contrib, operands: [floats('B S 4'), weights('4')], apart: 'BS' },
  {
    op: 'BiasAdd',
    domain: contrib,
    operands: [floats('B S 320'), weights('320'), floats('B S 320')],
    apart: 'B',
  },
  { op: 'BiasSplitGelu', domain: contrib, operands: [floats('B S 2560'), weights('2560')], apart: 'B' },
]
