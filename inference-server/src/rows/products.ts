import { elementTypes } from '../onnx/model.ts'
import { broadcast } from './broadcasting.ts'
import {
  at,
  flag,
  input,
  inputsFrom,
  intAttribute,
  lengthsOf,
  like,
  needConstant,
  needOffRows,
  type Rule,
  type RuleNode,
  type Rules,
  rankOf,
  rulesFor,
} from './node.ts'
import { constantPolynomial, isOne, one, type Polynomial } from './polynomial.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

interface Transposed {
  readonly a?: boolean
  readonly b?: boolean
}

/** The same state with other lengths, not checked: an operand seen in another way. */
const seenAs = (state: TensorState, lengths: readonly Polynomial[], axis = state.axis): TensorState => ({
  ...state,
  lengths,
  axis,
})

/** The last two axes exchanged. */
const swapped = (state: TensorState): TensorState => {
  const rank = rankOf(state)
  if (rank < 2) return state
  const lengths = [...lengthsOf(state)]
  const last = at(lengths, rank - 1)
  lengths[rank - 1] = at(lengths, rank - 2)
  lengths[rank - 2] = last
  const axis = state.axis
  return seenAs(state, lengths, axis !== undefined && axis >= rank - 2 ? 2 * rank - 3 - axis : axis)
}

/** The first axis moved behind the others but the last: the batch axes come first again. */
const batchFirst = (state: TensorState): TensorState => {
  const lengths = lengthsOf(state)
  need(lengths.length >= 3, 'there are no batch axes')
  const [first, ...others] = lengths as [Polynomial, ...Polynomial[]]
  const to = lengths.length - 2
  const moved = others.toSpliced(to, 0, first)
  const { axis } = state
  if (axis === undefined || axis > to) return seenAs(state, moved)
  return seenAs(state, moved, axis === 0 ? to : axis - 1)
}

/**
 * A product of matrices, batched over the axes in front. The rows are a free index of one operand (a row or a
 * column of the product), or a batch index of both; they are never summed over.
 */
const matrixProduct = (
  node: RuleNode,
  left: TensorState,
  right: TensorState,
  elementType: number | undefined,
  transposed: Transposed = {},
): TensorState => {
  if (!left.lengths || !right.lengths) {
    needConstant(node, ...inputsFrom(node, 0))
    return constantState(undefined, elementType)
  }
  const a = transposed.a ? swapped(left) : left
  const b = transposed.b ? swapped(right) : right
  const [aLengths, bLengths] = [lengthsOf(a), lengthsOf(b)]
  need(aLengths.length > 0 && bLengths.length > 0, 'an operand is a scalar')
  needOffRows(a, [aLengths.length - 1], 'sums over the row axis')
  needOffRows(b, [Math.max(bLengths.length - 2, 0)], 'sums over the row axis')
  const isVectorA = aLengths.length === 1
  const isVectorB = bLengths.length === 1
  const rowsOfA = isVectorA ? [one, one] : aLengths.with(-1, one)
  const columnsOfB = isVectorB ? [one, one] : bLengths.with(-2, one)
  const result = broadcast(node, [seenAs(a, rowsOfA), seenAs(b, columnsOfB)], elementType)
  return withoutVectors(result, isVectorA, isVectorB)
}

/** A vector stands for a matrix of one row or column, which the product does not have. */
const withoutVectors = (result: TensorState, isVectorA: boolean, isVectorB: boolean): TensorState => {
  if (!isVectorA && !isVectorB) return result
  const lengths = [...lengthsOf(result)]
  let { axis } = result
  if (isVectorB) lengths.pop()
  if (isVectorA) {
    const gone = isVectorB ? lengths.length - 1 : lengths.length - 2
    need(axis !== gone, 'sums over the row axis')
    lengths.splice(gone, 1)
    if (axis !== undefined && axis > gone) axis -= 1
  }
  return seenAs(result, lengths, axis)
}

const matMul: Rule = (node) => matrixProduct(node, input(node, 0), input(node, 1), input(node, 0).elementType)

const needScalars = (node: RuleNode, indices: readonly number[]): void => {
  for (const index of indices) {
    const state = node.inputs[index]
    if (state) need(lengthsOf(state).every(isOne), 'a scale or a zero point per row')
  }
}

/** A zero point per column of a constant second operand is no matter of the rows. */
const matMulInteger: Rule = (node) => {
  needConstant(node, 2, 3)
  if (input(node, 0).kind === 'rows') needScalars(node, [2])
  if (input(node, 1).kind === 'rows') needScalars(node, [3])
  return matrixProduct(node, input(node, 0), input(node, 1), elementTypes.int32)
}

const fusedMatMul: Rule = (node) => {
  needConstant(node, ...inputsFrom(node, 2))
  const [a, b] = [input(node, 0), input(node, 1)]
  const isTransposed = ['transA', 'transB', 'transBatchA', 'transBatchB'].some((name) => flag(node, name))
  // The runtime reads a transposed matrix beside a vector by the strides of another shape.
  need(!isTransposed || (rankOf(a) > 1 && rankOf(b) > 1), 'a transposed product with a vector')
  const left = flag(node, 'transBatchA') ? batchFirst(a) : a
  const right = flag(node, 'transBatchB') ? batchFirst(b) : b
  return matrixProduct(node, left, right, elementTypes.float32, {
    a: flag(node, 'transA'),
    b: flag(node, 'transB'),
  })
}

/** Scales and zero points of the first operand and of the result are scalars, as are all where both hold rows. */
const quantizedMatMul =
  (second: number, scalars: readonly number[]): Rule =>
  (node) => {
    const rest = inputsFrom(node, 1).filter((index) => index !== second)
    needConstant(node, ...rest)
    needScalars(node, input(node, second).kind === 'constant' ? scalars : rest)
    return matrixProduct(node, input(node, 0), input(node, second), elementTypes.float32)
  }

/** A scale that holds rows multiplies the finished product, which it never widens. */
const matMulIntegerToFloat: Rule = (node) => {
  const scale = input(node, 2)
  if (scale.kind === 'constant') return quantizedMatMul(1, [2, 4])(node)
  const second = input(node, 1)
  const rest = inputsFrom(node, 3)
  needConstant(node, ...rest)
  needScalars(node, second.kind === 'constant' ? [4] : rest)
  const result = matrixProduct(node, input(node, 0), second, elementTypes.float32)
  need(result.kind === 'rows', 'a fixed product is multiplied by rows')
  const lengths = lengthsOf(scale)
  need(lengths.length === rankOf(result) && isOne(at(lengths, lengths.length - 1)), 'a scale for each column')
  return broadcast(node, [result, scale], elementTypes.float32)
}

/** The scale of the first operand is taken over all of its rows. */
const dynamicQuantizeMatMul: Rule = (node) => {
  const result = quantizedMatMul(1, [])(node) as TensorState
  return input(node, 0).kind === 'rows' ? { ...result, scale: node.place } : result
}

/** The weights are constant, packed along the last axis of the first operand. */
const matMulOfBits: Rule = (node) => {
  const data = input(node, 0)
  needConstant(node, ...inputsFrom(node, 1))
  needOffRows(data, [(data.lengths?.length ?? 0) - 1])
  const columns = intAttribute(node, 'N')
  const length = columns ? constantPolynomial(columns) : node.numbers.fresh()
  return like(data, data.lengths?.with(-1, length), data.axis)
}

const gemmOf = (node: RuleNode, a: TensorState, b: TensorState, c: TensorState | undefined): TensorState => {
  const result = matrixProduct(node, a, b, a.elementType, {
    a: flag(node, 'transA'),
    b: flag(node, 'transB'),
  })
  if (!c) return result
  // The product is never widened: a batch of other than one row would be refused.
  need(c.kind === 'constant' || result.kind === 'rows', 'rows are added to a fixed product')
  return broadcast(node, [result, c], a.elementType)
}

const gemm: Rule = (node) => gemmOf(node, input(node, 0), input(node, 1), node.inputs[2])

const quantizedGemm: Rule = (node) => {
  needConstant(node, ...inputsFrom(node, 1))
  needScalars(node, [1, 2])
  return gemmOf(node, input(node, 0), input(node, 3), node.inputs[6])
}

export const productRules: Rules = {
  MatMul: matMul,
  MatMulInteger: matMulInteger,
  QLinearMatMul: quantizedMatMul(3, [1, 2, 6, 7]),
  Gemm: gemm,
}

export const microsoftProductRules: Rules = {
  ...rulesFor('FusedMatMul TransposeMatMul', fusedMatMul),
  MatMulIntegerToFloat: matMulIntegerToFloat,
  DynamicQuantizeMatMul: dynamicQuantizeMatMul,
  ...rulesFor('MatMulNBits MatMulBnb4 MatMulFpQ4', matMulOfBits),
  FusedGemm: gemm,
  QGemm: quantizedGemm,
}
