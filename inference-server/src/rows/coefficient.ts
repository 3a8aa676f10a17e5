import type { WholeNumber } from '../onnx/model.ts'

/** A fraction in lowest terms, or a whole number that a double does not hold exactly. */
export interface Fraction {
  readonly numerator: bigint
  /** A number of at least 1. */
  readonly denominator: bigint
}

/** An exact rational number in its only form: a safe integer is always a plain number. */
export type Coefficient = number | Fraction

/** Longest number that is followed, in bits. Shapes never need it, and repeated squaring would fill the memory. */
const maxBits = 4096n
const tooLarge = 1n << maxBits

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => {
  let [larger, smaller] = [a < 0n ? -a : a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}

/** @param denominator not 0 @throws RangeError beyond `maxBits` */
const fraction = (numerator: bigint, denominator: bigint): Coefficient => {
  const sign = denominator < 0n ? -1n : 1n
  const divisor = greatestCommonDivisor(numerator, denominator * sign) * sign
  const [top, bottom] = [numerator / divisor, denominator / divisor]
  if (bottom === 1n && top >= Number.MIN_SAFE_INTEGER && top <= Number.MAX_SAFE_INTEGER) return Number(top)
  if (top >= tooLarge || top <= -tooLarge || bottom >= tooLarge)
    throw new RangeError(`a number has more than ${maxBits} bits`)
  return { numerator: top, denominator: bottom }
}

const top = (value: Coefficient): bigint => (typeof value === 'number' ? BigInt(value) : value.numerator)
const bottom = (value: Coefficient): bigint => (typeof value === 'number' ? 1n : value.denominator)

/** @param value finite; a double is taken for the rational number that it is */
export const coefficientOf = (value: WholeNumber): Coefficient => {
  if (typeof value === 'bigint') return fraction(value, 1n)
  if (Number.isSafeInteger(value)) return value + 0
  if (Number.isInteger(value)) return fraction(BigInt(value), 1n)
  let scaled = value
  let bits = 0n
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    bits += 1n
  }
  return fraction(BigInt(scaled), 1n << bits)
}

export const plus = (a: Coefficient, b: Coefficient): Coefficient => {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b
  return fraction(top(a) * bottom(b) + top(b) * bottom(a), bottom(a) * bottom(b))
}

export const times = (a: Coefficient, b: Coefficient): Coefficient => {
  // Adding 0 makes 0 of -0.
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a * b)) return a * b + 0
  return fraction(top(a) * top(b), bottom(a) * bottom(b))
}

/** @param b not 0 */
export const over = (a: Coefficient, b: Coefficient): Coefficient => {
  if (b === 1) return a
  return fraction(top(a) * bottom(b), bottom(a) * top(b))
}

/** -1, 0 or 1. */
export const signOf = (value: Coefficient): number => {
  if (typeof value === 'number') return Math.sign(value)
  return value.numerator < 0n ? -1 : 1
}

export const isWhole = (value: Coefficient): boolean => typeof value === 'number' || value.denominator === 1n

/** Toward zero. */
export const truncate = (value: Coefficient): Coefficient =>
  typeof value === 'number' ? value : fraction(value.numerator / value.denominator, 1n)

export const floor = (value: Coefficient): Coefficient => {
  const whole = truncate(value)
  return isWhole(value) || signOf(value) > 0 ? whole : plus(whole, -1)
}

/** Writes a fraction in lowest terms; equal numbers have equal texts. */
export const textOf = (value: Coefficient): string => {
  if (typeof value === 'number') return `${value}`
  return value.denominator === 1n ? `${value.numerator}` : `${value.numerator}/${value.denominator}`
}

/** Nearest double, or infinity. */
export const approximate = (value: Coefficient): number =>
  typeof value === 'number' ? value : Number(value.numerator) / Number(value.denominator)
