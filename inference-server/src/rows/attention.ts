import { elementTypes } from '../onnx/model.ts'
import {
  at,
  entriesPerRow,
  flag,
  input,
  inputsFrom,
  intsAttribute,
  lengthsOf,
  needConstant,
  onRows,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
} from './node.ts'
import { constantPolynomial, isOne, one, type Polynomial, rowCount } from './polynomial.ts'
import { constantState, isConstant, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

const holdsRows = (state: TensorState): boolean =>
  state.kind === 'rows' && state.axis === 0 && isOne(entriesPerRow(state))

/** @throws Unproven unless each of these inputs is left out or holds one entry per row on axis 0 */
const needRows = (node: RuleNode, ...indices: readonly number[]): void => {
  for (const index of indices) {
    const state = node.inputs[index]
    if (state) need(holdsRows(state), `input ${index} does not hold one entry per row on axis 0`)
  }
}

/** A bias of rank 4 may also be the same for all rows. */
const needBias = (node: RuleNode, index: number): void => {
  const bias = node.inputs[index]
  if (!bias) return
  need(rankOf(bias) === 4, 'the layout of the bias is not followed')
  const isShared = bias.kind === 'constant' && isOne(at(lengthsOf(bias), 0))
  if (!isShared) needRows(node, index)
}

/** [rows, heads, positions, size]: keys or values, past ones and new. */
const cacheLengths = (node: RuleNode): readonly Polynomial[] => [
  rowCount,
  node.numbers.fresh(),
  node.numbers.fresh(),
  node.numbers.fresh(),
]

const caches = (node: RuleNode): readonly TensorState[] => {
  const cache = onRows(cacheLengths(node), 0, elementTypes.float32)
  return [cache, cache]
}

/** Query, key and value are one input; the past is stacked in front of the row axis. */
const packedAttention =
  (maskAt: number, pastAt: number, biasAt: number | undefined): Rule =>
  (node) => {
    const data = input(node, 0)
    needRows(node, 0, maskAt)
    need(rankOf(data) === 3, 'the layout of the input is not followed')
    const past = node.inputs[pastAt]
    need(!past || (past.kind === 'rows' && past.axis === 1), 'the past does not hold the rows on axis 1')
    const others = inputsFrom(node, 1).filter((index) => ![maskAt, pastAt, biasAt].includes(index))
    needConstant(node, ...others)
    if (biasAt !== undefined) needBias(node, biasAt)
    const [batch, length] = lengthsOf(data) as [Polynomial, Polynomial]
    const present = [constantPolynomial(2), ...cacheLengths(node)]
    return [
      onRows([batch, length, hiddenLength(node)], 0, elementTypes.float32),
      onRows(present, 1, elementTypes.float32),
    ]
  }

/** Size of the values: given, or a third of the weights' columns. */
const hiddenLength = (node: RuleNode): Polynomial => {
  const sizes = intsAttribute(node, 'qkv_hidden_sizes') ?? []
  if (sizes.length > 0) return constantPolynomial(at(sizes, 2))
  const columns = node.inputs[1]?.lengths?.at(-1)?.constant
  if (typeof columns === 'number' && columns % 3 === 0) return constantPolynomial(columns / 3)
  return node.numbers.fresh()
}

const multiHeadAttention: Rule = (node) => {
  const [query, value] = [input(node, 0), node.inputs[2]]
  needRows(node, 0, 1, 2, 4, 6, 7)
  needBias(node, 5)
  needConstant(node, 3, ...inputsFrom(node, 8))
  const isPacked = rankOf(query) === 5
  const hidden = value && rankOf(value) === 3 && !isPacked ? at(lengthsOf(value), 2) : node.numbers.fresh()
  const result = onRows([rowCount, at(lengthsOf(query), 1), hidden], 0, query.elementType)
  return [result, ...caches(node)]
}

/** Inputs 3 to 5: past keys, past values, and the length of each row's sequence. */
const groupQueryAttention: Rule = (node) => {
  const query = input(node, 0)
  needRows(node, 0, 1, 2, 3, 4, 5)
  needConstant(node, ...inputsFrom(node, 6))
  const hidden = node.inputs[1] ? at(lengthsOf(query), 2) : node.numbers.fresh()
  const result = onRows([...lengthsOf(query).slice(0, 2), hidden], 0, query.elementType)
  return [result, ...caches(node)]
}

/** A mask of full rank may be each row's own; a fixed one must not have a batch axis that is wider than 1. */
const needMask = (query: TensorState, mask: TensorState | undefined): void => {
  if (!mask) return
  const rank = rankOf(mask)
  const isOwn = mask.kind === 'rows' && mask.axis === 0 && rank === 4 && isOne(entriesPerRow(mask))
  const isShared = mask.kind === 'constant' && (rank < 4 || isOne(at(lengthsOf(mask), 0)))
  need(isOwn || isShared, 'the layout of the mask is not followed')
  if (isShared && rankOf(query) === 4)
    need(rank === 2 || rank === 4, 'the layout of the mask is not followed')
}

const attention: Rule = (node) => {
  const [query, value] = [input(node, 0), input(node, 2)]
  needRows(node, 0, 1, 2, 4, 5, 6)
  needMask(query, node.inputs[3])
  const lengths = lengthsOf(query)
  const result =
    rankOf(query) === 4
      ? lengths.with(-1, at(lengthsOf(value), rankOf(value) - 1))
      : [...lengths.slice(0, 2), node.numbers.fresh()]
  const cache = onRows(cacheLengths(node), 0)
  return [onRows(result, 0, query.elementType), cache, cache, cache]
}

/** The caches of sines and cosines are looked up by position. */
const rotaryOfMicrosoft: Rule = (node) => {
  const [data, positions] = [input(node, 0), input(node, 1)]
  needRows(node, 0)
  needConstant(node, 2, 3)
  need(!flag(node, 'is_packed_batching'), 'a packed batch is not followed')
  const isShared = positions.kind === 'constant' && rankOf(positions) === 1
  const isOwn = positions.kind === 'rows' && positions.axis === 0 && rankOf(positions) === 2
  need(isShared || isOwn, 'the layout of the positions is not followed')
  return onRows(lengthsOf(data), 0, data.elementType)
}

/** Caches of a graph without positions hold an entry for each row. */
const rotary: Rule = (node) => {
  const data = input(node, 0)
  needRows(node, 0, 3)
  for (const index of [1, 2]) {
    const cache = node.inputs[index]
    const isTable = isConstant(cache) && node.inputs[3] && cache && rankOf(cache) === 2
    const isOwn = cache?.kind === 'rows' && cache.axis === 0 && rankOf(cache) === 3
    need(isTable || isOwn, 'the layout of the caches is not followed')
  }
  return onRows(lengthsOf(data), 0, data.elementType)
}

/** Token and segment ids and the mask hold rows; position ids may be the same for all. */
const embedLayerNormalization: Rule = (node) => {
  const positions = node.inputs[8]
  const isShared = positions?.kind === 'constant' && isOne(at(lengthsOf(positions), 0))
  if (!isShared) needRows(node, 8)
  return embedded(node)
}

/** Scales and zero points of the five tables follow the mask. They are part of the model, not taken over the batch. */
const quantizedEmbedLayerNormalization: Rule = (node) => {
  needConstant(node, ...inputsFrom(node, 8))
  return embedded(node)
}

const embedded: Rule = (node) => {
  needRows(node, 0, 1, 7)
  needConstant(node, 2, 3, 4, 5, 6)
  const words = input(node, 2)
  const hidden = words.lengths ? at(words.lengths, 1) : node.numbers.fresh()
  const result = onRows([...lengthsOf(input(node, 0)), hidden], 0, elementTypes.float32)
  return [result, onRows([rowCount], 0, elementTypes.int32), result]
}

/** A bias by distance for each head, the same for all rows: T5's, with the lengths of queries and keys in inputs 1 and 2. */
const relativePositionBias: Rule = (node) => {
  needConstant(node, 0, 1, 2)
  const table = input(node, 0)
  const lengthIn = (index: number): Polynomial => {
    const [length] = input(node, index).values?.elements ?? []
    return length && node.numbers.isPositive(length) ? length : node.numbers.fresh()
  }
  return constantState([one, at(lengthsOf(table), 1), lengthIn(1), lengthIn(2)], table.elementType)
}

export const attentionRules: Rules = { Attention: attention, RotaryEmbedding: rotary }

export const microsoftAttentionRules: Rules = {
  Attention: packedAttention(3, 4, 5),
  QAttention: packedAttention(5, 8, undefined),
  MultiHeadAttention: multiHeadAttention,
  GroupQueryAttention: groupQueryAttention,
  RotaryEmbedding: rotaryOfMicrosoft,
  EmbedLayerNormalization: embedLayerNormalization,
  QEmbedLayerNormalization: quantizedEmbedLayerNormalization,
  RelativePositionBias: relativePositionBias,
}
