import { broadcast } from './broadcasting.ts'
import { broadcastingRules } from './elementwise.ts'
import { input, intAttribute, type Rule, type RuleNode } from './node.ts'
import { movesElements } from './row-numbers.ts'
import { constantState, isPlain, rowState, type TensorState, unknownState } from './tensor-state.ts'
import { need, Unproven } from './unproven.ts'

/** ONNX's operators that may have an input of another kind than constant or rows: most of them read its elements. */
const readers: ReadonlySet<string> = new Set(
  'Shape Size Reshape Expand Tile ConstantOfShape Range Slice Resize Upsample If Gather GatherND Concat Unsqueeze Cast Identity Where TfIdfVectorizer ScatterND Squeeze Flatten Transpose'.split(
    ' ',
  ),
)

/** These read nothing but the lengths, or see for themselves. */
const lengthReaders: ReadonlySet<string> = new Set(['Shape', 'Size', 'If'])

/** An input of unknown state may enter for its elements, but not as data. */
const dataReaders: ReadonlySet<string> = new Set(['Gather', 'GatherND', 'Concat', 'Where', 'ScatterND'])
const shapeMakers: ReadonlySet<string> = new Set(['ConstantOfShape', 'Range'])

const tupleReaders: ReadonlySet<string> = new Set(['GatherND', 'ScatterND'])
const keepers: ReadonlySet<string> = new Set(['Identity', 'Cast'])
const paddedReaders: ReadonlySet<string> = new Set(['TfIdfVectorizer', 'Flatten', 'Identity'])

const mayEnter = (operator: string, state: TensorState, index: number): boolean => {
  switch (state.kind) {
    case 'constant':
    case 'rows':
      return true
    case 'unknown':
      return (
        state.values !== undefined && (index > 0 || shapeMakers.has(operator)) && !dataReaders.has(operator)
      )
    case 'row-numbers':
      return (
        (index === 0 && movesElements(operator)) ||
        (index === 1 && operator === 'Gather') ||
        operator === 'Concat'
      )
    case 'row-groups':
      return index === 0 && operator === 'Reshape'
    case 'row-tuples':
      return (index === 1 && tupleReaders.has(operator)) || (index === 0 && keepers.has(operator))
    case 'padded':
      return paddedReaders.has(operator)
  }
}

const blamed = (state: TensorState, lengths?: TensorState['lengths']): TensorState =>
  unknownState(
    state.reason ?? 'row numbers enter an operator that does not follow them',
    state.place,
    lengths,
  )

/** Lengths of an elementwise result, which hold although its rows do not. */
const lengthsOfResult = (node: RuleNode): TensorState['lengths'] => {
  const operands: TensorState[] = []
  for (const state of node.inputs) {
    if (!state?.lengths) return undefined
    const axis = state.lengths.findIndex(({ hasRows }) => hasRows)
    operands.push(axis < 0 ? constantState(state.lengths) : rowState('rows', state.lengths, axis))
  }
  try {
    return broadcast(node, operands).lengths
  } catch (error) {
    if (error instanceof Unproven) return undefined
    throw error
  }
}

/** The state of all outputs of a node which an input must not enter, undefined where all may. */
export const refusedEntry = (
  node: RuleNode,
  domain: string,
  rule: Rule | undefined,
): TensorState | undefined => {
  if (domain === '' && readers.has(node.operator)) {
    if (lengthReaders.has(node.operator)) return undefined
    const refused = node.inputs.find((state, index) => state && !mayEnter(node.operator, state, index))
    return refused && blamed(refused)
  }
  const refused = node.inputs.find((state) => state && !isPlain(state))
  if (!refused) return undefined
  return blamed(refused, rule && broadcastingRules.has(rule) ? lengthsOfResult(node) : undefined)
}

/** Index tuples and padded rows that an operator passes on as they are. */
export const passedOn = (node: RuleNode, domain: string): TensorState | undefined => {
  if (domain !== '' || !keepers.has(node.operator)) return undefined
  const data = input(node, 0)
  if (data.kind !== 'row-tuples' && data.kind !== 'padded') return undefined
  if (node.operator === 'Cast') {
    const to = intAttribute(node, 'to')
    need(data.kind === 'row-tuples' && (to === 6 || to === 7), 'row numbers are cast')
  }
  return data
}
