import { broadcastingRules } from './elementwise.ts'
import { at, flag, intAttribute, lengthsOf, type Rule, type RuleNode, rankOf, rowAxisOf } from './node.ts'
import type { Numbers } from './numbers.ts'
import { exactQuotient, isOne, one, type Polynomial, perRow, product, same } from './polynomial.ts'
import { rowState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/**
 * Rows that lie in groups along an axis: all rows, then all rows again. It is that of joined tensors, and that of
 * [positions * rows, width], whose rows are not together.
 * @param lengths the row axis counts groups * rows
 */
export const groupState = (
  node: RuleNode,
  groups: Polynomial,
  lengths: readonly Polynomial[],
  axis: number,
  elementType: number | undefined,
): TensorState => ({
  ...rowState('row-groups', lengths, axis, elementType),
  groups,
  reason: 'lays rows in groups',
  place: node.place,
})

/** The same elements with an axis for the groups in front of the row axis. */
export const separated = (numbers: Numbers, data: TensorState): TensorState => {
  const axis = rowAxisOf(data)
  const { lengths, groups } = data
  const rows = lengths && groups && exactQuotient(at(lengths, axis), groups)
  // A length of 0 in the target of a reshape would copy a length that is not separated.
  need(
    rows && groups && lengths.every(numbers.isPositive) && numbers.isPositive(groups),
    'lays rows in groups',
  )
  return {
    ...data,
    kind: 'rows',
    axis: axis + 1,
    lengths: lengths.toSpliced(axis, 1, groups, rows),
    groups: undefined,
  }
}

/** Rows of [before ..., rows, ...] reshaped to an axis that counts more than the rows: undefined where they mix. */
export const groupedBy = (
  node: RuleNode,
  before: Polynomial,
  target: {
    readonly lengths: readonly Polynomial[]
    readonly axis: number
    readonly elementType: number | undefined
  },
): TensorState | undefined => {
  const { numbers } = node
  const { lengths, axis, elementType } = target
  const outside = numbers.multiplyAll(lengths.slice(0, axis))
  const groups = numbers.exact(before, outside)
  const rows = groups && exactQuotient(at(lengths, axis), groups)
  const entries = rows && perRow(rows)
  const isWhole = groups && numbers.isPositive(groups) && numbers.isWholeNumber(groups)
  if (!isWhole || !entries || !numbers.isWholeNumber(entries)) return undefined
  return groupState(node, groups, lengths, axis, elementType)
}

/** The data is the first input, its last axis is summed over, and the other operand has no batch axes. */
const products: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'MatMulInteger'])

/** Scales are scalars: an axis counted from the front is another one with an axis for the groups. */
const quantizers: ReadonlySet<string> = new Set([
  'QuantizeLinear',
  'DequantizeLinear',
  'DynamicQuantizeLinear',
])

const seesNoAxes = (node: RuleNode, rule: Rule): boolean => {
  const { operator, inputs } = node
  const [, second, ...others] = inputs
  if (broadcastingRules.has(rule)) return true
  if (products.has(operator))
    return !flag(node, 'transA') && second?.kind === 'constant' && second.lengths?.length === 2
  if (operator === 'LayerNormalization') return (intAttribute(node, 'axis') ?? -1) < 0
  const areScalars = [second, ...others].every((state) => !state || (state.lengths?.every(isOne) ?? false))
  return quantizers.has(operator) && areScalars
}

/** A constant that reaches the axis has length 1 there, and on the axis of the groups. */
const separatedConstant = (state: TensorState, behind: number): TensorState => {
  need(state.kind === 'constant', 'rows in groups meet rows')
  const axis = rankOf(state) - 1 - behind
  if (axis < 0) return state
  const lengths = lengthsOf(state)
  need(isOne(at(lengths, axis)), 'a fixed operand meets the row axis')
  return { ...state, lengths: lengths.toSpliced(axis, 0, one), values: undefined }
}

/** The groups and the rows on one axis again. */
const together = (node: RuleNode, state: TensorState, groups: Polynomial): TensorState => {
  if (state.kind !== 'rows') return state
  const axis = rowAxisOf(state) - 1
  const lengths = lengthsOf(state)
  need(axis >= 0 && same(at(lengths, axis), groups), 'rows in groups are moved in a way not followed')
  const merged = lengths.toSpliced(axis, 2, product(groups, at(lengths, axis + 1)))
  const { scale } = state
  return { ...groupState(node, groups, merged, axis, state.elementType), scale }
}

/** An operator that treats all places of the axis alike does so with the groups on an axis of their own. */
export const followGroups = (
  node: RuleNode,
  rule: Rule | undefined,
): TensorState | readonly TensorState[] | undefined => {
  const data = node.inputs.find((state) => state?.kind === 'row-groups')
  const isFirst = node.inputs[0]?.kind === 'row-groups'
  if (!data?.groups || !rule || !seesNoAxes(node, rule)) return undefined
  if (!isFirst && !broadcastingRules.has(rule)) return undefined
  const { groups } = data
  const behind = rankOf(data) - 1 - rowAxisOf(data)
  const inputs = node.inputs.map((state, index) => {
    const isMatrix = index === 1 && products.has(node.operator)
    if (!state || isMatrix) return state
    if (state.kind !== 'row-groups') return separatedConstant(state, behind)
    const isAligned = rankOf(state) - 1 - rowAxisOf(state) === behind
    need(isAligned && state.groups && same(state.groups, groups), 'rows in different groups meet')
    return separated(node.numbers, state)
  })
  const result = rule({ ...node, inputs })
  return 'length' in result
    ? result.map((state) => together(node, state, groups))
    : together(node, result, groups)
}
