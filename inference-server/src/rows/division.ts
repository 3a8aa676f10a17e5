import type { Bounds } from './bounds.ts'
import { over, truncate } from './coefficient.ts'
import type { Multiplication } from './multiplication.ts'
import type { Opaque } from './opaque.ts'
import { constantPolynomial, exactQuotient, type Polynomial, perRow, same } from './polynomial.ts'
import type { Element, SymbolOptions } from './symbols.ts'

export interface Division {
  /** a / b, undefined where it is no polynomial. */
  readonly exact: (a: Element, b: Element) => Polynomial | undefined
  /** The product of a list over that of another, where the run time guarantees that the division leaves no rest. */
  readonly quotient: (
    numerators: readonly Polynomial[],
    denominators: readonly Polynomial[],
  ) => Polynomial | undefined
  /** Division of whole numbers, toward zero. */
  readonly divide: (a: Element, b: Element) => Element
}

/** Both lists without the factors that they share. */
const reduced = (
  numerators: readonly Polynomial[],
  denominators: readonly Polynomial[],
): readonly [above: readonly Polynomial[], below: readonly Polynomial[]] => {
  const above = [...numerators]
  const below: Polynomial[] = []
  for (const denominator of denominators) {
    const place = above.findIndex((numerator) => same(numerator, denominator))
    if (place < 0) below.push(denominator)
    else above.splice(place, 1)
  }
  return [above, below]
}

export const createDivision = (
  { isPositive, isCount, isWholeNumber }: Bounds,
  { multiplyAll }: Multiplication,
  opaque: Opaque,
): Division => {
  const quotient: Division['quotient'] = (numerators, denominators) => {
    const [above, below] = reduced(numerators, denominators)
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

  return { exact: (a, b) => (a && b ? exactQuotient(a, b) : undefined), quotient, divide }
}
