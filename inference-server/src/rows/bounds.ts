import { type Coefficient, isWhole, plus, signOf } from './coefficient.ts'
import type { Polynomial } from './polynomial.ts'
import type { Suppositions } from './suppositions.ts'
import type { Symbols } from './symbols.ts'

/** What is known of the signs of numbers, and of which numbers are whole. */
export interface Bounds {
  /** Notes that p is the length of an axis, and not 0 where the caller knows so. */
  readonly length: (p: Polynomial, positive?: boolean) => Polynomial
  /** Whether p is at least 1. */
  readonly isPositive: (p: Polynomial) => boolean
  /** Whether p is at least 0. */
  readonly isCount: (p: Polynomial) => boolean
  readonly isWholeNumber: (p: Polynomial) => boolean
}

/** A product of numbers of at least 1 is at least 1; where one may be 0, it is at least 0. */
const leastOfProduct = (symbols: Symbols, factors: readonly number[]): 0 | 1 | undefined => {
  const leasts = factors.map(symbols.leastOf)
  if (leasts.includes(undefined)) return undefined
  return leasts.includes(0) ? 0 : 1
}

/** What the sum of the terms is at least. */
const boundOfTerms = (symbols: Symbols, { terms }: Polynomial): Coefficient | undefined => {
  let bound: Coefficient = 0
  for (const term of terms) {
    const least = leastOfProduct(symbols, term.symbols)
    const isBelow = term.symbols.length > 0 && signOf(term.coefficient) < 0
    if (least === undefined || isBelow) return undefined
    if (least === 1) bound = plus(bound, term.coefficient)
  }
  return bound
}

export const createBounds = (symbols: Symbols, onFound: Suppositions['onFound']): Bounds => {
  /** Keys of polynomials that are known to be at least 1, and of those that are known to be whole numbers. */
  const positives = new Set<string>()
  const wholes = new Set<string>()

  const note = (keys: Set<string>, { key }: Polynomial): void => {
    if (keys.has(key)) return
    keys.add(key)
    onFound(() => keys.delete(key))
  }

  const length = (p: Polynomial, positive = false): Polynomial => {
    if (p.constant !== undefined) return p
    note(wholes, p)
    if (positive) note(positives, p)
    return p
  }

  const lowerBound = (p: Polynomial): Coefficient | undefined =>
    positives.has(p.key) ? 1 : boundOfTerms(symbols, p)

  const isPositive = (p: Polynomial): boolean => {
    const bound = lowerBound(p)
    return bound !== undefined && signOf(bound) > 0
  }

  const isCount = (p: Polynomial): boolean => {
    const bound = lowerBound(p)
    return bound !== undefined && signOf(bound) >= 0
  }

  const isWholeNumber = (p: Polynomial): boolean =>
    wholes.has(p.key) ||
    p.terms.every((term) => isWhole(term.coefficient) && term.symbols.every(symbols.isWhole))

  return { length, isPositive, isCount, isWholeNumber }
}
