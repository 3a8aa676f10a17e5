import type { Bounds } from './bounds.ts'
import type { Element, SymbolOptions, Symbols } from './symbols.ts'

/** An unknown number. Equal operators of equal operands give the same symbol, so that later comparisons succeed. */
export type Opaque = (operator: string, operands: readonly Element[], options?: SymbolOptions) => Element

export const createOpaque =
  (symbols: Symbols, { isWholeNumber }: Bounds): Opaque =>
  (operator, operands, { least, whole } = {}) => {
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
