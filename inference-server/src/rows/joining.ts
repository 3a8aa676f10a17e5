import {
  at,
  axisOf,
  constantInts,
  expressions,
  input,
  inputsFrom,
  intAttribute,
  lengthsOf,
  like,
  needConstant,
  needOffRows,
  onRows,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
} from './node.ts'
import { constantPolynomial, isOne, type Polynomial, same, sum } from './polynomial.ts'
import { groupState } from './row-groups.ts'
import { areOwnNumbers } from './row-numbers.ts'
import { constantState, dependsOnRows, rowState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** Lengths of the joined tensor: a fixed length decides where others have names. */
const joinedLengths = (
  node: RuleNode,
  parts: readonly TensorState[],
  axis: number,
): readonly Polynomial[] => {
  const [first] = parts
  need(first, 'nothing is joined')
  need(
    parts.every((part) => rankOf(part) === rankOf(first)),
    'the ranks of joined tensors differ',
  )
  const lengthsAt = (index: number): readonly Polynomial[] => parts.map((part) => at(lengthsOf(part), index))
  return lengthsOf(first).map((length, index) => {
    if (index === axis) return node.numbers.length(lengthsAt(axis).reduce(sum))
    return lengthsAt(index).find(({ constant }) => constant !== undefined) ?? length
  })
}

/** All parts hold the same rows on the same axis, and are joined along another. */
const join = (node: RuleNode, parts: readonly TensorState[]): TensorState => {
  const elementType = parts[0]?.elementType
  if (parts.some(({ lengths }) => !lengths)) {
    need(
      parts.every(({ kind }) => kind === 'constant'),
      'the rank of a joined tensor is not known',
    )
    return constantState(undefined, elementType)
  }
  const rank = rankOf(at(parts, 0))
  const axis = axisOf(intAttribute(node, 'axis') ?? 1, rank)
  const reference = parts.find(({ kind }) => kind !== 'constant')
  if (!reference) return constantState(joinedLengths(node, parts, axis), elementType)
  const rowAxis = reference.axis
  const hasSameRows = (part: TensorState): boolean =>
    (part.kind === 'rows' || part.kind === 'row-numbers') &&
    part.axis === rowAxis &&
    rowAxis !== undefined &&
    same(at(lengthsOf(part), rowAxis), at(lengthsOf(reference), rowAxis))
  need(parts.every(hasSameRows) && rowAxis !== undefined, 'joins a fixed tensor, or tensors with other rows')
  const lengths = joinedLengths(node, parts, axis)
  if (rowAxis === axis) {
    need(
      parts.every(({ kind }) => kind === 'rows'),
      'joins along the row axis',
    )
    return groupState(node, constantPolynomial(parts.length), lengths, axis, elementType)
  }
  if (parts.every(({ kind }) => kind === 'rows')) return onRows(lengths, rowAxis, elementType)
  const [numbers, ...rest] = parts as [TensorState, ...TensorState[]]
  const isTuple = areOwnNumbers(numbers) && axis === rank - 1 && isOne(at(lengthsOf(numbers), axis))
  need(isTuple && rest.every(({ kind }) => kind === 'rows'), 'row numbers are joined in a way not followed')
  return rowState('row-tuples', lengths, rowAxis, elementType)
}

const concat: Rule = (node) =>
  join(
    node,
    node.inputs.map((_, index) => input(node, index)),
  )

/** Scale and zero point of the result, then a tensor, a scale and a zero point for each part. */
const quantizedConcat: Rule = (node) => {
  const isPart = (index: number): boolean => index >= 2 && index % 3 === 2
  needConstant(node, ...inputsFrom(node, 0).filter((index) => !isPart(index)))
  return join(
    node,
    inputsFrom(node, 0)
      .filter(isPart)
      .map((index) => input(node, index)),
  )
}

/** Lengths of the parts: given, equal ones where the whole is fixed, otherwise fresh ones. */
const partLengths = (node: RuleNode, whole: Polynomial): readonly Polynomial[] => {
  const count = node.outputs.length
  const fresh = (): Polynomial[] => Array.from({ length: count }, () => node.numbers.fresh({ least: 0 }))
  const state = node.inputs[1]
  if (state && !state.values && !node.attributes.has('split')) {
    needConstant(node, 1)
    return fresh()
  }
  const given = expressions(node, 1, 'split')
  if (given)
    return given.map((length) => {
      need(length && !dependsOnRows(length), 'its sizes depend on the number of rows')
      return node.numbers.length(length)
    })
  const parts = intAttribute(node, 'num_outputs') ?? count
  const { constant } = whole
  if (typeof constant !== 'number' || constant % parts !== 0) return fresh()
  return Array.from({ length: count }, () => constantPolynomial(constant / parts))
}

const split: Rule = (node) => {
  const data = input(node, 0)
  if (!data.lengths) {
    needConstant(node, 1)
    return node.outputs.map(() => constantState(undefined, data.elementType))
  }
  const { lengths } = data
  const axis = axisOf(intAttribute(node, 'axis') ?? 0, rankOf(data))
  needOffRows(data, [axis], 'splits the row axis')
  return partLengths(node, at(lengths, axis)).map((length) =>
    like(data, lengths.with(axis, length), data.axis),
  )
}

const pad: Rule = (node) => {
  const data = input(node, 0)
  needConstant(node, 2, 3)
  if (!data.lengths) return constantState(undefined, data.elementType)
  const pads = expressions(node, 1, 'pads')
  const given = node.opset >= 18 ? constantInts(node, 3) : undefined
  const axes = given?.map((axis) => axisOf(axis, rankOf(data))) ?? data.lengths.map((_, axis) => axis)
  const lengths = [...data.lengths]
  for (const [index, axis] of axes.entries()) {
    const [before, after] = [pads?.[index], pads?.[index + axes.length]]
    if (data.kind === 'rows' && axis === data.axis) {
      need(before?.constant === 0 && after?.constant === 0, 'pads the row axis')
      continue
    }
    need(before && after && !before.hasRows && !after.hasRows, 'the pads depend on the number of rows')
    lengths[axis] = node.numbers.length(sum(sum(at(lengths, axis), before), after))
  }
  return like(data, lengths, data.axis)
}

export const joiningRules: Rules = { Concat: concat, Split: split, Pad: pad }

export const microsoftJoiningRules: Rules = { QLinearConcat: quantizedConcat }
