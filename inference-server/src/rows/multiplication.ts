import type { Opaque } from './opaque.ts'
import { degreeOf, one, type Polynomial, product } from './polynomial.ts'
import type { Element } from './symbols.ts'

/** A polynomial of more terms, or a product of more symbols, gets a name instead. */
const maxTerms = 60
const maxDegree = 64

export interface Multiplication {
  readonly multiply: (a: Element, b: Element) => Element
  readonly multiplyAll: (factors: readonly Polynomial[]) => Element
}

export const createMultiplication = (opaque: Opaque): Multiplication => {
  const multiply = (a: Element, b: Element): Element => {
    if (!a || !b) return null
    if (a.terms.length * b.terms.length > maxTerms ** 2 || degreeOf(a) + degreeOf(b) > maxDegree)
      return opaque('mul', [a, b])
    const result = product(a, b)
    return result.terms.length < maxTerms ? result : opaque('mul', [a, b])
  }

  const multiplyAll = (factors: readonly Polynomial[]): Element =>
    factors.reduce<Element>((total, factor) => multiply(total, factor), one)

  return { multiply, multiplyAll }
}
