import { approximate } from './coefficient.ts'
import {
  at,
  axisOf,
  constantInts,
  expressions,
  input,
  lengthsOf,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
} from './node.ts'
import type { Numbers } from './numbers.ts'
import {
  constantPolynomial,
  difference,
  isNegative,
  isOne,
  one,
  type Polynomial,
  same,
  sum,
  zero,
} from './polynomial.ts'
import type { Element } from './symbols.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** Exporters write the end of a whole axis as this or more; no batch has as many rows. */
const endOfAxis = 1e9

/** Which elements of an axis are taken. */
interface AxisSlice {
  readonly start: Element
  readonly end: Element
  readonly step: Element
}

type KnownSlice = { readonly [part in keyof AxisSlice]: Polynomial }

/** The slice of each axis that has one. */
export const slicePlan = (node: RuleNode, data: TensorState): ReadonlyMap<number, AxisSlice> => {
  const isOld = node.opset < 10
  const starts = isOld ? expressions(node, -1, 'starts') : expressions(node, 1)
  const ends = isOld ? expressions(node, -1, 'ends') : expressions(node, 2)
  const axes = isOld ? constantInts(node, undefined, 'axes') : constantInts(node, 3)
  const steps = isOld ? undefined : expressions(node, 4)
  need(starts && ends, 'the bounds are not given')
  const rank = rankOf(data)
  const isEvery = !axes || (isOld && axes.length === 0)
  return new Map(
    starts.map((start, index) => [
      axisOf(isEvery ? index : at(axes, index), rank),
      {
        start,
        end: elementAt(ends, index),
        step: steps && steps.length > 0 ? elementAt(steps, index) : one,
      },
    ]),
  )
}

const elementAt = (elements: readonly Element[], index: number): Element => {
  const element = elements[index]
  need(element !== undefined, 'a list of bounds is shorter than the others')
  return element
}

const reachesEnd = ({ constant }: Polynomial): boolean =>
  constant !== undefined && approximate(constant) >= endOfAxis

/** Start 0, step 1, and an end that is the length itself or beyond every length. */
const isWholeAxis = ({ start, end, step }: AxisSlice, length: Polynomial): boolean =>
  start?.constant === 0 && step?.constant === 1 && end !== null && (same(end, length) || reachesEnd(end))

/** The largest numbers of 32 and 64 bits (as a double) mean the end in the direction of the step. */
const isOpenEnd = (end: number): boolean => end === 2 ** 31 - 1 || end === 2 ** 63

/** First position and number of the elements that onnxruntime takes of an axis. */
export const takenOf = (
  length: number,
  start: number,
  end: number,
  step: number,
): { readonly first: number; readonly count: number } => {
  need(step !== 0, 'a slice has step 0')
  const clamp = (bound: number, low: number, high: number): number =>
    Math.min(Math.max(bound < 0 ? bound + length : bound, low), high)
  const first = step > 0 ? clamp(start, 0, length) : clamp(start, 0, length - 1)
  const openEnd = step > 0 ? length : -1
  const last = isOpenEnd(end) ? openEnd : clamp(end, step > 0 ? 0 : -1, length)
  return { first, count: Math.max(0, Math.ceil((last - first) / step)) }
}

/**
 * Symbolic bounds: the length is exact only where it cannot be clamped, otherwise it is named by what it depends on.
 * It may be 0, unless the slice starts at 0.
 */
const symbolicLength = (
  numbers: Numbers,
  length: Polynomial,
  { start, end, step }: KnownSlice,
): Polynomial => {
  const first = isNegative(start) ? sum(length, start) : start
  const beforeEnd = isNegative(end) ? sum(length, end) : end
  const last = reachesEnd(end) ? length : beforeEnd
  const exact = isOne(step) ? exactLength(length, first, last, end) : undefined
  if (exact && numbers.isCount(exact)) return exact
  const isBeginning = first.constant === 0 && isOne(step)
  const isPositive = isBeginning && numbers.isPositive(last) && numbers.isPositive(length)
  const named = numbers.opaque('slice', [length, start, end, step], { least: isPositive ? 1 : 0 })
  need(named, 'its bounds depend on the number of rows')
  if (isPositive && length.constant !== undefined && same(end, last)) numbers.noteMinimum(named, end)
  return named
}

const exactLength = (
  length: Polynomial,
  first: Polynomial,
  last: Polynomial,
  end: Polynomial,
): Polynomial | undefined => {
  const isLaterPart = same(last, length) && first.constant !== undefined && approximate(first.constant) > 0
  if (isLaterPart) return difference(length, first)
  return same(first, zero) && isNegative(end) ? last : undefined
}

const slicedLength = (numbers: Numbers, length: Polynomial, plan: AxisSlice): Polynomial => {
  const { start, end, step } = plan
  need(
    start && end && step && !start.hasRows && !end.hasRows && !step.hasRows,
    'its bounds depend on the number of rows',
  )
  if (isWholeAxis(plan, length)) return length
  const fixed = [length, start, end, step].map(({ constant }) => constant)
  if (!fixed.every((constant) => constant !== undefined))
    return symbolicLength(numbers, length, { start, end, step })
  const [whole, from, to, by] = fixed.map(approximate) as [number, number, number, number]
  return constantPolynomial(takenOf(whole, from, to, by).count)
}

const slice: Rule = (node) => {
  const data = input(node, 0)
  if (!data.lengths) return constantState(undefined, data.elementType)
  const lengths = [...lengthsOf(data)]
  for (const [axis, plan] of slicePlan(node, data)) {
    const length = at(lengths, axis)
    if (axis === data.axis) need(isWholeAxis(plan, length), 'takes part of the row axis')
    else lengths[axis] = slicedLength(node.numbers, length, plan)
  }
  return { ...data, lengths, values: undefined, scale: undefined }
}

export const sliceRules: Rules = { Slice: slice }
