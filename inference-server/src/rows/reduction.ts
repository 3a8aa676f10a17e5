import { elementTypes } from '../onnx/model.ts'
import {
  at,
  axisOf,
  constantInts,
  expressions,
  flag,
  hasAttribute,
  input,
  intAttribute,
  like,
  needConstant,
  needOffRows,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
  rulesFor,
} from './node.ts'
import { one } from './polynomial.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need, Unproven } from './unproven.ts'

/** Undefined where they are not known, which is no matter of a constant. */
const reducedAxes = (node: RuleNode, data: TensorState): readonly number[] | undefined => {
  needConstant(node, 1)
  try {
    return constantInts(node, 1, 'axes') ?? []
  } catch (error) {
    if (error instanceof Unproven && data.kind === 'constant') return undefined
    throw error
  }
}

/** The state without some axes, or with length 1 there. */
const reduced = (
  node: RuleNode,
  data: TensorState,
  axes: ReadonlySet<number>,
  elementType?: number,
): TensorState => {
  const lengths = data.lengths ?? []
  if ((intAttribute(node, 'keepdims') ?? 1) !== 0)
    return like(
      data,
      lengths.map((length, axis) => (axes.has(axis) ? one : length)),
      data.axis,
      elementType,
    )
  const { axis: rowAxis } = data
  const before = rowAxis === undefined ? 0 : [...axes].filter((axis) => axis < rowAxis).length
  return like(
    data,
    lengths.filter((_, axis) => !axes.has(axis)),
    rowAxis === undefined ? undefined : rowAxis - before,
    elementType,
  )
}

const reduce: Rule = (node) => {
  const data = input(node, 0)
  if (!data.lengths) return constantState(undefined, data.elementType)
  const given = reducedAxes(node, data)
  if (!given) return constantState(undefined, data.elementType)
  if (given.length === 0 && flag(node, 'noop_with_empty_axes')) return like(data, data.lengths, data.axis)
  const rank = rankOf(data)
  const axes = new Set(given.length === 0 ? data.lengths.keys() : given.map((axis) => axisOf(axis, rank)))
  needOffRows(data, axes, 'reduces over the row axis')
  // The run time leaves the axes where they are when it reduces an empty tensor.
  const keepsAxes = (intAttribute(node, 'keepdims') ?? 1) !== 0
  need(keepsAxes || data.lengths.every(node.numbers.isPositive), 'may reduce an empty tensor')
  return reduced(node, data, axes)
}

const position: Rule = (node) => {
  const data = input(node, 0)
  if (!data.lengths)
    return [constantState(undefined, data.elementType), constantState(undefined, elementTypes.int64)]
  const axis = axisOf(intAttribute(node, 'axis') ?? 0, rankOf(data))
  needOffRows(data, [axis], 'chooses along the row axis')
  const result = reduced(node, data, new Set([axis]), elementTypes.int64)
  return { ...result, below: at(data.lengths, axis) }
}

const topK: Rule = (node) => {
  const data = input(node, 0)
  if (!data.lengths)
    return [constantState(undefined, data.elementType), constantState(undefined, elementTypes.int64)]
  const axis = axisOf(intAttribute(node, 'axis') ?? -1, rankOf(data))
  needOffRows(data, [axis], 'chooses along the row axis')
  needConstant(node, 1)
  const count = hasAttribute(node, 'k') ? expressions(node, 1, 'k') : expressions(node, 1)
  const kept = count && at(count, 0)
  need(kept, 'the number of elements to keep is not known')
  const lengths = data.lengths.with(axis, node.numbers.length(kept))
  return [like(data, lengths, data.axis), like(data, lengths, data.axis, elementTypes.int64)]
}

export const reductionRules: Rules = {
  ...rulesFor(
    'ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare',
    reduce,
  ),
  ...rulesFor('ArgMax ArgMin', position),
  TopK: topK,
}
