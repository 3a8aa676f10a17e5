import { textOf } from './coefficient.ts'
import { type Polynomial, rowSymbol, symbolPolynomial } from './polynomial.ts'

/** A number of a graph; null where it depends on the number of rows in a way that is not expressed here. */
export type Element = Polynomial | null

/** Where a symbol comes from: a name in the file, or an operator and what it was given. */
interface Origin {
  readonly operator: string
  readonly operands: readonly Polynomial[]
}

export interface SymbolOptions {
  /** The number is a whole one, and at least this. */
  readonly least?: 0 | 1
  /** The number is a whole one. By default: where all operands are whole numbers. */
  readonly whole?: boolean
}

/** The unknown numbers of one graph. */
export interface Symbols {
  /** The symbol of this key, made where there is none yet. */
  readonly symbolOf: (key: string, origin: Origin, options: SymbolOptions) => Polynomial
  /** A number of which nothing is known. @param options a length by default, or an element of a tensor of whole numbers */
  readonly fresh: (options?: SymbolOptions) => Polynomial
  /** The length of an input's axis, at least 1: equal names have equal lengths. */
  readonly named: (name: string) => Polynomial
  /** What the symbol is known to be at least. */
  readonly leastOf: (symbol: number) => 0 | 1 | undefined
  readonly isWhole: (symbol: number) => boolean
  /** @param depth operators inside operators beyond it are left out, because their text may be endless */
  readonly text: (element: Element, depth?: number) => string
}

/** @param onFound told how to forget what was found of a symbol that was there before */
export const createSymbols = (onFound: (forget: () => void) => void): Symbols => {
  /** Origins by symbol; the number of rows is the first. */
  const origins: Origin[] = [{ operator: 'N', operands: [] }]
  const symbolsByKey = new Map<string, number>()
  const leasts = new Map<number, 0 | 1>([[rowSymbol, 1]])
  /** Symbols of numbers that may be fractions. */
  const fractional = new Set<number>()

  const symbolOf = (key: string, origin: Origin, options: SymbolOptions): Polynomial => {
    let symbol = symbolsByKey.get(key)
    const before = symbol === undefined ? undefined : leasts.get(symbol)
    const isOld = symbol !== undefined
    if (symbol === undefined) {
      symbol = origins.push(origin) - 1
      symbolsByKey.set(key, symbol)
      if (options.whole === false) fractional.add(symbol)
    }
    if (options.least !== undefined && before !== 1 && before !== options.least) {
      leasts.set(symbol, options.least)
      const found = symbol
      if (isOld) onFound(() => (before === undefined ? leasts.delete(found) : leasts.set(found, before)))
    }
    return symbolPolynomial(symbol)
  }

  const fresh = (options: SymbolOptions = { least: 1 }): Polynomial => {
    // Texts of equal length sort by age.
    const operator = `~${String(origins.length).padStart(4, '0')}`
    return symbolOf(operator, { operator, operands: [] }, options)
  }

  const named = (name: string): Polynomial =>
    symbolOf(`name ${name}`, { operator: name, operands: [] }, { least: 1 })

  const symbolText = (symbol: number, depth: number): string => {
    const { operator, operands } = origins[symbol] ?? { operator: '?', operands: [] }
    if (operands.length === 0) return operator
    if (depth === 0) return `${operator}(…)`
    const texts = operands.map((operand) => text(operand, depth - 1))
    return `${operator}(${(operator === 'bc' ? texts.sort() : texts).join(',')})`
  }

  const text = (element: Element, depth = 3): string => {
    if (!element) return 'bad'
    if (element.terms.length === 0) return '0'
    const terms = element.terms.map(({ symbols, coefficient }) => {
      if (symbols.length === 0) return textOf(coefficient)
      const names = symbols
        .map((symbol) => symbolText(symbol, depth))
        .sort()
        .join('*')
      return coefficient === 1 ? names : `${textOf(coefficient)}*${names}`
    })
    return terms.sort().join('+')
  }

  return {
    symbolOf,
    fresh,
    named,
    leastOf: (symbol) => leasts.get(symbol),
    isWhole: (symbol) => !fractional.has(symbol),
    text,
  }
}
