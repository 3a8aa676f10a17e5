import type { RuleNode } from './node.ts'
import { same } from './polynomial.ts'
import type { SymbolicArray } from './symbolic-array.ts'
import { isPlain, type TensorState, unknownState } from './tensor-state.ts'
import { need } from './unproven.ts'

export const sameLengths = (a: TensorState, b: TensorState): boolean =>
  a.lengths === b.lengths ||
  (a.lengths !== undefined &&
    b.lengths !== undefined &&
    a.lengths.length === b.lengths.length &&
    a.lengths.every((length, axis) => {
      const other = b.lengths?.[axis]
      return other !== undefined && same(length, other)
    }))

const sameValues = (a: SymbolicArray, b: SymbolicArray): boolean =>
  a.shape.length === b.shape.length &&
  a.shape.every((length, axis) => length === b.shape[axis]) &&
  a.elements.every((element, index) => {
    const other = b.elements[index]
    return element && other ? same(element, other) : false
  })

/** The state of a tensor that is either of two: of the branches of If, or of two steps of a loop. */
export const joinedState = ({ numbers }: RuleNode, a: TensorState, b: TensorState): TensorState => {
  // Nothing of one side may be kept for the other.
  const unknown = [a, b].find(({ kind }) => kind === 'unknown')
  if (unknown) return unknownState(unknown.reason ?? 'unknown', unknown.place)
  need(isPlain(a) && isPlain(b), 'row numbers leave a branch or loop')
  const isSameLayout = a.kind === b.kind && a.axis === b.axis
  const haveSameRank = a.lengths !== undefined && a.lengths.length === b.lengths?.length
  need(
    isSameLayout && (haveSameRank || a.kind === 'constant'),
    'the branches hold the rows in different ways',
  )
  const lengths = haveSameRank
    ? a.lengths?.map((length, axis) => {
        const other = b.lengths?.[axis]
        if (other && same(length, other)) return length
        need(axis !== a.axis, 'the branches hold a different number of rows')
        return numbers.fresh({
          least: numbers.isPositive(length) && other !== undefined && numbers.isPositive(other) ? 1 : 0,
        })
      })
    : undefined
  return {
    ...a,
    lengths,
    elementType: a.elementType === b.elementType ? a.elementType : undefined,
    below: a.below && b.below && same(a.below, b.below) ? a.below : undefined,
    scale: a.scale ?? b.scale,
    values: a.values && b.values && sameValues(a.values, b.values) ? a.values : undefined,
  }
}
