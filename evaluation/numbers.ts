/** Numbers as sentences and reports say them. */

/** Significant digits of a figure: measurements have no more. */
const digits = 4
/** Digits that the difference of two decimals still has right. */
const mostDigits = 12

/** A number without an exponent between 0.000001 and 10^15, and without zeros at the end. */
const shown = (value: number, precision: number): string => {
  const rounded = Number(value.toPrecision(precision))
  return rounded === 0 ? '0' : String(rounded)
}

/** A figure to four significant digits, whole numbers in full: `0.8712`, `1520`, `123456`. */
export const figure = (value: number): string =>
  Math.abs(value) >= 10 ** digits ? String(Math.round(value)) : shown(value, digits)

/** A figure with as many digits as tell it from a limit that it differs from. */
export const figureBeside = (value: number, limit: number): string => {
  for (let precision = digits; precision < mostDigits; precision += 1) {
    const text = shown(value, precision)
    if (value === limit || Number(text) !== limit) return text
  }
  return shown(value, mostDigits)
}
