import {
  at,
  expressions,
  flag,
  input,
  intAttribute,
  lengthsOf,
  needConstant,
  onRows,
  type Rule,
  type RuleNode,
  type Rules,
  rowAxisOf,
} from './node.ts'
import type { Numbers } from './numbers.ts'
import { isOne, type Polynomial, perRow, same } from './polynomial.ts'
import { groupedBy, separated } from './row-groups.ts'
import { maxElements } from './symbolic-array.ts'
import type { Element } from './symbols.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** Lengths named by nothing: as many as a constant vector of unknown elements has. */
export const freshLengths = (node: RuleNode, target: TensorState): readonly Polynomial[] | undefined => {
  const count = target.lengths?.length === 1 ? target.lengths[0]?.constant : undefined
  if (typeof count !== 'number') return undefined
  need(count <= maxElements, 'a shape has too many elements')
  return Array.from({ length: count }, () => node.numbers.fresh({ least: 0 }))
}

/** A length of the target that is given, a hole for -1. */
const targetLength = (
  numbers: Numbers,
  data: TensorState,
  element: Polynomial,
  axis: number,
  allowZero: boolean,
): Polynomial | undefined => {
  const lengths = lengthsOf(data)
  if (element.constant === 0) {
    if (!allowZero) return at(lengths, axis)
    need(data.kind === 'constant', 'the target has a length of 0')
    return element
  }
  if (element.constant === -1) return undefined
  const own = lengths[axis]
  if (numbers.isPositive(element) || (own && same(element, own))) return element
  need(data.kind === 'constant', `the target element ${numbers.text(element)} may be 0 or -1`)
  need(!element.hasRows, 'the target may be 0 or -1')
  return numbers.fresh({ least: 0 })
}

/** The target with the hole filled. */
const filledTarget = (
  numbers: Numbers,
  data: TensorState,
  target: readonly (Polynomial | undefined)[],
): readonly Polynomial[] => {
  const given = target.filter((length) => length !== undefined)
  const holes = target.length - given.length
  need(holes <= 1, 'the target has two elements of -1')
  if (holes === 0) return given
  need(
    data.kind !== 'constant' || !given.some(({ hasRows }) => hasRows),
    'reshapes a fixed tensor to the rows',
  )
  const filling = numbers.quotient(lengthsOf(data), given)
  need(filling, 'the -1 of the target is not a known multiple of the rows')
  if (filling.hasRows) {
    const entries = perRow(filling)
    need(entries && numbers.isWholeNumber(entries), 'a row may not fill whole steps of the new axis')
  }
  numbers.length(filling, lengthsOf(data).every(numbers.isPositive))
  return target.map((length) => length ?? filling)
}

const productOf = (numbers: Numbers, lengths: readonly Polynomial[]): Polynomial => {
  const result = numbers.multiplyAll(lengths)
  need(result, 'a product of lengths depends on the number of rows')
  return result
}

/** A tensor's lengths, and which of them is that of the rows. */
interface Layout {
  readonly lengths: readonly Polynomial[]
  readonly axis: number
}

/**
 * The numbers from the row axis on are as many on both sides. Then those before it are, too, or the run time refuses: the
 * length of a text that was traced is often written into the target as it was.
 */
const isSameBehind = (numbers: Numbers, from: Layout, to: Layout): boolean => {
  const behind = productOf(numbers, from.lengths.slice(from.axis))
  return numbers.isPositive(behind) && same(behind, productOf(numbers, to.lengths.slice(to.axis)))
}

/** @param allowZero a 0 of the target is a length, otherwise it copies the length of the input */
const reshapeTo = (
  node: RuleNode,
  data: TensorState,
  target: readonly Element[],
  allowZero: boolean,
): TensorState => {
  const { numbers } = node
  const lengths = filledTarget(
    numbers,
    data,
    target.map((element, axis) => {
      need(element, 'the target depends on the rows in a way not followed')
      return targetLength(numbers, data, element, axis, allowZero)
    }),
  )
  const rowAxes = lengths.flatMap((length, axis) => (length.hasRows ? axis : []))
  if (data.kind === 'constant') {
    need(rowAxes.length === 0, 'reshapes a fixed tensor to the rows')
    return constantState(lengths, data.elementType)
  }
  const [axis, other] = rowAxes
  need(axis !== undefined, 'reshapes to a shape without the row axis')
  need(other === undefined, 'the number of rows appears in two axes')
  const from = rowAxisOf(data)
  // The block before the row axis must be the same size on both sides: then the numbers of each row stay together.
  const before = productOf(numbers, lengthsOf(data).slice(0, from))
  const isSameBefore = same(before, productOf(numbers, lengths.slice(0, axis)))
  if (!isSameBefore && !isSameBehind(numbers, { lengths: lengthsOf(data), axis: from }, { lengths, axis })) {
    const groups = groupedBy(node, before, { lengths, axis, elementType: data.elementType })
    need(groups && data.kind === 'rows', 'reshapes across the row axis')
    return groups
  }
  need(data.kind === 'rows', 'the layout of an input is not known')
  return onRows(lengths, axis, data.elementType)
}

const reshape: Rule = (node) => {
  const data = input(node, 0)
  const target = node.inputs[1]
  if (data.kind === 'constant' && target && !target.values) {
    needConstant(node, 1)
    return constantState(freshLengths(node, target), data.elementType)
  }
  const elements = expressions(node, 1, 'shape')
  if (!elements || !data.lengths) {
    need(data.kind === 'constant', 'the target is not known')
    return constantState(undefined, data.elementType)
  }
  if (data.kind === 'row-groups') return reshapeTo(node, separated(node.numbers, data), elements, true)
  return reshapeTo(node, data, elements, flag(node, 'allowzero'))
}

const flatten: Rule = (node) => {
  const data = input(node, 0)
  if (!data.lengths)
    return constantState(
      [node.numbers.fresh({ least: 0 }), node.numbers.fresh({ least: 0 })],
      data.elementType,
    )
  const given = intAttribute(node, 'axis') ?? 1
  const { lengths } = data
  if (data.kind === 'padded') {
    const between = productOf(node.numbers, lengths.slice(1, -1))
    need(given === 1 && isOne(between), 'flattens the padding into a row')
    return { ...data, lengths: [at(lengths, 0), at(lengths, lengths.length - 1)], axis: 0 }
  }
  const axis = given < 0 ? given + lengths.length : given
  need(axis >= 0 && axis <= lengths.length, 'an axis is out of range')
  const halves = [lengths.slice(0, axis), lengths.slice(axis)].map((part) => productOf(node.numbers, part))
  return reshapeTo(node, data, halves, true)
}

export const reshapeRules: Rules = { Reshape: reshape, Flatten: flatten }
