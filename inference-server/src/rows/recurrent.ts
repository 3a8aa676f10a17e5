import {
  at,
  input,
  inputsFrom,
  intAttribute,
  lengthsOf,
  like,
  needConstant,
  type Rule,
  type RuleNode,
  type Rules,
  rulesFor,
  textAttribute,
} from './node.ts'
import { constantPolynomial, type Polynomial, same } from './polynomial.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** The sequence lengths and the initial states hold the same rows, or are left out. */
const needSameRows = (node: RuleNode, index: number, axis: number, rows: Polynomial): void => {
  const state = node.inputs[index]
  if (!state) return
  const holds = state.kind === 'rows' && state.axis === axis && same(at(lengthsOf(state), axis), rows)
  need(holds, `input ${index} does not hold the rows on axis ${axis}`)
}

/** Sequences are apart along the batch axis: 1, or 0 in the other layout. Weights are constant. */
const recurrent: Rule = (node) => {
  const data = input(node, 0)
  const isBatchFirst = (intAttribute(node, 'layout') ?? 0) !== 0
  needConstant(node, 1, 2, 3, ...inputsFrom(node, 7))
  if (!data.lengths) {
    needConstant(node, 4, 5, 6)
    return [constantState(), constantState(), constantState()]
  }
  const hiddenSize = intAttribute(node, 'hidden_size')
  const hidden = hiddenSize ? constantPolynomial(hiddenSize) : node.numbers.fresh()
  const directions = constantPolynomial(
    textAttribute(node, 'direction', 'forward') === 'bidirectional' ? 2 : 1,
  )
  const batchAxis = isBatchFirst ? 0 : 1
  const batch = at(data.lengths, batchAxis)
  const steps = at(data.lengths, 1 - batchAxis)
  if (data.kind === 'rows') {
    need(data.axis === batchAxis, 'the rows are not on the batch axis (they would be one sequence)')
    needSameRows(node, 4, 0, batch)
    needSameRows(node, 5, batchAxis, batch)
    needSameRows(node, 6, batchAxis, batch)
  } else needConstant(node, 4, 5, 6)
  const isConstant = data.kind === 'constant'
  const stateAxis = isConstant ? undefined : batchAxis
  const sequenceAxis = isConstant ? undefined : 2 * batchAxis
  const sequence = isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden]
  const final = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
  return [like(data, sequence, sequenceAxis), like(data, final, stateAxis), like(data, final, stateAxis)]
}

/** The scale of the input is taken over the whole batch. */
const dynamicQuantizedRecurrent: Rule = (node) => {
  const states = recurrent(node) as readonly TensorState[]
  return input(node, 0).kind === 'rows' ? states.map((state) => ({ ...state, scale: node.place })) : states
}

export const recurrentRules: Rules = rulesFor('RNN GRU LSTM', recurrent)

export const microsoftRecurrentRules: Rules = { DynamicQuantizeLSTM: dynamicQuantizedRecurrent }
