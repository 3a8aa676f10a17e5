import { elementTypes } from '../onnx/model.ts'
import { broadcast } from './broadcasting.ts'
import {
  constantInts,
  hasAttribute,
  input,
  intAttribute,
  lengthsOf,
  like,
  needOffRows,
  type Rule,
  type Rules,
  rulesFor,
} from './node.ts'
import { need } from './unproven.ts'

/** Each element by itself. */
const unary: Rule = (node) => {
  const data = input(node, 0)
  return like(data, data.lengths, data.axis)
}

const toBool: Rule = (node) => {
  const data = input(node, 0)
  return like(data, data.lengths, data.axis, elementTypes.bool)
}

const cast: Rule = (node) => {
  const data = input(node, 0)
  return like(data, data.lengths, data.axis, intAttribute(node, 'to'))
}

const castLike: Rule = (node) => {
  const data = input(node, 0)
  return like(data, data.lengths, data.axis, input(node, 1).elementType ?? 0)
}

/** It does nothing outside training. */
const dropout: Rule = (node) => {
  const data = input(node, 0)
  if (node.opset >= 12 && node.inputs[2])
    need(
      constantInts(node, 2)?.every((mode) => mode === 0),
      'drops elements at random in training mode',
    )
  return [like(data, data.lengths, data.axis), like(data, data.lengths, data.axis, elementTypes.bool)]
}

const arithmetic: Rule = (node) => {
  need(node.opset >= 7 || !hasAttribute(node, 'axis'), 'broadcasting before opset 7 is not followed')
  return broadcast(node, node.inputs, input(node, 0).elementType)
}

const comparison: Rule = (node) => broadcast(node, node.inputs, elementTypes.bool)

const where: Rule = (node) => broadcast(node, node.inputs, input(node, 1).elementType)

/** The bias lies along the last axis. */
const withBias: Rule = (node) => {
  const data = input(node, 0)
  needOffRows(data, [(data.lengths?.length ?? 0) - 1])
  return broadcast(node, node.inputs, data.elementType)
}

const splitWithBias: Rule = (node) => {
  const result = withBias(node)
  if ('length' in result || !result.lengths) return result
  return like(result, lengthsOf(result).with(-1, node.numbers.fresh()), result.axis)
}

export const elementwiseRules: Rules = {
  ...rulesFor(
    'Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity LeakyRelu Log Mish Neg Not Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu Affine ParametricSoftplus ScaledTanh',
    unary,
  ),
  ...rulesFor('IsInf IsNaN', toBool),
  ...rulesFor('Cast BitCast', cast),
  CastLike: castLike,
  Dropout: dropout,
  ...rulesFor(
    'Add Sub Mul Div Pow Mod Max Min Sum Mean PRelu BitShift BitwiseAnd BitwiseOr BitwiseXor Clip',
    arithmetic,
  ),
  ...rulesFor('And Or Xor Equal Less Greater LessOrEqual GreaterOrEqual', comparison),
  Where: where,
}

export const microsoftElementwiseRules: Rules = {
  ...rulesFor('BiasGelu FastGelu QuickGelu Gelu BiasAdd', withBias),
  BiasSplitGelu: splitWithBias,
}

/** Operators whose result has the broadcast shape of their inputs, for all values. */
export const broadcastingRules: ReadonlySet<Rule> = new Set([unary, cast, arithmetic, comparison, where])
