import { type Coefficient, over, plus, signOf, textOf, times } from './coefficient.ts'

/** A symbol is a number by which its table knows it. The number of rows has one of its own. */
export const rowSymbol = 0

/** A product of symbols (in ascending order, repeated for powers) and a coefficient that is not 0. */
export interface Term {
  readonly symbols: readonly number[]
  readonly coefficient: Coefficient
}

/**
 * A polynomial with rational coefficients. Symbol 0 is the number of rows; every other symbol stands for a number
 * that is the same for two batches and for the one that joins them.
 */
export interface Polynomial {
  /** Leading term first: by degree, then by symbols. The order is kept by multiplication, so that division ends. */
  readonly terms: readonly Term[]
  /** Equal polynomials have equal keys. */
  readonly key: string
  /** Undefined where a symbol is in it. */
  readonly constant: Coefficient | undefined
  readonly hasRows: boolean
}

const compareMonomials = (a: readonly number[], b: readonly number[]): number => {
  if (a.length !== b.length) return b.length - a.length
  for (let index = 0; index < a.length; index++) {
    const difference = (a[index] as number) - (b[index] as number)
    if (difference !== 0) return difference
  }
  return 0
}

const constantOfTerms = (terms: readonly Term[]): Coefficient | undefined => {
  const [first] = terms
  if (!first) return 0
  return first.symbols.length === 0 ? first.coefficient : undefined
}

/** @param terms in order, none with coefficient 0, no monomial twice */
const polynomialOf = (terms: readonly Term[]): Polynomial => ({
  terms,
  key: terms.map(({ symbols, coefficient }) => `${symbols.join('*')}:${textOf(coefficient)}`).join('+'),
  constant: constantOfTerms(terms),
  // Symbols ascend, and the number of rows is the first of all.
  hasRows: terms.some(({ symbols }) => symbols[0] === rowSymbol),
})

export const zero: Polynomial = polynomialOf([])

export const constantPolynomial = (coefficient: Coefficient): Polynomial =>
  coefficient === 0 ? zero : polynomialOf([{ symbols: [], coefficient }])

export const one: Polynomial = constantPolynomial(1)

export const symbolPolynomial = (symbol: number): Polynomial =>
  polynomialOf([{ symbols: [symbol], coefficient: 1 }])

/** The number of rows. */
export const rowCount: Polynomial = symbolPolynomial(rowSymbol)

export const same = (a: Polynomial, b: Polynomial): boolean => a === b || a.key === b.key

/** The terms of both in order, those of equal monomials added. */
const merged = (a: readonly Term[], b: readonly Term[]): readonly Term[] => {
  const terms: Term[] = []
  let [left, right] = [0, 0]
  for (;;) {
    const [first, second] = [a[left], b[right]]
    if (!first) return terms.concat(b.slice(right))
    if (!second) return terms.concat(a.slice(left))
    const order = compareMonomials(first.symbols, second.symbols)
    if (order <= 0) left += 1
    if (order >= 0) right += 1
    terms.push(...leadingOf(first, second, order))
  }
}

/** The one in front, or the sum of both where it is not 0. */
const leadingOf = (first: Term, second: Term, order: number): readonly Term[] => {
  if (order !== 0) return [order < 0 ? first : second]
  const coefficient = plus(first.coefficient, second.coefficient)
  return coefficient === 0 ? [] : [{ symbols: first.symbols, coefficient }]
}

const negated = (terms: readonly Term[]): readonly Term[] =>
  terms.map(({ symbols, coefficient }) => ({ symbols, coefficient: times(coefficient, -1) }))

export const sum = (a: Polynomial, b: Polynomial): Polynomial => polynomialOf(merged(a.terms, b.terms))

export const difference = (a: Polynomial, b: Polynomial): Polynomial =>
  polynomialOf(merged(a.terms, negated(b.terms)))

const joined = (a: readonly number[], b: readonly number[]): readonly number[] => {
  if (a.length === 0) return b
  if (b.length === 0) return a
  return [...a, ...b].sort((left, right) => left - right)
}

const timesTerm = (a: Polynomial, { symbols, coefficient }: Term): Polynomial =>
  polynomialOf(
    a.terms.map((term) => ({
      symbols: joined(term.symbols, symbols),
      coefficient: times(term.coefficient, coefficient),
    })),
  )

export const product = (a: Polynomial, b: Polynomial): Polynomial => {
  if (a.constant === 1) return b
  if (b.constant === 1) return a
  return b.terms.reduce((total, term) => sum(total, timesTerm(a, term)), zero)
}

/** What is left of a product of symbols without some of them, undefined where one is not in it. */
const without = (symbols: readonly number[], removed: readonly number[]): readonly number[] | undefined => {
  const left = [...symbols]
  for (const symbol of removed) {
    const place = left.indexOf(symbol)
    if (place < 0) return undefined
    left.splice(place, 1)
  }
  return left
}

const termQuotient = (a: Term, b: Term): Term | undefined => {
  const symbols = without(a.symbols, b.symbols)
  return symbols && { symbols, coefficient: over(a.coefficient, b.coefficient) }
}

/** No length of a tensor divides into more terms. */
const maxDivisionSteps = 40

/** a / b as a polynomial, undefined where it is none. */
export const exactQuotient = (a: Polynomial, b: Polynomial): Polynomial | undefined => {
  const [leading] = b.terms
  if (!leading) return undefined
  if (same(a, b)) return one
  const terms: Term[] = []
  let rest = a
  for (let step = 0; rest.terms[0]; step++) {
    const term = termQuotient(rest.terms[0], leading)
    if (!term || step === maxDivisionSteps) return undefined
    terms.push(term)
    rest = difference(rest, timesTerm(b, term))
  }
  // Leading terms fall from step to step, so that the terms of the quotient are in order.
  return polynomialOf(terms)
}

/** q where p is the number of rows times q and q is free of it, otherwise undefined. */
export const perRow = (p: Polynomial): Polynomial | undefined => {
  const linear = p.terms.every(({ symbols }) => symbols[0] === rowSymbol && symbols[1] !== rowSymbol)
  if (!linear || p.terms.length === 0) return undefined
  return polynomialOf(p.terms.map(({ symbols, coefficient }) => ({ symbols: symbols.slice(1), coefficient })))
}

/** Number of symbols that the leading term multiplies. */
export const degreeOf = (p: Polynomial): number => p.terms[0]?.symbols.length ?? 0

export const isOne = (p: Polynomial): boolean => p.constant === 1

export const isNegative = (p: Polynomial): boolean => p.constant !== undefined && signOf(p.constant) < 0
