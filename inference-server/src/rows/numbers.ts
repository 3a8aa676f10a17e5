import { type Bounds, createBounds } from './bounds.ts'
import { type Compare, createCompare } from './comparison.ts'
import { createDivision, type Division } from './division.ts'
import { createMultiplication, type Multiplication } from './multiplication.ts'
import { createOpaque, type Opaque } from './opaque.ts'
import { difference, type Polynomial, sum } from './polynomial.ts'
import { createSuppositions, type Suppositions } from './suppositions.ts'
import { createSymbols, type Element, type Symbols } from './symbols.ts'

/** The smaller of two lengths, where one of them is fixed. */
interface Minimums {
  /** Notes that p is the smaller of a fixed length and another. */
  readonly noteMinimum: (p: Polynomial, other: Polynomial) => void
  /** The other length, where p is the smaller of a fixed length and another. */
  readonly minimumOf: (p: Polynomial) => Polynomial | undefined
}

/** Arithmetic of the lengths and small values of one graph, with what is known of their signs. */
export interface Numbers
  extends Pick<Symbols, 'fresh' | 'named' | 'text'>,
    Pick<Suppositions, 'supposing'>,
    Bounds,
    Minimums,
    Multiplication,
    Division {
  readonly opaque: Opaque
  readonly add: (a: Element, b: Element) => Element
  readonly subtract: (a: Element, b: Element) => Element
  readonly compare: Compare
}

const createMinimums = (onFound: Suppositions['onFound']): Minimums => {
  const minimums = new Map<string, Polynomial>()
  return {
    noteMinimum: (p, other) => {
      if (minimums.has(p.key)) return
      minimums.set(p.key, other)
      onFound(() => minimums.delete(p.key))
    },
    minimumOf: (p) => minimums.get(p.key),
  }
}

export const createNumbers = (): Numbers => {
  const { supposing, onFound } = createSuppositions()
  const symbols = createSymbols(onFound)
  const bounds = createBounds(symbols, onFound)
  const opaque = createOpaque(symbols, bounds)
  const multiplication = createMultiplication(opaque)
  return {
    fresh: symbols.fresh,
    named: symbols.named,
    text: symbols.text,
    supposing,
    ...bounds,
    ...createMinimums(onFound),
    opaque,
    add: (a, b) => (a && b ? sum(a, b) : null),
    subtract: (a, b) => (a && b ? difference(a, b) : null),
    ...multiplication,
    ...createDivision(bounds, multiplication, opaque),
    compare: createCompare(symbols, bounds, opaque),
  }
}
