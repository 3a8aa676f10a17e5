import { axisSum } from '../onnx/axis-name.ts'
import { type Dimension, elementTypes, type OnnxGraph, type OnnxValue } from '../onnx/model.ts'
import { valuedState } from './layout.ts'
import type { Numbers } from './numbers.ts'
import { constantPolynomial, type Polynomial, rowCount, sum } from './polynomial.ts'
import type { Scope } from './scope.ts'
import { vectorOf } from './symbolic-array.ts'
import { rowState, type TensorState } from './tensor-state.ts'

/** Inputs of one known element that is the same for every request: not rows, but a switch. */
export type Switches = ReadonlyMap<string, number>

/** States of the graph's inputs: rows on axis 0. @returns why there are no rows, where there are none */
export const inputScope = (graph: OnnxGraph, numbers: Numbers, switches: Switches): Scope | string => {
  const states = new Map<string, TensorState>()
  for (const [name, value] of switches)
    states.set(name, valuedState(vectorOf([constantPolynomial(value)]), elementTypes.bool))
  const fixed = new Set([...graph.initializers, ...graph.sparseInitializers].map(({ name }) => name))
  const inputs = graph.inputs.filter(({ name }) => !fixed.has(name) && !switches.has(name))
  if (inputs.length === 0) return 'the model has no inputs'
  const rowNames = new Set(inputs.flatMap((input) => shapeOf(input)[0]?.name ?? []))
  const lengthOf = axisLengths(inputs, numbers)
  for (const input of inputs) {
    const state = inputState(input, lengthOf, rowNames)
    if (typeof state === 'string') return state
    states.set(input.name, state)
  }
  return { states, around: undefined }
}

const shapeOf = ({ type }: OnnxValue): readonly Dimension[] =>
  type.kind === 'tensor' ? (type.shape ?? []) : []

/**
 * Length of an axis other than the first. Axes of the same name have the same length, and one whose name is a sum of
 * other axes' names has the length of these together; the caller of the proof sees to both.
 */
const axisLengths = (inputs: readonly OnnxValue[], numbers: Numbers): ((axis: Dimension) => Polynomial) => {
  const names = new Set(inputs.flatMap((input) => shapeOf(input).slice(1)).flatMap(({ name }) => name || []))
  return ({ length, name }) => {
    if (length !== undefined) return constantPolynomial(length)
    if (!name) return numbers.fresh()
    const addends = axisSum(name)
    if (!addends?.names.every((addend) => names.has(addend))) return numbers.named(name)
    return addends.names.map(numbers.named).reduce(sum, constantPolynomial(addends.entries))
  }
}

const inputState = (
  { name, type }: OnnxValue,
  lengthOf: (axis: Dimension) => Polynomial,
  rowNames: ReadonlySet<string>,
): TensorState | string => {
  if (type.kind !== 'tensor') return `input '${name}' is not a tensor`
  if (!type.shape) return `input '${name}' declares no rank`
  const [rows, ...others] = type.shape
  if (!rows) return `input '${name}' is a scalar`
  if (rows.length !== undefined) return `input '${name}' has a fixed number of rows: ${rows.length}`
  const shared = others.findIndex((axis) => axis.name && rowNames.has(axis.name))
  if (shared >= 0) return `input '${name}' has an axis with the name of a row axis: ${shared + 1}`
  return rowState('rows', [rowCount, ...others.map(lengthOf)], 0, type.elementType)
}
