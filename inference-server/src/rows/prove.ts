import type { OnnxModel, OnnxValue } from '../onnx/model.ts'
import { readModel } from '../onnx/read-model.ts'
import { inputScope, type Switches } from './inputs.ts'
import { entriesPerRow } from './node.ts'
import { createNumbers, type Numbers } from './numbers.ts'
import { isOne } from './polynomial.ts'
import type { RowProof } from './proof.ts'
import { createProver } from './prover.ts'
import { findState, type Scope } from './scope.ts'
import type { Place, TensorState } from './tensor-state.ts'
import { Unproven } from './unproven.ts'

/** How the graph is run, where that is not with rows in all inputs and all outputs read. */
export interface Use {
  readonly switches?: Switches
  /** Outputs that are not read. */
  readonly unread?: (output: string) => boolean
}

/** Proves the rows of a graph. It throws for no graph: unknown ones are unproven. */
export const proveRows = (
  model: OnnxModel,
  { switches = new Map(), unread = () => false }: Use = {},
): RowProof => {
  const numbers = createNumbers()
  const scope = inputScope(model.graph, numbers, switches)
  if (typeof scope === 'string') return { verdict: 'unbatchable', reason: scope }
  try {
    createProver(model, numbers).follow(model.graph, scope)
    const read = model.graph.outputs.filter(({ name }) => !unread(name))
    return verdictOf(read, scope, numbers)
  } catch (error) {
    return unproven(error instanceof Unproven ? error.message : `the graph has an unexpected form (${error})`)
  }
}

/** Reads the file; external weights are not read. @throws MalformedMessage */
export const proveFile = (onnxPath: string): RowProof => proveRows(readModel(onnxPath))

const unproven = (reason: string, place?: Place): RowProof => ({ verdict: 'unproven', reason, ...place })

/** Why an output does not hold one entry per row on axis 0, undefined where it does. */
const outputFault = (
  { name, type }: OnnxValue,
  state: TensorState | undefined,
  numbers: Numbers,
): RowProof | undefined => {
  if (!state) return unproven(`output '${name}' is not defined`)
  if (state.kind === 'constant') return unproven(`output '${name}' does not depend on the rows`)
  if (state.kind !== 'rows')
    return unproven(state.reason ?? `output '${name}' holds row numbers`, state.place)
  if (state.axis !== 0) return unproven(`output '${name}' holds the rows on axis ${state.axis}`)
  const entries = entriesPerRow(state)
  if (!isOne(entries)) return unproven(`output '${name}' holds ${numbers.text(entries)} entries for each row`)
  if (type.kind === 'sequence' && type.element.kind !== 'map')
    return unproven(`output '${name}' is a sequence`)
  return undefined
}

const verdictOf = (outputs: readonly OnnxValue[], scope: Scope, numbers: Numbers): RowProof => {
  let scale: Place | undefined
  for (const output of outputs) {
    const state = findState(scope, output.name)
    const fault = outputFault(output, state, numbers)
    if (fault) return fault
    scale ??= state?.scale
  }
  if (!scale) return { verdict: 'independent' }
  return { verdict: 'scaled', reason: 'takes one quantization scale for the whole batch', ...scale }
}
