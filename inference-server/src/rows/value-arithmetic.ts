import { elementTypes } from '../onnx/model.ts'
import { approximate, type Coefficient, floor, times, truncate } from './coefficient.ts'
import { flag, hasAttribute, input, intAttribute, isWholeType, type RuleNode } from './node.ts'
import type { Numbers } from './numbers.ts'
import {
  constantPolynomial,
  exactQuotient,
  type Polynomial,
  rowSymbol,
  symbolPolynomial,
  zero,
} from './polynomial.ts'
import { mapElements, type SymbolicArray } from './symbolic-array.ts'
import type { Element } from './symbols.ts'
import { need } from './unproven.ts'

/**
 * The elements of a small tensor from those of its inputs, undefined where they are not followed.
 * @throws Unproven or any other error: then they are not followed either
 */
export type Fold = (node: RuleNode, arrays: readonly SymbolicArray[]) => SymbolicArray | undefined

const smallest: ReadonlyMap<number, number> = new Map([
  [elementTypes.int32, -(2 ** 31)],
  [elementTypes.int64, -(2 ** 63)],
  [elementTypes.uint32, 0],
  [elementTypes.uint64, 0],
])
const beyondLargest: ReadonlyMap<number, number> = new Map([
  [elementTypes.int32, 2 ** 31],
  [elementTypes.int64, 2 ** 63],
  [elementTypes.uint32, 2 ** 32],
  [elementTypes.uint64, 2 ** 64],
])

/** Few bits: the run time multiplies a length with these in float32 without rounding. */
const hasFewBits = (value: Coefficient): boolean => {
  const scaled = approximate(value) * 4096
  return Number.isInteger(scaled) && Math.abs(scaled) <= 4096 ** 2
}

/** A sum of lengths; a product of two may be rounded, and so may what is no whole number. */
const isSumOfLengths = (numbers: Numbers, { terms }: Polynomial): boolean =>
  terms.every(({ symbols, coefficient }) => {
    const [symbol] = symbols
    const isShortTerm = symbols.length <= 1 && hasFewBits(coefficient)
    return isShortTerm && (symbol === undefined || numbers.isWholeNumber(symbolPolynomial(symbol)))
  })

const fitsFloat = (numbers: Numbers, value: Polynomial): boolean =>
  value.constant === undefined
    ? isSumOfLengths(numbers, value)
    : Math.fround(approximate(value.constant)) === approximate(value.constant) && isShort(value.constant)

/** Short enough that the nearest double is the number itself. */
const isShort = (value: Coefficient): boolean =>
  typeof value === 'number' ||
  (value.denominator < 1n << 200n && value.numerator < 1n << 53n && value.numerator > -(1n << 53n))

/** Products that fit into 32 bits: how many lengths a term multiplies, and by what. A million times 2048 is 2^31. */
const narrow = { lengths: 1, coefficient: 2 ** 11 }
/** Products that fit into 64 bits: a million squared times 2^22 is 2^62. */
const wide = { lengths: 2, coefficient: 2 ** 22 }

/** The number of rows counts as none, once: what it multiplies is in the memory. */
const staysBelow = ({ terms }: Polynomial, most: typeof wide): boolean =>
  terms.every(({ symbols, coefficient }) => {
    const lengths = symbols.length - (symbols[0] === rowSymbol ? 1 : 0)
    return (
      lengths <= most.lengths && (lengths === 0 || Math.abs(approximate(coefficient)) <= most.coefficient)
    )
  })

/** Whole numbers of 32 and 64 bits wrap around; those of other widths are not followed. */
const fitsWhole = (numbers: Numbers, value: Polynomial, elementType: number): boolean => {
  const isWide = elementType === elementTypes.int64 || elementType === elementTypes.uint64
  const isSigned = smallest.get(elementType) !== 0
  if (value.constant === undefined)
    return staysBelow(value, isWide ? wide : narrow) && (isSigned || numbers.isCount(value))
  const number = approximate(value.constant)
  return number >= (smallest.get(elementType) ?? 0) && number < (beyondLargest.get(elementType) ?? 0)
}

const isFloat = (elementType: number | undefined): boolean =>
  elementType === elementTypes.float32 || elementType === elementTypes.float64

/** Type of the operands, which are all of one type. @throws Unproven where its arithmetic is not followed */
const arithmeticType = (node: RuleNode): number => {
  const { elementType } = input(node, 0)
  need(
    elementType !== undefined && (isFloat(elementType) || smallest.has(elementType)),
    'arithmetic of this type',
  )
  return elementType
}

/** What the run time makes of two numbers: a result that it would round or wrap gets a name. */
const computed = (
  { numbers }: RuleNode,
  elementType: number,
  { operator, apply }: { readonly operator: string; readonly apply: Operation },
  [a, b]: readonly [Polynomial, Polynomial],
): Element => {
  const result = apply(numbers, a, b)
  if (result === null) return null
  const isRounded = isFloat(elementType)
  const fits = result && (isRounded ? fitsFloat(numbers, result) : fitsWhole(numbers, result, elementType))
  if (fits) return result
  need(isRounded || result?.constant === undefined, 'a number wraps around')
  // Numbers of another type would be rounded or wrap in another way.
  return numbers.opaque(`${operator} ${elementType}`, [a, b], { whole: !isRounded })
}

type Operation = (numbers: Numbers, a: Polynomial, b: Polynomial) => Element | undefined

/** Applies a function of two numbers. */
export const arithmetic =
  (operator: string, apply: Operation): Fold =>
  (node, arrays) => {
    if (arrays.length !== 2) return undefined
    const elementType = arithmeticType(node)
    return mapElements(arrays, (a, b) =>
      a && b ? computed(node, elementType, { operator, apply }, [a, b]) : null,
    )
  }

const wholeDivision: Fold = arithmetic('div', (numbers, a, b) => numbers.divide(a, b))
const floatDivision: Fold = arithmetic('fdiv', (_, a, b) => exactQuotient(a, b))

export const division: Fold = (node, arrays) =>
  (isWholeType(input(node, 0).elementType) ? wholeDivision : floatDivision)(node, arrays)

/** The rest has the sign of the divisor, or with fmod that of the dividend. */
const rest = (a: number, b: number, isOfDividend: boolean): number => {
  const ofDividend = a % b
  const hasOtherSign = ofDividend !== 0 && ofDividend < 0 !== b < 0
  return hasOtherSign && !isOfDividend ? ofDividend + b : ofDividend + 0
}

export const modulo: Fold = (node, arrays) => {
  if (!isWholeType(input(node, 0).elementType) || arrays.length !== 2) return undefined
  const { numbers } = node
  return mapElements(arrays, (a, b) => {
    if (!a || !b) return null
    if (typeof a.constant === 'number' && typeof b.constant === 'number' && b.constant !== 0)
      return constantPolynomial(rest(a.constant, b.constant, flag(node, 'fmod')))
    const quotient = exactQuotient(a, b)
    if (quotient && numbers.isWholeNumber(quotient)) return zero
    return numbers.opaque(flag(node, 'fmod') ? 'fmod' : 'mod', [a, b], { whole: true })
  })
}

export const rounding =
  (operator: string, round: (value: Coefficient) => Coefficient): Fold =>
  ({ numbers }, [array]) =>
    array &&
    mapElements([array], (element) => {
      if (!element || numbers.isWholeNumber(element)) return element
      if (element.constant !== undefined) return constantPolynomial(round(element.constant))
      return numbers.opaque(operator, [element], { whole: true })
    })

export const ceiling = (value: Coefficient): Coefficient => times(floor(times(value, -1)), -1)

const truncation = rounding('trunc', truncate)

const bothTypes: ReadonlySet<number> = new Set([
  elementTypes.float32,
  elementTypes.int32,
  elementTypes.int64,
  elementTypes.float64,
  elementTypes.uint32,
  elementTypes.uint64,
])

/** Only lengths are sure to fit into 32 bits. */
const fitsCast = (numbers: Numbers, value: Polynomial, to: number): boolean =>
  fitsWhole(numbers, value, to) &&
  (value.constant !== undefined || to === elementTypes.int64 || numbers.isCount(value))

/** Casts between whole and floating numbers. */
export const castTo = (
  node: RuleNode,
  array: SymbolicArray,
  to: number | undefined,
): SymbolicArray | undefined => {
  const from = input(node, 0).elementType
  if (to === undefined || !bothTypes.has(to) || from === undefined) return undefined
  const isWholeTarget = !isFloat(to)
  const comesWhole = isWholeType(from) || from === elementTypes.bool
  const result = isWholeTarget && !comesWhole ? truncation(node, [array]) : array
  const fits = (element: Element): boolean =>
    element === null ||
    (isWholeTarget
      ? fitsCast(node.numbers, element, to)
      : to === elementTypes.float64 || fitsFloat(node.numbers, element))
  return result?.elements.every(fits) ? result : undefined
}

/** All elements, or a vector along its only axis. */
export const reduction =
  (operator: string, apply: Operation, first: Polynomial): Fold =>
  (node, [array, axes]) => {
    if (!array) return undefined
    const elementType = arithmeticType(node)
    const hasAxes = hasAttribute(node, 'axes') || (axes !== undefined && axes.elements.length > 0)
    if (!hasAxes && flag(node, 'noop_with_empty_axes')) return array
    if (hasAxes && array.shape.length !== 1) return undefined
    const total = array.elements.reduce<Element>(
      (a, b) => (a && b ? computed(node, elementType, { operator, apply }, [a, b]) : null),
      first,
    )
    const keepsAxes = (intAttribute(node, 'keepdims') ?? 1) !== 0
    return { shape: keepsAxes ? array.shape.map(() => 1) : [], elements: [total] }
  }
