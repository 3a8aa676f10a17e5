import { elementTypes } from '../onnx/model.ts'
import { tensorElements } from '../onnx/tensor-elements.ts'
import { broadcastLength } from './broadcasting.ts'
import { coefficientOf } from './coefficient.ts'
import { valuedState } from './layout.ts'
import {
  at,
  expressions,
  input,
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
import { constantPolynomial, isOne, one, type Polynomial, rowCount, same, sum } from './polynomial.ts'
import { freshLengths } from './reshape.ts'
import { rowNumbers } from './row-numbers.ts'
import { arrayOf, countOf, maxElements, vectorOf } from './symbolic-array.ts'
import type { Element } from './symbols.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

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

export const expansionRules: Rules = {
  Expand: expand,
  Tile: tile,
  ConstantOfShape: constantOfShape,
  Range: range,
}
