import { elementTypes } from '../onnx/model.ts'
import {
  at,
  flag,
  input,
  inputsFrom,
  intAttribute,
  intsAttribute,
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
import { constantPolynomial, one, type Polynomial, product, sum } from './polynomial.ts'
import { constantState, type TensorState, unknownState } from './tensor-state.ts'
import { need } from './unproven.ts'
import { type Window, windowedChannelsLast, windowedLengths, windowsOf } from './windows.ts'

/** Channels are summed over, so that rows may be on axis 0 only; weights, scales and bias are constant. */
const convolution =
  (weightsAt: number, elementType?: number): Rule =>
  (node) => {
    const data = input(node, 0)
    const weights = input(node, weightsAt)
    needConstant(node, ...inputsFrom(node, 1))
    need(data.kind === 'constant' || data.axis === 0, 'the rows are not on axis 0')
    need(!flag(node, 'channels_last'), 'the channels-last layout is not followed')
    const channels = weights.lengths ? at(weights.lengths, 0) : node.numbers.fresh()
    return like(data, windowedLengths(node, data, weights, channels), data.axis, elementType)
  }

/** FusedConv adds a fourth input of the same layout to the result. */
const fusedConvolution: Rule = (node) => {
  const data = input(node, 0)
  const weights = input(node, 1)
  const added = node.inputs[3]
  needConstant(node, ...inputsFrom(node, 1).filter((index) => index !== 3))
  need(data.kind === 'constant' || data.axis === 0, 'the rows are not on axis 0')
  if (added) need(added.kind === data.kind && added.axis === data.axis, 'the added tensor has another layout')
  const channels = weights.lengths ? at(weights.lengths, 0) : node.numbers.fresh()
  return like(data, windowedLengths(node, data, weights, channels), data.axis)
}

/** The formula of a transposed convolution without automatic padding; it is assumed that no length is 0. */
const transposedLength = (node: RuleNode, length: Polynomial, window: Window, extra: number): Polynomial => {
  const { kernel, stride, dilation, before, after, autoPad } = window
  const isGiven = autoPad !== 'NOTSET' || node.attributes.has('output_shape')
  if (kernel === undefined || isGiven) return node.numbers.fresh()
  const added = extra + dilation * (kernel - 1) + 1 - stride - before - after
  const result = sum(product(length, constantPolynomial(stride)), constantPolynomial(added))
  return node.numbers.length(result, true)
}

const transposedConvolution: Rule = (node) => {
  const data = input(node, 0)
  const weights = input(node, 1)
  needConstant(node, ...inputsFrom(node, 1))
  need(data.kind === 'constant' || data.axis === 0, 'the rows are not on axis 0')
  if (!data.lengths) return constantState(undefined, data.elementType)
  const perGroup = weights.lengths?.[1]
  const channels = perGroup
    ? product(perGroup, constantPolynomial(intAttribute(node, 'group') ?? 1))
    : node.numbers.fresh()
  const spatial = data.lengths.slice(2)
  const windows = windowsOf(node, spatial.length, weights)
  const extra = intsAttribute(node, 'output_padding')
  const lengths = spatial.map((length, index) =>
    transposedLength(node, length, at(windows, index), extra ? at(extra, index) : 0),
  )
  return like(data, [at(data.lengths, 0), channels, ...lengths], data.axis)
}

/** Rows may be on the axis of the channels, too: pools keep channels apart. */
const pool: Rule = (node) => {
  const data = input(node, 0)
  needOffRows(data, spatialAxes(data))
  const lengths = windowedLengths(node, data, undefined, undefined)
  const result = like(data, lengths, data.axis)
  // The second output of MaxPool counts positions over the whole batch.
  return data.kind === 'constant'
    ? [result, constantState(lengths, elementTypes.int64)]
    : [result, unknownState('the indices of MaxPool count over the batch', undefined, lengths)]
}

const spatialAxes = (data: TensorState): readonly number[] =>
  (data.lengths ?? []).map((_, axis) => axis).slice(2)

const globalPool: Rule = (node) => {
  const data = input(node, 0)
  needOffRows(data, spatialAxes(data))
  return like(data, globalLengths(data), data.axis)
}

export const globalLengths = (data: TensorState): readonly Polynomial[] | undefined =>
  data.lengths?.map((length, axis) => (axis < 2 ? length : one))

/** Channels become blocks of the image, or the other way round. */
const blocks =
  (toSpace: boolean): Rule =>
  (node) => {
    const data = input(node, 0)
    const { numbers } = node
    need(data.kind === 'constant' || data.axis === 0, 'the rows are not on axis 0')
    const size = intAttribute(node, 'blocksize')
    need(size, 'the block size is not given')
    if (!data.lengths) return constantState(undefined, data.elementType)
    need(rankOf(data) === 4, 'the input is no batch of images')
    const block = constantPolynomial(size)
    const area = constantPolynomial(size * size)
    const shrunk = (length: Polynomial, by: Polynomial): Polynomial => {
      const result = numbers.quotient([length], [by])
      need(result, 'a length depends on the number of rows')
      return result
    }
    const grown = (length: Polynomial, by: Polynomial): Polynomial => {
      const result = numbers.multiply(length, by)
      need(result, 'a length depends on the number of rows')
      return result
    }
    const [image, channel] = toSpace ? [grown, shrunk] : [shrunk, grown]
    const [batch, channels, height, width] = lengthsOf(data) as [
      Polynomial,
      Polynomial,
      Polynomial,
      Polynomial,
    ]
    return like(data, [batch, channel(channels, area), image(height, block), image(width, block)], data.axis)
  }

/** Each image is sampled at the places of its own grid. */
const gridSample: Rule = (node) => {
  const [data, grid] = [input(node, 0), input(node, 1)]
  const share = data.kind === 'rows' && grid.kind === 'rows' && data.axis === 0 && grid.axis === 0
  need(
    share && at(lengthsOf(data), 0).key === at(lengthsOf(grid), 0).key,
    'image and grid do not share the rows',
  )
  return like(data, [...lengthsOf(data).slice(0, 2), ...lengthsOf(grid).slice(1, -1)], 0)
}

export const convolutionRules: Rules = {
  Conv: convolution(1),
  ConvInteger: convolution(1, elementTypes.int32),
  QLinearConv: convolution(3),
  ConvTranspose: transposedConvolution,
  ...rulesFor('MaxPool AveragePool LpPool', pool),
  ...rulesFor('GlobalAveragePool GlobalMaxPool GlobalLpPool', globalPool),
  DepthToSpace: blocks(true),
  SpaceToDepth: blocks(false),
  GridSample: gridSample,
}

const needRowsInFront = (data: TensorState): void =>
  need(data.kind === 'constant' || data.axis === 0, 'the rows are not on axis 0')

/** The layout is an attribute; weights have the channels in front in both. */
const quantizedConvolution: Rule = (node) => {
  if (!flag(node, 'channels_last')) return convolution(3)(node)
  const [data, weights] = [input(node, 0), input(node, 3)]
  needConstant(node, ...inputsFrom(node, 1))
  needRowsInFront(data)
  const channels = weights.lengths ? at(weights.lengths, 0) : node.numbers.fresh()
  return like(data, windowedChannelsLast(node, data, weights, channels), data.axis)
}

const channelsLastPool: Rule = (node) => {
  const data = input(node, 0)
  needRowsInFront(data)
  return like(data, windowedChannelsLast(node, data, undefined), data.axis)
}

export const microsoftConvolutionRules: Rules = {
  FusedConv: fusedConvolution,
  QLinearConv: quantizedConvolution,
  NhwcMaxPool: channelsLastPool,
}
