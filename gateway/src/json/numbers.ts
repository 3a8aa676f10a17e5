/** Numbers of JSON (RFC 8259, 6), byte by byte. */

export type NumberState =
  | ('minus' | 'zero' | 'digits' | 'point' | 'fraction')
  | ('exponent' | 'exponentSign' | 'exponentDigits')

const [minus, plus, zero, nine, point] = Buffer.from('-+09.') as unknown as readonly [
  number,
  number,
  number,
  number,
  number,
]
const exponents: ReadonlySet<number> = new Set(Buffer.from('eE'))

export const isDigit = (byte: number): boolean => byte >= zero && byte <= nine

/** @returns undefined where a byte begins no number */
export const numberStart = (byte: number): NumberState | undefined => {
  if (byte === minus) return 'minus'
  if (byte === zero) return 'zero'
  return isDigit(byte) ? 'digits' : undefined
}

const afterInteger = (byte: number): NumberState | undefined => {
  if (byte === point) return 'point'
  return exponents.has(byte) ? 'exponent' : undefined
}
const digits =
  (then: NumberState) =>
  (byte: number): NumberState | undefined =>
    isDigit(byte) ? then : undefined

/** What follows each state; undefined where the byte belongs to no number. */
export const numberSteps: Readonly<Record<NumberState, (byte: number) => NumberState | undefined>> = {
  minus: (byte) => (byte === minus ? undefined : numberStart(byte)),
  zero: afterInteger,
  digits: (byte) => (isDigit(byte) ? 'digits' : afterInteger(byte)),
  point: digits('fraction'),
  fraction: (byte) => {
    if (isDigit(byte)) return 'fraction'
    return exponents.has(byte) ? 'exponent' : undefined
  },
  exponent: (byte) => (byte === plus || byte === minus ? 'exponentSign' : digits('exponentDigits')(byte)),
  exponentSign: digits('exponentDigits'),
  exponentDigits: digits('exponentDigits'),
}

/** States in which a number is whole; the byte behind it belongs to what follows. */
export const wholeNumbers: ReadonlySet<string> = new Set<NumberState>([
  'zero',
  'digits',
  'fraction',
  'exponentDigits',
])
