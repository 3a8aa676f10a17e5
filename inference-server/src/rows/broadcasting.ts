import { at, lengthsOf, onRows, type RuleNode, rankOf, rowAxisOf } from './node.ts'
import type { Numbers } from './numbers.ts'
import { isOne, one, type Polynomial, same } from './polynomial.ts'
import { constantState, type TensorState } from './tensor-state.ts'
import { need } from './unproven.ts'

/**
 * The smaller of a fixed length and S, broadcast against S, is S in every run that succeeds: it is equal to S, or 1, or
 * refused because two lengths differ.
 */
const withoutMinimums = (numbers: Numbers, lengths: readonly Polynomial[]): readonly Polynomial[] =>
  lengths.filter((length) => {
    const other = numbers.minimumOf(length)
    return !other || !lengths.some((candidate) => same(candidate, other))
  })

/** The length of an axis on which operands of these lengths are broadcast. */
export const broadcastLength = (numbers: Numbers, lengths: readonly Polynomial[]): Polynomial => {
  const wider = withoutMinimums(
    numbers,
    lengths.filter((length) => !isOne(length)),
  )
  const [first] = wider
  if (!first) return one
  if (wider.every((length) => same(length, first))) return first
  // A fixed length other than 1 decides: the others are 1 or equal to it.
  const fixed = wider.find((length) => length.constant !== undefined)
  if (fixed) return fixed
  need(!wider.some(({ hasRows }) => hasRows), 'the row axis is broadcast against another free axis')
  const distinct = [...new Map(wider.map((length) => [length.key, length])).values()]
  distinct.sort((a, b) => (a.key < b.key ? -1 : 1))
  const least = wider.every(numbers.isPositive) ? 1 : 0
  const length = numbers.opaque('bc', distinct, { least })
  need(length, 'the row axis is broadcast against another free axis')
  return length
}

/** The lengths that operands have on an axis of the result; those of a smaller rank have none there. */
const column = (operands: readonly TensorState[], axis: number, rank: number): readonly Polynomial[] =>
  operands.flatMap((operand) => lengthsOf(operand)[axis - rank + rankOf(operand)] ?? [])

/**
 * The result of an elementwise operator with broadcasting. Rows of all operands must lie on one axis of the result,
 * and nothing may be wider there: a fixed operand of 3 entries would meet the rows of a batch of 3.
 */
export const broadcast = (
  { numbers }: Pick<RuleNode, 'numbers'>,
  inputs: readonly (TensorState | undefined)[],
  elementType?: number,
): TensorState => {
  const operands = inputs.filter((operand) => operand !== undefined)
  if (operands.some(({ lengths }) => !lengths)) {
    need(
      operands.every(({ kind }) => kind === 'constant'),
      'the rank of a constant operand is not known',
    )
    return constantState(undefined, elementType)
  }
  const rank = Math.max(0, ...operands.map(rankOf))
  const withRows = operands.filter(({ kind }) => kind === 'rows')
  const [first] = withRows
  const lengths = (rowAxis?: number, rowLength?: Polynomial): Polynomial[] =>
    Array.from({ length: rank }, (_, axis) =>
      axis === rowAxis && rowLength ? rowLength : broadcastLength(numbers, column(operands, axis, rank)),
    )
  if (!first) return constantState(lengths(), elementType)
  const axis = rowAxisOf(first) + rank - rankOf(first)
  need(
    withRows.every((operand) => rowAxisOf(operand) + rank - rankOf(operand) === axis),
    'two operands hold the rows on different axes',
  )
  const rowLength = at(lengthsOf(first), rowAxisOf(first))
  for (const operand of operands) {
    const length = lengthsOf(operand)[axis - rank + rankOf(operand)]
    if (!length) continue
    if (operand.kind === 'rows')
      need(same(length, rowLength), 'operands of different lengths meet on the row axis')
    else need(isOne(length), 'a fixed operand meets the row axis')
  }
  return onRows(lengths(axis, rowLength), axis, elementType)
}
