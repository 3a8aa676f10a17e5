import { approximate } from './coefficient.ts'
import { at, axisOf, constantInts, flag, input, intAttribute, intsAttribute } from './node.ts'
import { slicePlan, takenOf } from './slice.ts'
import {
  arrayOf,
  broadcastShape,
  broadcastTo,
  concatenated,
  countOf,
  takeAlong,
  transposed,
} from './symbolic-array.ts'
import { need } from './unproven.ts'
import type { Fold } from './value-arithmetic.ts'

const concat: Fold = (node, arrays) => {
  const axis = intAttribute(node, 'axis')
  need(axis !== undefined, 'the axis is not given')
  return concatenated(arrays, axisOf(axis, at(arrays, 0).shape.length))
}

const gather: Fold = (node, [data, index]) => {
  if (!data || !index) return undefined
  const axis = axisOf(intAttribute(node, 'axis') ?? 0, data.shape.length)
  const positions = (constantInts(node, 1) ?? []).map((position) => axisOf(position, at(data.shape, axis)))
  const { elements } = takeAlong(data, axis, positions)
  return arrayOf([...data.shape.slice(0, axis), ...index.shape, ...data.shape.slice(axis + 1)], elements)
}

const unsqueeze: Fold = (node, [data]) => {
  const given = constantInts(node, 1, 'axes')
  if (!data || !given) return undefined
  const rank = data.shape.length + given.length
  const axes = new Set(given.map((axis) => axisOf(axis, rank)))
  need(axes.size === given.length, 'an axis is named twice')
  const left = [...data.shape]
  const shape = Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : (left.shift() as number)))
  return arrayOf(shape, data.elements)
}

const squeeze: Fold = (node, [data]) => {
  if (!data) return undefined
  const given = constantInts(node, 1, 'axes')?.map((axis) => axisOf(axis, data.shape.length))
  const isGone = (length: number, axis: number): boolean => (given ? given.includes(axis) : length === 1)
  need(given?.every((axis) => data.shape[axis] === 1) ?? true, 'squeezes an axis that is longer than 1')
  return arrayOf(
    data.shape.filter((length, axis) => !isGone(length, axis)),
    data.elements,
  )
}

const reshape: Fold = (node, [data]) => {
  const target = constantInts(node, 1, 'shape')
  if (!data || !target || flag(node, 'allowzero')) return undefined
  const shape = target.map((length, axis) => (length === 0 ? at(data.shape, axis) : length))
  const holes = shape.filter((length) => length === -1)
  need(holes.length <= 1 && shape.every((length) => length >= -1), 'the target is not well formed')
  const given = countOf(shape.filter((length) => length !== -1))
  need(holes.length === 0 || given > 0, 'the target is not well formed')
  return arrayOf(
    shape.map((length) => (length === -1 ? data.elements.length / given : length)),
    data.elements,
  )
}

const transpose: Fold = (node, [data]) => {
  if (!data) return undefined
  const given = intsAttribute(node, 'perm') ?? []
  return transposed(data, given.length > 0 ? given : data.shape.map((_, axis) => axis).toReversed())
}

const slice: Fold = (node, [data]) => {
  let result = data
  for (const [axis, bounds] of slicePlan(node, input(node, 0))) {
    const parts = [bounds.start, bounds.end, bounds.step].map((part) => part?.constant)
    if (!result || !parts.every((part) => part !== undefined)) return undefined
    const [start, end, step] = parts.map(approximate) as [number, number, number]
    const { first, count } = takenOf(at(result.shape, axis), start, end, step)
    const positions = Array.from({ length: count }, (_, index) => first + index * step)
    result = takeAlong(result, axis, positions)
  }
  return result
}

const expand: Fold = (node, [data]) => {
  const target = constantInts(node, 1)
  return data && target && broadcastTo(data, broadcastShape(data.shape, target))
}

/** Operators that move elements and leave them as they are. */
export const layoutFolds: Readonly<Record<string, Fold>> = {
  Concat: concat,
  Gather: gather,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Reshape: reshape,
  Transpose: transpose,
  Slice: slice,
  Expand: expand,
}
