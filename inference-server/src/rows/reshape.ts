import { elementTypes } from '../onnx/model.ts'
import { tensorElements } from '../onnx/tensor-elements.ts'
import { broadcastLength } from './broadcasting.ts'
import { coefficientOf } from './coefficient.ts'
import { valuedState } from './layout.ts'
import {
  at,
  expressions,
  flag,
  input,
  intAttribute,
  isWholeType,
  lengthsOf,
  like,
  needConstant,
  onRows,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
  rowAxisOf,
  tensorAttribute,
} from './node.ts'
import type { Numbers } from './numbers.ts'
import { constantPolynomial, isOne, one, type Polynomial, perRow, rowCount, same, sum } from './polynomial.ts'
import { groupedBy, separated } from './row-groups.ts'
import { rowNumbers } from './row-numbers.ts'
import { arrayOf, countOf, maxElements, vectorOf } from './symbolic-array.ts'
import type { Element } from './symbols.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** Lengths named by nothing: as many as a constant vector of unknown elements has. */
const freshLengths = (node: RuleNode, target: TensorState): readonly Polynomial[] | undefined => {
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

const expand: Rule = (node) => {
  const { numbers } = node
  const data = input(node, 0)
  const target = expressions(node, 1)
  need(target, 'the target is not given')
  const rank = Math.max(rankOf(data), target.length)
  const wanted = [
    ...Array.from({ length: rank - target.length }, () => one),
    ...target.map((element) => {
      need(element, 'the target depends on the rows in a way not followed')
      if (numbers.isPositive(element)) return element
      need(element.constant === undefined && !element.hasRows, 'the target may be 0')
      return numbers.fresh({ least: 0 })
    }),
  ]
  const lengths = [...Array.from({ length: rank - rankOf(data) }, () => one), ...lengthsOf(data)]
  const rowAxes = wanted.flatMap((length, axis) => (length.hasRows ? axis : []))
  const expanded = (rowAxis: number | undefined, rowLength: Polynomial | undefined): Polynomial[] =>
    wanted.map((length, axis) =>
      axis === rowAxis && rowLength ? rowLength : broadcastLength(numbers, [length, at(lengths, axis)]),
    )
  if (data.kind === 'constant') {
    const [axis, other] = rowAxes
    if (axis === undefined) return constantState(expanded(undefined, undefined), data.elementType)
    // All rows of the result are the same.
    need(other === undefined && isOne(at(lengths, axis)), 'a fixed tensor meets the row axis')
    return onRows(expanded(axis, wanted[axis]), axis, data.elementType)
  }
  const axis = rowAxisOf(data) + rank - rankOf(data)
  const [own, asked] = [at(lengths, axis), at(wanted, axis)]
  need(rowAxes.every((other) => other === axis) && (same(own, asked) || isOne(asked)), 'expands the row axis')
  return { ...data, lengths: expanded(axis, own), axis, values: undefined, scale: undefined }
}

const tile: Rule = (node) => {
  const data = input(node, 0)
  const repeats = expressions(node, 1)
  need(repeats?.length === rankOf(data), 'the repeats are not known')
  const lengths = lengthsOf(data).map((length, axis) => {
    const result = node.numbers.multiply(length, at(repeats, axis))
    need(result, 'the repeats depend on the rows in a way not followed')
    return result
  })
  if (data.kind === 'constant') {
    const axis = repeats.findIndex((element) => element?.hasRows)
    return axis < 0 ? constantState(lengths, data.elementType) : onRows(lengths, axis, data.elementType)
  }
  need(repeats[rowAxisOf(data)]?.constant === 1, 'repeats the batch')
  return like(data, lengths, data.axis)
}

const constantOfShape: Rule = (node) => {
  const target = input(node, 0)
  const filling = tensorAttribute(node, 'value')
  const elementType = filling ? filling.elementType : elementTypes.float32
  if (!target.values) {
    needConstant(node, 0)
    return constantState(freshLengths(node, target))
  }
  const lengths = target.values.elements.map((element) => {
    need(element, 'the shape depends on the rows in a way not followed')
    return element
  })
  const axis = lengths.findIndex(({ hasRows }) => hasRows)
  // All elements are the same, so that all rows are.
  if (axis >= 0) return onRows(lengths, axis, elementType)
  const state = constantState(
    lengths.map((length) => node.numbers.length(length)),
    elementType,
  )
  const shape = lengths.map(({ constant }) => constant)
  if (!shape.every((length) => typeof length === 'number' && length >= 0)) return state
  const value = filling ? tensorElements(filling)?.[0] : 0
  const count = countOf(shape as number[])
  if (value === undefined || count > maxElements || !Number.isFinite(Number(value))) return state
  const element = constantPolynomial(coefficientOf(value))
  return {
    ...state,
    values: arrayOf(
      shape as number[],
      Array.from({ length: count }, () => element),
    ),
  }
}

const range: Rule = (node) => {
  const { numbers } = node
  const { elementType } = input(node, 0)
  const [start, limit, step] = [0, 1, 2].map((index) => node.inputs[index]?.values?.elements[0])
  if (!start || !limit || !step) {
    needConstant(node, 0, 1, 2)
    return constantState([numbers.fresh({ least: 0 })], elementType)
  }
  const count = isOne(step) ? numbers.subtract(limit, start) : null
  if (count && same(count, rowCount) && start.constant === 0) return rowNumbers([rowCount], 0, elementType)
  needConstant(node, 0, 1, 2)
  const state = fixedRange(node, start, count)
  return start.constant === 0 && isOne(step) ? { ...state, below: limit } : state
}

/** The numbers from a start on, as many as are counted; not followed where that is null. */
const fixedRange = ({ numbers, inputs }: RuleNode, start: Polynomial, count: Element): TensorState => {
  const elementType = inputs[0]?.elementType
  if (!count || !numbers.isWholeNumber(count))
    return constantState([numbers.fresh({ least: 0 })], elementType)
  if (count.constant === undefined) {
    // The run time makes 0 of a negative count.
    const length = numbers.isCount(count) ? count : numbers.opaque('range', [count], { least: 0 })
    need(length, 'the count depends on the number of rows')
    return constantState([length], elementType)
  }
  const known = typeof count.constant === 'number' && count.constant >= 0 && count.constant <= maxElements
  if (!known || start.constant === undefined || !isWholeType(elementType))
    return constantState([numbers.fresh({ least: 0 })], elementType)
  const elements = Array.from({ length: count.constant as number }, (_, index) =>
    sum(start, constantPolynomial(index)),
  )
  return valuedState(vectorOf(elements), elementType)
}

export const reshapeRules: Rules = {
  Reshape: reshape,
  Flatten: flatten,
  Expand: expand,
  Tile: tile,
  ConstantOfShape: constantOfShape,
  Range: range,
}
