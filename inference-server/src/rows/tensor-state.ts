import type { Polynomial } from './polynomial.ts'
import type { SymbolicArray } from './symbolic-array.ts'
import type { Element } from './symbols.ts'

/**
 * What is known of a tensor in three runs: of one batch, of another, and of the two joined.
 * constant: it is the same in all three.
 * rows: that of the joined batch is that of the first followed by that of the second along the row axis.
 * row-numbers: whole numbers. Those of row r (of those along the row axis) are r times the stride, plus numbers from 0
 *   to below the stride which, without the first part, would be rows or constant.
 * row-groups: several tensors of rows, one behind the other along their row axis: all rows of the first, then of the next.
 * row-tuples: index tuples along the last axis, whose first element is the number of the row.
 * padded: like rows, but each row is padded to the longest of the batch with a text.
 * unknown: anything else.
 */
export type StateKind =
  | 'constant'
  | 'rows'
  | 'row-numbers'
  | 'row-groups'
  | 'row-tuples'
  | 'padded'
  | 'unknown'

/** The node that is to blame, as a reader of the model finds it. */
export interface Place {
  readonly node: string
  readonly operator: string
}

export interface TensorState {
  readonly kind: StateKind
  /** Undefined where not even the rank is known; known for every kind but constant and unknown. */
  readonly lengths: readonly Polynomial[] | undefined
  /** The row axis; undefined of constant and unknown. */
  readonly axis: number | undefined
  /** Elements of a small tensor, where they are known; they are right for every kind. */
  readonly values: SymbolicArray | undefined
  /** TensorProto.DataType, undefined where it is not known. */
  readonly elementType: number | undefined
  /** Distance between the row numbers of a row and those of the next one, at least 1. */
  readonly stride: Polynomial | undefined
  /** Number of row groups. */
  readonly groups: Polynomial | undefined
  /** All elements are whole numbers from 0 to below this; of row numbers, what is added to r times the stride. */
  readonly below: Polynomial | undefined
  /** The node whose quantization scale, taken over the whole batch, is in the values. */
  readonly scale: Place | undefined
  /** Text that a padded tensor is padded with. */
  readonly padding: Buffer | undefined
  /** Why it is unknown, or what makes it useless elsewhere. */
  readonly reason: string | undefined
  readonly place: Place | undefined
}

type Lengths = readonly Polynomial[] | undefined

const blank = {
  axis: undefined,
  values: undefined,
  elementType: undefined,
  stride: undefined,
  groups: undefined,
  below: undefined,
  scale: undefined,
  padding: undefined,
  reason: undefined,
  place: undefined,
}

export const constantState = (lengths?: Lengths, elementType?: number): TensorState => ({
  ...blank,
  kind: 'constant',
  lengths,
  elementType,
})

/** A state with a row axis. The caller sees to it that its lengths are those of such a state. */
export const rowState = (
  kind: 'rows' | 'row-numbers' | 'row-groups' | 'row-tuples',
  lengths: readonly Polynomial[],
  axis: number,
  elementType?: number,
): TensorState => ({ ...blank, kind, lengths, axis, elementType })

export const unknownState = (reason: string, place?: Place, lengths?: Lengths): TensorState => ({
  ...blank,
  kind: 'unknown',
  lengths,
  reason,
  place,
})

/** Constant, or an optional input that is left out. */
export const isConstant = (state: TensorState | undefined): boolean => !state || state.kind === 'constant'

export const isPlain = (state: TensorState): boolean => state.kind === 'constant' || state.kind === 'rows'

/** An element says how the value depends on the number of rows, or that it does. */
export const dependsOnRows = (element: Element): boolean => element === null || element.hasRows
