import { elementTypes } from '../onnx/model.ts'
import {
  at,
  axisOf,
  constantInts,
  input,
  intAttribute,
  intsAttribute,
  lengthsOf,
  like,
  type Rule,
  type Rules,
  rankOf,
} from './node.ts'
import { constantPolynomial, isOne, one, type Polynomial } from './polynomial.ts'
import { type SymbolicArray, vectorOf } from './symbolic-array.ts'
import { constantState, dependsOnRows, type TensorState, unknownState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** A tensor of known elements: constant where none depends on the number of rows. */
export const valuedState = (values: SymbolicArray, elementType: number | undefined): TensorState => {
  const lengths = values.shape.map((length) => constantPolynomial(length))
  const state = values.elements.some(dependsOnRows)
    ? unknownState('its values depend on the number of rows', undefined, lengths)
    : constantState(lengths, elementType)
  return { ...state, values, elementType }
}

const shape: Rule = (node) => {
  const lengths = lengthsOf(input(node, 0))
  return valuedState(
    vectorOf(lengths.slice(intAttribute(node, 'start') ?? 0, intAttribute(node, 'end'))),
    elementTypes.int64,
  )
}

const size: Rule = (node) => {
  const count = node.numbers.multiplyAll(lengthsOf(input(node, 0)))
  return valuedState({ shape: [], elements: [count] }, elementTypes.int64)
}

const transpose: Rule = (node) => {
  const data = input(node, 0)
  if (!data.lengths) return constantState(undefined, data.elementType)
  const { lengths, axis } = data
  const given = intsAttribute(node, 'perm') ?? []
  const order = given.length > 0 ? given : lengths.map((_, index) => lengths.length - 1 - index)
  need(order.length === lengths.length && new Set(order).size === order.length, 'no order of the axes')
  return like(
    data,
    order.map((from) => at(lengths, from)),
    axis === undefined ? undefined : order.indexOf(axis),
  )
}

/** Axes of length 1 say nothing about the rows, so that every kind of state keeps its meaning. */
const withAxes = (
  data: TensorState,
  lengths: readonly Polynomial[],
  axis: number | undefined,
): TensorState => ({
  ...data,
  lengths,
  axis,
  values: undefined,
  scale: undefined,
})

const unsqueeze: Rule = (node) => {
  const data = input(node, 0)
  const given = constantInts(node, 1, 'axes')
  need(given, 'the axes are not given')
  if (!data.lengths) return constantState(undefined, data.elementType)
  const rank = data.lengths.length + given.length
  const axes = new Set(given.map((axis) => axisOf(axis, rank)))
  need(axes.size === given.length, 'an axis is named twice')
  /** Source of each axis of the result; -1: it is new. */
  const sources: number[] = []
  let next = 0
  for (let axis = 0; axis < rank; axis++) sources.push(axes.has(axis) ? -1 : next++)
  const lengths = sources.map((source) => (source < 0 ? one : at(lengthsOf(data), source)))
  return withAxes(data, lengths, data.axis === undefined ? undefined : sources.indexOf(data.axis))
}

const squeeze: Rule = (node) => {
  const data = input(node, 0)
  const given = constantInts(node, 1, 'axes')
  if (!data.lengths) return constantState(undefined, data.elementType)
  const { lengths } = data
  if (!given && lengths.some(({ constant }) => constant === undefined)) {
    need(data.kind === 'constant', 'squeezes every axis of length 1')
    return constantState(undefined, data.elementType)
  }
  const axes = new Set(
    given?.map((axis) => axisOf(axis, rankOf(data))) ??
      lengths.flatMap((length, axis) => (isOne(length) ? axis : [])),
  )
  need(data.axis === undefined || !axes.has(data.axis), 'squeezes the row axis')
  const kept = lengths.map((_, axis) => axis).filter((axis) => !axes.has(axis))
  return withAxes(
    data,
    kept.map((axis) => at(lengths, axis)),
    data.axis === undefined ? undefined : kept.indexOf(data.axis),
  )
}

export const layoutRules: Rules = {
  Shape: shape,
  Size: size,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
}
