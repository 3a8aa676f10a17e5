import type { AttributeValue, OnnxGraph, WholeNumber } from '../onnx/model.ts'
import { coefficientOf } from './coefficient.ts'
import type { Numbers } from './numbers.ts'
import { constantPolynomial, type Polynomial, perRow } from './polynomial.ts'
import type { Element } from './symbols.ts'
import { constantState, isConstant, type Place, rowState, type TensorState } from './tensor-state.ts'
import { need, Unproven } from './unproven.ts'

/** What a rule sees of a node. */
export interface RuleNode {
  readonly operator: string
  /** Version of ONNX's own operator set. */
  readonly opset: number
  /** Undefined where an optional input is left out. */
  readonly inputs: readonly (TensorState | undefined)[]
  /** Names; '' where an optional output is left out. */
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, AttributeValue>
  readonly numbers: Numbers
  readonly place: Place
  /** States of the outputs of a graph inside the node. @param bound states of the graph's inputs */
  readonly outputsOf: (graph: OnnxGraph, bound: readonly TensorState[]) => readonly TensorState[]
}

/**
 * States of the node's outputs from those of its inputs; outputs beyond those returned are unknown.
 * @throws Unproven where rows may meet; any other error counts as a form that the rule does not know
 */
export type Rule = (node: RuleNode) => TensorState | readonly TensorState[]

/** Rules by the name of their operator. */
export type Rules = Readonly<Record<string, Rule>>

/** The same rule for several operators, named in a list with blanks between. */
export const rulesFor = (operators: string, rule: Rule): Rules =>
  Object.fromEntries(operators.split(' ').map((operator) => [operator, rule]))

/** An input that the operator does not go without. */
export const input = (node: RuleNode, index: number): TensorState => {
  const state = node.inputs[index]
  if (!state) throw new Unproven(`input ${index} is left out`)
  return state
}

export const lengthsOf = (state: TensorState): readonly Polynomial[] => {
  if (!state.lengths) throw new Unproven('the rank of an input is not known')
  return state.lengths
}

export const rankOf = (state: TensorState): number => lengthsOf(state).length

/** An element of a list that the caller knows to be there. */
export const at = <T>(list: readonly T[], index: number): T => {
  const element = list[index]
  if (element === undefined) throw new Unproven('a list is shorter than its operator wants it')
  return element
}

/** The row axis of a state that has one. */
export const rowAxisOf = (state: TensorState): number => {
  if (state.axis === undefined) throw new Unproven('an input has no row axis')
  return state.axis
}

/** Entries that each row has along the row axis. */
export const entriesPerRow = (state: TensorState): Polynomial => {
  const entries = perRow(at(lengthsOf(state), rowAxisOf(state)))
  if (!entries) throw new Unproven('an input has no row axis')
  return entries
}

const smallInt = (value: WholeNumber): number => {
  if (typeof value === 'bigint') throw new Unproven('a whole number of an attribute is out of range')
  return value
}

const attributeOf = <K extends AttributeValue['kind']>(
  node: RuleNode,
  name: string,
  kind: K,
): Extract<AttributeValue, { kind: K }> | undefined => {
  const attribute = node.attributes.get(name)
  if (attribute && attribute.kind !== kind) throw new Unproven(`attribute ${name} has another type`)
  return attribute as Extract<AttributeValue, { kind: K }> | undefined
}

export const hasAttribute = (node: RuleNode, name: string): boolean => node.attributes.has(name)

export const intAttribute = (node: RuleNode, name: string): number | undefined => {
  const attribute = attributeOf(node, name, 'int')
  return attribute && smallInt(attribute.value)
}

export const flag = (node: RuleNode, name: string): boolean => (intAttribute(node, name) ?? 0) !== 0

export const textAttribute = (node: RuleNode, name: string, otherwise: string): string =>
  attributeOf(node, name, 'string')?.value.toString('utf8') ?? otherwise

export const bytesAttribute = (node: RuleNode, name: string): Buffer | undefined =>
  attributeOf(node, name, 'string')?.value

export const intsAttribute = (node: RuleNode, name: string): readonly number[] | undefined =>
  attributeOf(node, name, 'ints')?.value.map(smallInt)

export const textsAttribute = (node: RuleNode, name: string): readonly Buffer[] | undefined =>
  attributeOf(node, name, 'strings')?.value

export const tensorAttribute = (node: RuleNode, name: string) => attributeOf(node, name, 'tensor')?.value

export const graphAttribute = (node: RuleNode, name: string): OnnxGraph => {
  const attribute = attributeOf(node, name, 'graph')
  if (!attribute) throw new Unproven(`attribute ${name} is missing`)
  return attribute.value
}

/** The numbers of an attribute that is a list, exactly. */
const numbersOf = (attribute: AttributeValue, name: string): readonly WholeNumber[] => {
  if (attribute.kind === 'ints' || attribute.kind === 'floats') return attribute.value
  if (attribute.kind === 'int' || attribute.kind === 'float') return [attribute.value]
  throw new Unproven(`attribute ${name} has another type`)
}

/** Whole numbers of an attribute or of a constant input, undefined where both are left out. */
export const constantInts = (
  node: RuleNode,
  index: number | undefined,
  name?: string,
): readonly number[] | undefined => {
  const attribute = name === undefined ? undefined : node.attributes.get(name)
  if (attribute) return numbersOf(attribute, name ?? '').map(smallInt)
  const state = index === undefined ? undefined : node.inputs[index]
  if (!state) return undefined
  need(state.values, `the values of input ${index} are not known`)
  return state.values.elements.map((element) => {
    if (typeof element?.constant !== 'number')
      throw new Unproven(`the values of input ${index} are not known`)
    return element.constant
  })
}

/** Reads what constantInts reads, with elements that are symbols or depend on the number of rows. */
export const expressions = (node: RuleNode, index: number, name?: string): readonly Element[] | undefined => {
  const attribute = name === undefined ? undefined : node.attributes.get(name)
  if (attribute)
    return numbersOf(attribute, name ?? '').map((value) => constantPolynomial(coefficientOf(value)))
  const state = node.inputs[index]
  if (!state) return undefined
  if (state.values) return state.values.elements
  const count = state.lengths?.length === 1 ? state.lengths[0]?.constant : undefined
  need(state.kind === 'constant' && typeof count === 'number', `the values of input ${index} are not known`)
  need(count <= 1024, `the values of input ${index} are too many`)
  return Array.from({ length: count }, () =>
    node.numbers.fresh({ whole: state.elementType !== undefined && isWholeType(state.elementType) }),
  )
}

const wholeTypes: ReadonlySet<number> = new Set([2, 3, 4, 5, 6, 7, 12, 13])

/** TensorProto.DataType of a whole number. */
export const isWholeType = (elementType: number | undefined): boolean =>
  elementType !== undefined && wholeTypes.has(elementType)

/** @throws Unproven unless these inputs are constant or left out */
export const needConstant = (node: RuleNode, ...indices: readonly number[]): void => {
  for (const index of indices) need(isConstant(node.inputs[index]), `input ${index} depends on the rows`)
}

/** Positions from one on, as many as the node has inputs. */
export const inputsFrom = (node: RuleNode, first: number): readonly number[] =>
  node.inputs.map((_, index) => index).slice(first)

/** An axis counted from the front. */
export const axisOf = (axis: number, rank: number): number => {
  need(axis >= -rank && axis < rank, 'an axis is out of range')
  return axis < 0 ? axis + rank : axis
}

/** @throws Unproven where the row axis is one of these */
export const needOffRows = (
  state: TensorState,
  axes: Iterable<number>,
  reason = 'works along the row axis',
): void => {
  if (state.kind !== 'rows') return
  for (const axis of axes) need(axis !== state.axis, reason)
}

/** A tensor of rows: its row axis, and no other, has a length that is a multiple of the number of rows. */
export const onRows = (lengths: readonly Polynomial[], axis: number, elementType?: number): TensorState => {
  need(perRow(at(lengths, axis)), 'the row axis no longer has a length that is a multiple of the rows')
  need(
    !lengths.some((length, index) => index !== axis && length.hasRows),
    'the number of rows appears in two axes',
  )
  return rowState('rows', lengths, axis, elementType)
}

/** A tensor of the same kind, constant or rows, with other lengths. */
export const like = (
  state: TensorState,
  lengths: readonly Polynomial[] | undefined,
  axis: number | undefined,
  elementType: number | undefined = state.elementType,
): TensorState => {
  if (state.kind === 'constant') return constantState(lengths, elementType)
  need(state.kind === 'rows' && lengths && axis !== undefined, 'the layout of an input is not known')
  return onRows(lengths, axis, elementType)
}
