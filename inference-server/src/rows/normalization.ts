import { broadcast } from './broadcasting.ts'
import {
  axisOf,
  constantInts,
  flag,
  input,
  inputsFrom,
  intAttribute,
  intsAttribute,
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
import { one } from './polynomial.ts'
import { constantState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** Channel by channel or group by group inside each row; the parameters are constant. */
const channelNormalization: Rule = (node) => {
  const data = input(node, 0)
  needConstant(node, ...inputsFrom(node, 1))
  need(data.kind === 'constant' || data.axis === 0, 'the rows are not on axis 0')
  return like(data, data.lengths, data.axis)
}

/** It takes constant means and variances, outside training. */
const batchNormalization: Rule = (node) => {
  const isInference = node.opset >= 7 || flag(node, 'is_test')
  const outputs = node.outputs.filter((name) => name !== '').length
  need(!flag(node, 'training_mode') && outputs === 1 && isInference, 'takes the statistics of the batch')
  return channelNormalization(node)
}

const layerNormalization: Rule = (node) => {
  const data = input(node, 0)
  needConstant(node, ...inputsFrom(node, 1))
  if (!data.lengths) return [constantState(), constantState(), constantState()]
  const first = axisOf(intAttribute(node, 'axis') ?? -1, rankOf(data))
  if (data.kind === 'rows') {
    const rowAxis = rowAxisOf(data)
    need(rowAxis < first, 'normalizes along the row axis')
    for (const scale of node.inputs.slice(1))
      if (scale) need(rankOf(scale) <= rankOf(data) - rowAxis - 1, 'the scale reaches the row axis')
  }
  const statistics = data.lengths.map((length, axis) => (axis < first ? length : one))
  return [
    like(data, data.lengths, data.axis),
    like(data, statistics, data.axis),
    like(data, statistics, data.axis),
  ]
}

/** Along the last axis of the sum of the first two inputs, which is the fourth output. */
/**
 * The sum of two tensors, which has the shape of the first: the second may lack the first of three axes, or have one entry there,
 * and nothing else.
 */
const skipLayerNormalization: Rule = (node) => {
  needConstant(node, ...inputsFrom(node, 2))
  const [data, skip] = [input(node, 0), input(node, 1)]
  const total = broadcast(node, [data, skip], data.elementType)
  if (total.kind === 'rows') {
    need(data.kind === 'rows', 'rows are added to a fixed tensor')
    need(
      skip.kind === 'rows' || rowAxisOf(data) === rankOf(data) - 3,
      'a fixed tensor is added along the row axis',
    )
  }
  needOffRows(total, [(total.lengths?.length ?? 0) - 1])
  const statistics = like(total, total.lengths?.with(-1, one), total.axis)
  return [total, statistics, statistics, total]
}

/** All axes from the given one on are normalized together before opset 13. */
const softmax: Rule = (node) => {
  const data = input(node, 0)
  needConstant(node, ...inputsFrom(node, 1))
  if (!data.lengths) return constantState(undefined, data.elementType)
  const rank = rankOf(data)
  const isFlattening = (intAttribute(node, 'opset') ?? node.opset) < 13
  const axis = rank === 0 ? 0 : axisOf(intAttribute(node, 'axis') ?? (isFlattening ? 1 : -1), rank)
  const axes = isFlattening ? data.lengths.map((_, index) => index).slice(axis) : [axis]
  needOffRows(data, axes, 'normalizes along the row axis')
  return like(data, data.lengths, data.axis)
}

/** Keeps the shape and works along some axes. */
const along =
  (axesOf: (node: RuleNode) => readonly number[] | undefined): Rule =>
  (node) => {
    const data = input(node, 0)
    needConstant(node, ...inputsFrom(node, 1))
    if (data.kind === 'rows') {
      const rank = rankOf(data)
      const axes = axesOf(node)
      need(axes, 'the axes are not known')
      needOffRows(
        data,
        axes.map((axis) => axisOf(axis, rank)),
      )
    }
    return like(data, data.lengths, data.axis)
  }

export const normalizationRules: Rules = {
  ...rulesFor('InstanceNormalization GroupNormalization LRN', channelNormalization),
  BatchNormalization: batchNormalization,
  ...rulesFor('LayerNormalization RMSNormalization SimplifiedLayerNormalization', layerNormalization),
  ...rulesFor('Softmax LogSoftmax Hardmax', softmax),
  LpNormalization: along((node) => [intAttribute(node, 'axis') ?? -1]),
  MeanVarianceNormalization: along((node) => intsAttribute(node, 'axes') ?? [0, 2, 3]),
  ...rulesFor(
    'CumSum CumProd',
    along((node) => constantInts(node, 1)),
  ),
  Trilu: along(() => [-1, -2]),
}

export const microsoftNormalizationRules: Rules = {
  GroupNorm: channelNormalization,
  ...rulesFor('SkipLayerNormalization SkipSimplifiedLayerNormalization', skipLayerNormalization),
  QLinearSoftmax: softmax,
}
