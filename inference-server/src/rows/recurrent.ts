import {
  at,
  flag,
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

/** Sequences are apart along the batch axis. Weights are constant. */
const recurrent: Rule = (node) => {
  const data = input(node, 0)
  need(!flag(node, 'layout'), 'onnxruntime refuses this layout')
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
  const [steps, batch] = [at(data.lengths, 0), at(data.lengths, 1)]
  if (data.kind === 'rows') {
    need(data.axis === 1, 'the rows are not on the batch axis (they would be one sequence)')
    needSameRows(node, 4, 0, batch)
    needSameRows(node, 5, 1, batch)
    needSameRows(node, 6, 1, batch)
  } else needConstant(node, 4, 5, 6)
  const isConstant = data.kind === 'constant'
  const sequence = like(data, [steps, directions, batch, hidden], isConstant ? undefined : 2)
  const final = like(data, [directions, batch, hidden], isConstant ? undefined : 1)
  return [sequence, final, final]
}

/** The scale of the input is taken over the whole batch. */
const dynamicQuantizedRecurrent: Rule = (node) => {
  const states = recurrent(node) as readonly TensorState[]
  return input(node, 0).kind === 'rows' ? states.map((state) => ({ ...state, scale: node.place })) : states
}

export const recurrentRules: Rules = rulesFor('RNN GRU LSTM', recurrent)

export const microsoftRecurrentRules: Rules = { DynamicQuantizeLSTM: dynamicQuantizedRecurrent }
