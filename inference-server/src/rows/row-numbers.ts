import { elementTypes } from '../onnx/model.ts'
import { broadcast } from './broadcasting.ts'
import { approximate, coefficientOf, isWhole, plus, signOf } from './coefficient.ts'
import { entriesPerRow, input, intAttribute, isWholeType, type Rule, type RuleNode } from './node.ts'
import type { Numbers } from './numbers.ts'
import { constantPolynomial, difference, isOne, one, type Polynomial, product, sum } from './polynomial.ts'
import { isPlain, rowState, type TensorState } from './tensor-state.ts'
import { need, Unproven } from './unproven.ts'

/** Operators that move elements and make none: bounds of the elements stay true, and row numbers stay row numbers. */
const movers: ReadonlySet<string> = new Set(
  'Identity Cast Reshape Flatten Expand Unsqueeze Squeeze Slice Transpose Tile'.split(' '),
)

/** Gather moves elements of its first input; row numbers are no data that it takes. */
export const movesElements = (operator: string): boolean => movers.has(operator)

/** The numbers from 0 on, one for each row. */
export const rowNumbers = (
  lengths: readonly Polynomial[],
  axis: number,
  elementType: number | undefined,
): TensorState => ({
  ...rowState('row-numbers', lengths, axis, elementType),
  stride: one,
  below: one,
})

/** Each row has one number, which is its own. */
export const areOwnNumbers = (state: TensorState): boolean =>
  state.kind === 'row-numbers' &&
  state.stride !== undefined &&
  state.below !== undefined &&
  isOne(state.stride) &&
  isOne(state.below) &&
  isOne(entriesPerRow(state))

const isSmallCast = (node: RuleNode): boolean => {
  const to = intAttribute(node, 'to')
  return node.operator !== 'Cast' || to === elementTypes.int32 || to === elementTypes.int64
}

/** A rule for rows holds for row numbers, too, where elements are only moved within their row. */
export const movedNumbers = (node: RuleNode, rule: Rule): TensorState => {
  const data = input(node, 0)
  need(isSmallCast(node), 'row numbers are cast')
  const moved = rule({
    ...node,
    inputs: [{ ...data, kind: 'rows', values: undefined }, ...node.inputs.slice(1)],
  })
  need(!('length' in moved) && moved.kind === 'rows', 'row numbers are moved in a way not followed')
  return { ...moved, kind: 'row-numbers', stride: data.stride, below: data.below }
}

/** What a mover keeps of the bounds of a plain tensor. */
export const withBound = (node: RuleNode, state: TensorState): TensorState => {
  const data = node.inputs[0]
  const keeps = (movers.has(node.operator) && isSmallCast(node)) || node.operator === 'Gather'
  if (!keeps || !data?.below || !isPlain(data) || !isPlain(state)) return state
  return { ...state, below: data.below }
}

/** All elements are whole numbers from 0 to below this, undefined where that is not known. */
const boundOf = (state: TensorState): Polynomial | undefined => {
  if (state.below) return state.below
  if (!state.values || !isWholeType(state.elementType) || state.values.elements.length === 0) return undefined
  let largest = 0
  for (const element of state.values.elements) {
    const constant = element?.constant
    if (constant === undefined || !isWhole(constant) || signOf(constant) < 0) return undefined
    largest = Math.max(largest, approximate(constant))
  }
  return Number.isSafeInteger(largest) ? constantPolynomial(plus(coefficientOf(largest), 1)) : undefined
}

/** One factor for all, a whole number of at least 1 that is the same in all runs. */
const factorOf = (numbers: Numbers, state: TensorState): Polynomial | undefined => {
  const elements = state.kind === 'constant' ? state.values?.elements : undefined
  const [factor] = elements ?? []
  const isUsable =
    elements?.length === 1 && factor && numbers.isPositive(factor) && numbers.isWholeNumber(factor)
  return isUsable && isWholeType(state.elementType) ? factor : undefined
}

/** r * s * e + c * e */
const scaled = (
  numbers: Numbers,
  state: TensorState,
  other: TensorState,
): Pick<TensorState, 'stride' | 'below'> => {
  const factor = factorOf(numbers, other)
  need(factor && state.stride && state.below, 'row numbers are multiplied in a way not followed')
  const largest = product(difference(state.below, one), factor)
  return { stride: product(state.stride, factor), below: sum(largest, one) }
}

/** r * s + c + d, as long as c + d stays below s. */
const shifted = (
  numbers: Numbers,
  state: TensorState,
  other: TensorState,
): Pick<TensorState, 'stride' | 'below'> => {
  const bound = boundOf(other)
  need(
    bound && state.stride && state.below && isPlain(other),
    'row numbers are added to what is not followed',
  )
  const below = difference(sum(state.below, bound), one)
  const fits = numbers.compare(below, state.stride, 'le')
  need(fits?.constant === 1, 'the sum of a row number and another may be the number of another row')
  return { stride: state.stride, below }
}

/**
 * Row numbers times a fixed number, or plus a position within the row. Undefined where the node is neither.
 * @param refused the state otherwise, whose lengths are right
 */
export const numberArithmetic = (node: RuleNode, refused: TensorState): TensorState | undefined => {
  try {
    return followedArithmetic(node)
  } catch (error) {
    if (error instanceof Unproven) return { ...refused, reason: error.message }
    throw error
  }
}

const followedArithmetic = (node: RuleNode): TensorState | undefined => {
  const { operator, inputs, numbers } = node
  if ((operator !== 'Mul' && operator !== 'Add') || inputs.length !== 2) return undefined
  const state = inputs.find((operand) => operand?.kind === 'row-numbers')
  const other = inputs.find((operand) => operand !== state)
  if (!state || !other || !isPlain(other)) return undefined
  const parts = operator === 'Mul' ? scaled(numbers, state, other) : shifted(numbers, state, other)
  const moved = broadcast(node, [{ ...state, kind: 'rows' }, other], state.elementType)
  need(moved.kind === 'rows', 'row numbers are added in a way not followed')
  return { ...moved, kind: 'row-numbers', ...parts }
}
