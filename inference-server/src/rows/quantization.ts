import { elementTypes } from '../onnx/model.ts'
import { broadcast } from './broadcasting.ts'
import { globalLengths } from './convolution.ts'
import {
  at,
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
  rowAxisOf,
  rulesFor,
} from './node.ts'
import { isOne, one, same } from './polynomial.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'
import { windowedChannelsLast, windowedLengths } from './windows.ts'

/** Scales of blocks along another axis: each row has its own, on the same axis. */
const needOwnBlocks = (node: RuleNode, data: TensorState, scale: TensorState): void => {
  const isBlocked = (intAttribute(node, 'block_size') ?? 0) > 0 && rankOf(scale) === rankOf(data)
  need(isBlocked && data.kind === 'rows', 'a scale per row')
  needOffRows(data, [axisOf(intAttribute(node, 'axis') ?? 1, rankOf(data))], 'a scale per row')
  for (const state of [scale, node.inputs[2] ?? scale]) {
    const rows = state.kind === 'rows' && state.axis === data.axis && state.lengths?.[rowAxisOf(data)]
    need(rows && same(rows, at(lengthsOf(data), rowAxisOf(data))), 'a scale per row')
  }
}

/** One scale for all, or one for each position of an axis that is not the row axis. */
const linear =
  (elementTypeOf: (node: RuleNode) => number | undefined): Rule =>
  (node) => {
    const [data, scale] = [input(node, 0), input(node, 1)]
    if (scale.kind === 'rows') {
      needOwnBlocks(node, data, scale)
      return like(data, data.lengths, data.axis, elementTypeOf(node))
    }
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
    need(data.kind === 'constant' || data.axis === 0, 'the rows are not on axis 0')
    if (flag(node, 'channels_last')) {
      const last = (data.lengths?.length ?? 0) - 1
      const whole = data.lengths?.map((length, axis) => (axis === 0 || axis === last ? length : one))
      return like(data, isGlobal ? whole : windowedChannelsLast(node, data, undefined), data.axis)
    }
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
