import { elementTypes } from '../onnx/model.ts'
import {
  at,
  axisOf,
  entriesPerRow,
  input,
  inputsFrom,
  intAttribute,
  lengthsOf,
  like,
  needConstant,
  needOffRows,
  onRows,
  type Rule,
  type Rules,
  rankOf,
  rowAxisOf,
  rulesFor,
} from './node.ts'
import { constantPolynomial, isOne, product, same } from './polynomial.ts'
import { constantState, isConstant, isPlain, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/** A fixed table by rows of indices, rows by a fixed index on another axis, or from each row's own block by its number. */
const gather: Rule = (node) => {
  const [data, index] = [input(node, 0), input(node, 1)]
  if (!data.lengths || !index.lengths) {
    needConstant(node, 0, 1)
    return constantState(undefined, data.elementType)
  }
  const axis = axisOf(intAttribute(node, 'axis') ?? 0, rankOf(data))
  const lengths = [...data.lengths.slice(0, axis), ...index.lengths, ...data.lengths.slice(axis + 1)]
  if (index.kind === 'row-numbers' && data.kind === 'rows') {
    const isOwnBlock = index.stride && same(index.stride, entriesPerRow(data))
    need(data.axis === axis && isOwnBlock, 'row numbers pick from another axis, or of other rows')
    return onRows(lengths, axis + rowAxisOf(index), data.elementType)
  }
  need(isPlain(index) && isPlain(data), 'row numbers pick from a fixed tensor')
  if (data.kind === 'constant')
    return index.kind === 'constant'
      ? constantState(lengths, data.elementType)
      : onRows(lengths, axis + rowAxisOf(index), data.elementType)
  need(index.kind === 'constant', 'both the data and the index hold rows')
  const rowAxis = rowAxisOf(data)
  need(rowAxis !== axis, 'picks along the row axis')
  return onRows(lengths, rowAxis < axis ? rowAxis : rowAxis - 1 + rankOf(index), data.elementType)
}

/** Rows of a fixed table in blocks, by indices. Bytes hold two values of 4 bits, so that the table looks narrower. */
const gatherBlocks: Rule = (node) => {
  needConstant(node, 0, ...inputsFrom(node, 2))
  const [data, index] = [input(node, 0), input(node, 1)]
  need(isPlain(index), 'row numbers pick from a fixed tensor')
  need((intAttribute(node, 'gather_axis') ?? 0) === 0, 'picks along another axis')
  const elementType = input(node, 2).elementType
  if (!data.lengths || !index.lengths) {
    needConstant(node, 1)
    return constantState(undefined, elementType)
  }
  const valuesPerByte = data.elementType === elementTypes.uint8 ? 8 / (intAttribute(node, 'bits') ?? 4) : 1
  const inner = data.lengths.slice(1, -1)
  const width = product(at(data.lengths, rankOf(data) - 1), constantPolynomial(valuesPerByte))
  const lengths = [...index.lengths, ...inner, width]
  return index.kind === 'constant'
    ? constantState(lengths, elementType)
    : onRows(lengths, rowAxisOf(index), elementType)
}

const sameRows = (a: TensorState, b: TensorState): boolean =>
  a.kind === 'rows' &&
  b.kind === 'rows' &&
  a.axis === b.axis &&
  same(at(lengthsOf(a), rowAxisOf(a)), at(lengthsOf(b), rowAxisOf(b)))

const gatherElements: Rule = (node) => {
  const [data, index] = [input(node, 0), input(node, 1)]
  if (isConstant(data) && isConstant(index)) return constantState(index.lengths, data.elementType)
  const axis = axisOf(intAttribute(node, 'axis') ?? 0, rankOf(data))
  if (data.kind === 'constant') {
    // The position in the fixed tensor would be the row number off the axis.
    need(index.axis === axis, 'the position in a fixed tensor follows the row number')
    return onRows(lengthsOf(index), axis, data.elementType)
  }
  need(sameRows(data, index), 'the index takes part of the rows')
  need(data.axis !== axis, 'picks along the row axis')
  return onRows(lengthsOf(index), rowAxisOf(index), data.elementType)
}

/** Each tuple of indices names the first axes behind the batch axes. */
const gatherND: Rule = (node) => {
  const [data, index] = [input(node, 0), input(node, 1)]
  const batch = intAttribute(node, 'batch_dims') ?? 0
  if (!data.lengths || !index.lengths) {
    needConstant(node, 0, 1)
    return constantState(undefined, data.elementType)
  }
  const last = rankOf(index) - 1
  const depth = at(index.lengths, last).constant
  need(typeof depth === 'number', 'the depth of the index is not known')
  const lengths = [...index.lengths.slice(0, last), ...data.lengths.slice(batch + depth)]
  if (index.kind === 'row-tuples') {
    const picksOwnRow = batch === 0 && data.kind === 'rows' && data.axis === 0 && isOne(entriesPerRow(data))
    need(picksOwnRow && rowAxisOf(index) < last, 'row numbers pick from another axis')
    return onRows(lengths, rowAxisOf(index), data.elementType)
  }
  need(isPlain(index) && isPlain(data), 'row numbers pick from a fixed tensor')
  if (index.kind === 'rows') need(rowAxisOf(index) < last, 'an index tuple holds the rows')
  if (data.kind === 'constant' && index.kind === 'constant') return constantState(lengths, data.elementType)
  if (data.kind === 'rows' && index.kind === 'rows') {
    need(sameRows(data, index) && rowAxisOf(data) < batch, 'both the data and the index hold rows')
    return onRows(lengths, rowAxisOf(data), data.elementType)
  }
  need(batch === 0, 'batch axes of a fixed tensor meet the rows')
  if (data.kind === 'constant') return onRows(lengths, rowAxisOf(index), data.elementType)
  const rowAxis = rowAxisOf(data)
  need(rowAxis >= depth, 'picks along the row axis')
  return onRows(lengths, last + rowAxis - depth, data.elementType)
}

const scatterElements: Rule = (node) => {
  const [data, index, updates] = [input(node, 0), input(node, 1), input(node, 2)]
  if ([data, index, updates].every(isConstant)) return constantState(data.lengths, data.elementType)
  need(
    sameRows(data, data) && sameRows(data, index) && sameRows(data, updates),
    'not all operands hold the rows on the same axis',
  )
  needOffRows(data, [axisOf(intAttribute(node, 'axis') ?? 0, rankOf(data))])
  return like(data, data.lengths, data.axis)
}

const scatterND: Rule = (node) => {
  const [data, index, updates] = [input(node, 0), input(node, 1), input(node, 2)]
  if ([data, index, updates].every(isConstant)) return constantState(data.lengths, data.elementType)
  need(data.kind === 'rows', 'writes rows into a fixed tensor')
  const last = rankOf(index) - 1
  const depth = at(lengthsOf(index), last).constant
  need(typeof depth === 'number', 'the depth of the index is not known')
  const rowAxis = rowAxisOf(data)
  if (index.kind === 'row-tuples') {
    const writesOwnRow = rowAxis === 0 && isOne(entriesPerRow(data))
    need(writesOwnRow && updates.kind === 'rows' && updates.axis === index.axis, 'the index is not followed')
    return like(data, data.lengths, rowAxis)
  }
  const isAligned =
    index.kind === 'constant' &&
    updates.kind === 'rows' &&
    rowAxis >= depth &&
    updates.axis === last + rowAxis - depth
  need(isAligned, 'the index is not followed')
  const rowLength = at(lengthsOf(updates), rowAxisOf(updates))
  need(same(rowLength, at(lengthsOf(data), rowAxis)), 'the updates have other rows')
  return like(data, data.lengths, rowAxis)
}

const oneHot: Rule = (node) => {
  const data = input(node, 0)
  needConstant(node, 1, 2)
  if (!data.lengths) return constantState()
  const given = intAttribute(node, 'axis') ?? -1
  const axis = given < 0 ? given + rankOf(data) + 1 : given
  need(axis >= 0 && axis <= rankOf(data), 'an axis is out of range')
  const depth = input(node, 1).values?.elements[0] ?? node.numbers.fresh()
  const lengths = data.lengths.toSpliced(axis, 0, node.numbers.length(depth, true))
  const rowAxis = data.axis === undefined ? undefined : data.axis + (axis <= data.axis ? 1 : 0)
  return like(data, lengths, rowAxis, input(node, 2).elementType)
}

export const gatheringRules: Rules = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ...rulesFor('ScatterElements Scatter', scatterElements),
  ScatterND: scatterND,
  OneHot: oneHot,
}

export const microsoftGatheringRules: Rules = {
  GatherBlockQuantized: gatherBlocks,
}
