import { elementTypes } from '../onnx/model.ts'
import { broadcast } from './broadcasting.ts'
import { globalLengths, windowedLengths } from './convolution.ts'
import {
  axisOf,
  flag,
  input,
  inputsFrom,
  intAttribute,
  lengthsOf,
  like,
  needConstant,
  needOffRows,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
  rulesFor,
} from './node.ts'
import { isOne } from './polynomial.ts'
import { constantState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** One scale for all, or one for each position of an axis that is not the row axis. */
const linear =
  (elementTypeOf: (node: RuleNode) => number | undefined): Rule =>
  (node) => {
    const [data, scale] = [input(node, 0), input(node, 1)]
    needConstant(node, 1, 2)
    if (data.kind === 'rows') {
      const lengths = lengthsOf(scale)
      if (!lengths.every(isOne))
        needOffRows(data, [axisOf(intAttribute(node, 'axis') ?? 1, rankOf(data))], 'a scale per row')
      need(lengths.length <= 1, 'quantization in blocks is not followed')
    }
    return like(data, data.lengths, data.axis, elementTypeOf(node))
  }

/** The scale is taken over all rows of the batch. */
const dynamic: Rule = (node) => {
  const data = input(node, 0)
  const results = [
    like(data, data.lengths, data.axis, elementTypes.uint8),
    constantState([], elementTypes.float32),
    constantState([], elementTypes.uint8),
  ]
  return data.kind === 'rows' ? results.map((state) => ({ ...state, scale: node.place })) : results
}

/** Scales and zero points are constant scalars. */
const needScalarScales = (node: RuleNode, indices: readonly number[]): void => {
  needConstant(node, ...indices)
  for (const index of indices) {
    const state = node.inputs[index]
    if (state) need(lengthsOf(state).every(isOne), 'a scale or a zero point per row')
  }
}

const quantizedBinary: Rule = (node) => {
  needScalarScales(
    node,
    inputsFrom(node, 1).filter((index) => index !== 3),
  )
  return broadcast(node, [input(node, 0), input(node, 3)], input(node, 0).elementType)
}

const quantizedUnary: Rule = (node) => {
  needScalarScales(node, inputsFrom(node, 1))
  const data = input(node, 0)
  return like(data, data.lengths, data.axis)
}

const quantizedPool =
  (isGlobal: boolean): Rule =>
  (node) => {
    needScalarScales(node, inputsFrom(node, 1))
    const data = input(node, 0)
    need(!flag(node, 'channels_last'), 'the channels-last layout is not followed')
    need(data.kind === 'constant' || data.axis === 0, 'the rows are not on axis 0')
    const lengths = isGlobal ? globalLengths(data) : windowedLengths(node, data, undefined, undefined)
    return like(data, lengths, data.axis)
  }

const linearRules: Rules = {
  QuantizeLinear: linear((node) => (node.inputs[2] ? node.inputs[2].elementType : elementTypes.uint8)),
  DequantizeLinear: linear((node) => input(node, 1).elementType),
}

export const quantizationRules: Rules = { ...linearRules, DynamicQuantizeLinear: dynamic }

export const microsoftQuantizationRules: Rules = {
  ...linearRules,
  ...rulesFor('QLinearAdd QLinearMul', quantizedBinary),
  ...rulesFor('QLinearSigmoid QLinearLeakyRelu', quantizedUnary),
  QLinearAveragePool: quantizedPool(false),
  QLinearGlobalAveragePool: quantizedPool(true),
}
