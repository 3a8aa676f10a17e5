import { elementTypes, type OnnxGraph, type OnnxValue } from '../onnx/model.ts'
import { valuedState } from './layout.ts'
import type { Numbers } from './numbers.ts'
import { constantPolynomial, rowCount } from './polynomial.ts'
import type { Scope } from './prover.ts'
import { vectorOf } from './symbolic-array.ts'
import { rowState, type TensorState } from './tensor-state.ts'

/** Inputs of one element that is known, and the same whoever asks: not rows, but a switch. */
export type Switches = ReadonlyMap<string, number>

/** States of the graph's inputs: rows on axis 0. @returns why there are no rows, where there are none */
export const inputScope = (graph: OnnxGraph, numbers: Numbers, switches: Switches): Scope | string => {
  const states = new Map<string, TensorState>()
  for (const [name, value] of switches)
    states.set(name, valuedState(vectorOf([constantPolynomial(value)]), elementTypes.bool))
  const fixed = new Set([...graph.initializers, ...graph.sparseInitializers].map(({ name }) => name))
  const inputs = graph.inputs.filter(({ name }) => !fixed.has(name) && !switches.has(name))
  if (inputs.length === 0) return 'the model has no inputs'
  const rowNames = new Set(
    inputs.flatMap(({ type }) => (type.kind === 'tensor' ? (type.shape?.[0]?.name ?? []) : [])),
  )
  for (const input of inputs) {
    const state = inputState(input, numbers, rowNames)
    if (typeof state === 'string') return state
    states.set(input.name, state)
  }
  return { states, around: undefined }
}

/** Axes of the same name have the same length, which the caller of the proof sees to. */
const inputState = (
  { name, type }: OnnxValue,
  numbers: Numbers,
  rowNames: ReadonlySet<string>,
): TensorState | string => {
  if (type.kind !== 'tensor') return `input '${name}' is not a tensor`
  if (!type.shape) return `input '${name}' declares no rank`
  const [rows, ...others] = type.shape
  if (!rows) return `input '${name}' is a scalar`
  if (rows.length !== undefined) return `input '${name}' has a fixed number of rows: ${rows.length}`
  const shared = others.findIndex((axis) => axis.name && rowNames.has(axis.name))
  if (shared >= 0) return `input '${name}' has an axis with the name of a row axis: ${shared + 1}`
  const lengths = others.map((axis) => {
    if (axis.length !== undefined) return constantPolynomial(axis.length)
    return axis.name ? numbers.named(axis.name) : numbers.fresh()
  })
  return rowState('rows', [rowCount, ...lengths], 0, type.elementType)
}
