import { type Coefficient, isWhole, over, plus, signOf, truncate } from './coefficient.ts'
import {
  constantPolynomial,
  degreeOf,
  difference,
  exactQuotient,
  one,
  type Polynomial,
  perRow,
  product,
  same,
  sum,
  zero,
} from './polynomial.ts'
import { createSymbols, type Element, type SymbolOptions } from './symbols.ts'

/** A polynomial of more terms, or a product of more symbols, gets a name instead. */
const maxTerms = 60
const maxDegree = 64

/** Arithmetic of the lengths and small values of one graph, with what is known of their signs. */
export interface Numbers {
  /** A number of which nothing is known. @param whole a length, or an element of a tensor of whole numbers */
  readonly fresh: (options?: SymbolOptions) => Polynomial
  /** The length of an input's axis, at least 1: equal names have equal lengths. */
  readonly named: (name: string) => Polynomial
  /** An unknown number. Equal operators of equal operands give the same symbol, so that later comparisons succeed. */
  readonly opaque: (operator: string, operands: readonly Element[], options?: SymbolOptions) => Element
  /** Notes that p is the length of an axis, and not 0 where the caller knows so. */
  readonly length: (p: Polynomial, positive?: boolean) => Polynomial
  /** Follows what may not run: what was noted of numbers meanwhile is forgotten. */
  readonly supposing: (follow: () => void) => void
  /** Notes that p is the smaller of a fixed length and another. */
  readonly noteMinimum: (p: Polynomial, other: Polynomial) => void
  /** The other length, where p is the smaller of a fixed length and another. */
  readonly minimumOf: (p: Polynomial) => Polynomial | undefined
  /** Whether p is at least 1. */
  readonly isPositive: (p: Polynomial) => boolean
  /** Whether p is at least 0. */
  readonly isCount: (p: Polynomial) => boolean
  readonly isWholeNumber: (p: Polynomial) => boolean
  readonly add: (a: Element, b: Element) => Element
  readonly subtract: (a: Element, b: Element) => Element
  readonly multiply: (a: Element, b: Element) => Element
  readonly multiplyAll: (factors: readonly Polynomial[]) => Element
  /** a / b, undefined where it is no polynomial. */
  readonly exact: (a: Element, b: Element) => Polynomial | undefined
  /** The product of a list over that of another, where the run time guarantees that the division leaves no rest. */
  readonly quotient: (
    numerators: readonly Polynomial[],
    denominators: readonly Polynomial[],
  ) => Polynomial | undefined
  /** Division of whole numbers, toward zero. */
  readonly divide: (a: Element, b: Element) => Element
  /** 1, 0 or an unknown number. */
  readonly compare: (a: Element, b: Element, relation: Relation) => Element
  /** @param depth operators inside operators beyond it are left out, because their text may be endless */
  readonly text: (element: Element, depth?: number) => string
}

export type Relation = 'eq' | 'lt' | 'le'

/** @param order sign of the second number minus the first */
const holds = (relation: Relation, order: number): boolean => {
  if (relation === 'eq') return order === 0
  return relation === 'lt' ? order > 0 : order >= 0
}

export const createNumbers = (): Numbers => {
  /** How to forget what was found while something is supposed, in order. */
  const found: (() => void)[] = []
  let supposed = 0
  const onFound = (forget: () => void): void => {
    if (supposed > 0) found.push(forget)
  }
  const symbols = createSymbols(onFound)
  /** Keys of polynomials that are known to be at least 1, and of those that are known to be whole numbers. */
  const positives = new Set<string>()
  const wholes = new Set<string>()
  const minimums = new Map<string, Polynomial>()

  const opaque = (
    operator: string,
    operands: readonly Element[],
    { least, whole }: SymbolOptions = {},
  ): Element => {
    const known = operands.filter((operand) => operand !== null)
    if (known.length < operands.length || known.some(({ hasRows }) => hasRows)) return null
    const key = `${operator}(${known.map((operand) => operand.key).join(',')})`
    return symbols.symbolOf(
      key,
      { operator, operands: known },
      {
        ...(least !== undefined && { least }),
        whole: least !== undefined || (whole ?? known.every(isWholeNumber)),
      },
    )
  }

  const supposing = (follow: () => void): void => {
    const start = found.length
    supposed += 1
    try {
      follow()
    } finally {
      supposed -= 1
      for (const forget of found.splice(start).reverse()) forget()
    }
  }

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

  /** A product of numbers of at least 1 is at least 1; where one may be 0, it is at least 0. */
  const leastOfProduct = (factors: readonly number[]): 0 | 1 | undefined => {
    const leasts = factors.map(symbols.leastOf)
    if (leasts.includes(undefined)) return undefined
    return leasts.includes(0) ? 0 : 1
  }

  const lowerBound = (p: Polynomial): Coefficient | undefined => {
    if (positives.has(p.key)) return 1
    let bound: Coefficient = 0
    for (const term of p.terms) {
      const least = leastOfProduct(term.symbols)
      const isBelow = term.symbols.length > 0 && signOf(term.coefficient) < 0
      if (least === undefined || isBelow) return undefined
      if (least === 1) bound = plus(bound, term.coefficient)
    }
    return bound
  }

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

  const add = (a: Element, b: Element): Element => (a && b ? sum(a, b) : null)
  const subtract = (a: Element, b: Element): Element => (a && b ? difference(a, b) : null)

  const multiply = (a: Element, b: Element): Element => {
    if (!a || !b) return null
    if (a.terms.length * b.terms.length > maxTerms ** 2 || degreeOf(a) + degreeOf(b) > maxDegree)
      return opaque('mul', [a, b])
    const result = product(a, b)
    return result.terms.length < maxTerms ? result : opaque('mul', [a, b])
  }

  const multiplyAll = (factors: readonly Polynomial[]): Element =>
    factors.reduce<Element>((total, factor) => multiply(total, factor), one)

  const exact = (a: Element, b: Element): Polynomial | undefined => (a && b ? exactQuotient(a, b) : undefined)

  const quotient = (
    numerators: readonly Polynomial[],
    denominators: readonly Polynomial[],
  ): Polynomial | undefined => {
    const above = [...numerators]
    const below: Polynomial[] = []
    for (const denominator of denominators) {
      const place = above.findIndex((numerator) => same(numerator, denominator))
      if (place < 0) below.push(denominator)
      else above.splice(place, 1)
    }
    const [a, b] = [multiplyAll(above), multiplyAll(below)]
    if (!a || !b) return undefined
    const [aPerRow, bPerRow] = [perRow(a), perRow(b)]
    const [top, bottom] = aPerRow && bPerRow ? [aPerRow, bPerRow] : [a, b]
    const options: SymbolOptions = above.every(isPositive) && isPositive(top) ? { least: 1 } : { whole: true }
    return exactQuotient(a, b) ?? opaque('quot', [top, bottom], options) ?? undefined
  }

  const divide = (a: Element, b: Element): Element => {
    if (!a || !b) return null
    if (a.constant !== undefined && b.constant !== undefined && b.constant !== 0)
      return constantPolynomial(truncate(over(a.constant, b.constant)))
    const result = exactQuotient(a, b)
    if (result && isWholeNumber(result)) return result
    return opaque('div', [a, b], isCount(a) && isPositive(b) ? { least: 0 } : { whole: true })
  }

  /** Whether p is made of lengths only. Other numbers may wrap around, so that one is beyond the smaller one, and NaN is not equal to itself. */
  const isOfLengths = ({ terms }: Polynomial): boolean =>
    terms.every((term) => term.symbols.every((symbol) => symbols.leastOf(symbol) !== undefined))

  const compare = (a: Element, b: Element, relation: Relation): Element => {
    if (!a || !b) return null
    const isSure = (same(a, b) && isWholeNumber(a)) || (isOfLengths(a) && isOfLengths(b))
    const order = isSure ? orderOf(difference(b, a)) : undefined
    if (order === undefined) return opaque(relation, [a, b], { whole: true })
    return holds(relation, order) ? one : zero
  }

  /** Sign of a difference, undefined where it is not known. */
  const orderOf = (gap: Polynomial): number | undefined => {
    if (gap.constant !== undefined) return signOf(gap.constant)
    if (isPositive(gap)) return 1
    return isPositive(difference(zero, gap)) ? -1 : undefined
  }

  return {
    fresh: symbols.fresh,
    named: symbols.named,
    opaque,
    length,
    supposing,
    noteMinimum: (p, other) => {
      if (minimums.has(p.key)) return
      minimums.set(p.key, other)
      onFound(() => minimums.delete(p.key))
    },
    minimumOf: (p) => minimums.get(p.key),
    isPositive,
    isCount,
    isWholeNumber,
    add,
    subtract,
    multiply,
    multiplyAll,
    exact,
    quotient,
    divide,
    compare,
    text: symbols.text,
  }
}
