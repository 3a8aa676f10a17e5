import type { Bounds } from './bounds.ts'
import { signOf } from './coefficient.ts'
import type { Opaque } from './opaque.ts'
import { difference, one, type Polynomial, same, zero } from './polynomial.ts'
import type { Element, Symbols } from './symbols.ts'

export type Relation = 'eq' | 'lt' | 'le'

/** 1, 0 or an unknown number. */
export type Compare = (a: Element, b: Element, relation: Relation) => Element

/** @param order sign of the second number minus the first */
const holds = (relation: Relation, order: number): boolean => {
  if (relation === 'eq') return order === 0
  return relation === 'lt' ? order > 0 : order >= 0
}

export const createCompare = (
  { leastOf }: Symbols,
  { isPositive, isWholeNumber }: Bounds,
  opaque: Opaque,
): Compare => {
  /** Whether p is made of lengths only. Other numbers may wrap around, so that one is beyond the smaller one, and NaN is not equal to itself. */
  const isOfLengths = ({ terms }: Polynomial): boolean =>
    terms.every((term) => term.symbols.every((symbol) => leastOf(symbol) !== undefined))

  /** Sign of a difference, undefined where it is not known. */
  const orderOf = (gap: Polynomial): number | undefined => {
    if (gap.constant !== undefined) return signOf(gap.constant)
    if (isPositive(gap)) return 1
    return isPositive(difference(zero, gap)) ? -1 : undefined
  }

  return (a, b, relation) => {
    if (!a || !b) return null
    const isSure = (same(a, b) && isWholeNumber(a)) || (isOfLengths(a) && isOfLengths(b))
    const order = isSure ? orderOf(difference(b, a)) : undefined
    if (order === undefined) return opaque(relation, [a, b], { whole: true })
    return holds(relation, order) ? one : zero
  }
}
