/**
 * Numbers of a JSON list, from its bytes straight into a typed array, without a text, lists and number objects in between.
 * It reads what clients usually write; JSON.parse judges anything unusual or wrong.
 */
import { wordNumbers } from '../json/json-words.ts'
import { allocate, elementCount, type NumericData, type NumericDatatype } from '../tensors/tensor.ts'

const [minus, plus, point, comma, zero] = [0x2d, 0x2b, 0x2e, 0x2c, 0x30] as const
const [open, close, lowerE] = [0x5b, 0x5d, 0x65] as const

/** Most digits of one number; the error of what is read grows with each. */
const mostDigits = 40
/** Enough for all digits of the smallest float32. */
const tens = Float64Array.from({ length: 65 }, (_, power) => Number(`1e${power}`))
/** Powers of ten up to this one are float64 without rounding. */
const largestExactTen = 22
/** More than the part by which a value may be off: two roundings of 2^-53 for each digit, and two for the power of ten. */
const error = 2 ** -44

const isDigit = (byte: number): boolean => byte >= zero && byte < zero + 10
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

const pastSpace = (list: Buffer, from: number): number => {
  let at = from
  while (isSpace(list[at])) at += 1
  return at
}

/** JSON knows neither leading zeros nor a point without digits on both sides. @param fraction where it starts, 0 without one */
const isDecimal = (list: Buffer, whole: number, fraction: number, end: number): boolean => {
  const wholeEnd = fraction === 0 ? end : fraction - 1
  const digits = wholeEnd - whole
  return (digits === 1 || (digits > 1 && list[whole] !== zero)) && end > fraction && end - whole <= mostDigits
}

/**
 * @param mantissa digits without their point; exact up to 2^53
 * @param power of ten that it is to be divided by
 * @returns the float64 nearest to the number, or for `singles` one that rounds to the same float32; NaN where that is not sure
 */
const nearestFloat = (mantissa: number, power: number, singles: boolean): number => {
  const size = Math.abs(power)
  const ten = tens[size] ?? Number.NaN
  const value = power < 0 ? mantissa * ten : mantissa / ten
  if (mantissa <= Number.MAX_SAFE_INTEGER && size <= largestExactTen) return value
  // The true value is within the error; where all of that rounds to one float32, that is the one.
  const sure = singles && Math.fround(value * (1 - error)) === Math.fround(value * (1 + error))
  return sure ? value : Number.NaN
}

interface Reading {
  /** JSON from `[` to `]`: since that is no digit, there is always a byte to look at. */
  readonly list: Buffer
  /** What is read goes here; infinity is nothing that was sent, unless by its name. */
  readonly values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>
}

/**
 * The readers below start at a byte of the list, and return where they stop; -1 where something else is there than they
 * look for. The bytes go by in local variables: in a closure's they take twice the time.
 */
const nowhere = -1

/** Digits behind an e, with or without a sign. */
const exponentEnd = (list: Buffer, start: number): number => {
  const first = list[start] === minus || list[start] === plus ? start + 1 : start
  let at = first
  while (isDigit(list[at] as number)) at += 1
  return at > first ? at : nowhere
}
const exponent = (list: Buffer, start: number, end: number): number => {
  let value = 0
  for (let at = isDigit(list[start] as number) ? start : start + 1; at < end; at++)
    value = value * 10 + (list[at] as number) - zero
  return list[start] === minus ? -value : value
}

/** Puts a number in its place that is written as most are. */
const decimal = ({ list, values }: Reading, start: number, index: number): number => {
  const negative = list[start] === minus
  const whole = negative ? start + 1 : start
  let at = whole
  let mantissa = 0
  let fraction = 0
  let byte = list[at] as number
  for (; ; byte = list[at] as number) {
    if (isDigit(byte)) mantissa = mantissa * 10 + (byte - zero)
    else if (byte === point && fraction === 0) fraction = at + 1
    else break
    at += 1
  }
  if (!isDecimal(list, whole, fraction, at)) return nowhere
  let power = fraction === 0 ? 0 : at - fraction
  if ((byte | 0x20) === lowerE) {
    const start = at + 1
    at = exponentEnd(list, start)
    if (at === nowhere) return nowhere
    power -= exponent(list, start, at)
  }
  const value = nearestFloat(mantissa, power, values instanceof Float32Array)
  values[index] = negative ? -value : value
  return Number.isFinite(values[index]) ? at : nowhere
}

/** The same for any number, and for what stands for one among floating numbers. */
const unusual = ({ list, values }: Reading, start: number, index: number): number => {
  let end = start
  while (!isSpace(list[end]) && list[end] !== comma && list[end] !== close) end += 1
  try {
    const text = list.toString('latin1', start, end)
    const word = wordNumbers.get(text)
    if (word !== undefined) {
      values[index] = word
      return values instanceof Float32Array ? end : nowhere
    }
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'number') return nowhere
    values[index] = value
    return Number.isFinite(values[index]) ? end : nowhere
  } catch {
    return nowhere
  }
}

/** `byte`, and the space before it. */
const past = (byte: number, list: Buffer, start: number): number => {
  if (start === nowhere) return nowhere
  const at = list[start] === byte ? start : pastSpace(list, start)
  return list[at] === byte ? at + 1 : nowhere
}

/** The elements `from` (inclusive) to `to` (exclusive), and the `]` behind them. */
const row = (reading: Reading, start: number, from: number, to: number): number => {
  const { list } = reading
  let at = start
  for (let index = from; index < to; index++) {
    const first = pastSpace(list, at)
    const behind = index + 1 < to ? comma : close
    at = past(behind, list, decimal(reading, first, index))
    if (at === nowhere) at = past(behind, list, unusual(reading, first, index))
    if (at === nowhere) return nowhere
  }
  return at
}

/** Lists in lists, as long on every level as the shape says. */
const nested = (reading: Reading, shape: readonly number[]): number => {
  const { list } = reading
  let done = 0
  const walk = (start: number, axis: number): number => {
    let at = past(open, list, start)
    if (at === nowhere) return nowhere
    const length = shape[axis] as number
    if (axis === shape.length - 1) {
      done += length
      return row(reading, at, done - length, done)
    }
    for (let item = 1; item <= length && at !== nowhere; item++) {
      at = past(item < length ? comma : close, list, walk(at, axis + 1))
    }
    return at
  }
  return walk(0, 0)
}

/** What does not fit comes out as another number than went in. */
const integersOf = (datatype: NumericDatatype, values: Float64Array): NumericData | undefined => {
  const data = allocate(datatype, values.length) as Int32Array<ArrayBuffer>
  for (let index = 0; index < values.length; index++) {
    data[index] = values[index] as number
    if (data[index] !== values[index]) return undefined
  }
  return data
}

/** Two words each, since a bigint for each element would be an object for each. */
const wideIntegersOf = (datatype: 'INT64' | 'UINT64', values: Float64Array): NumericData | undefined => {
  const data = allocate(datatype, values.length)
  const words = new Int32Array(data.buffer)
  const least = datatype === 'INT64' ? Number.MIN_SAFE_INTEGER : 0
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    if (!Number.isSafeInteger(value) || value < least) return undefined
    words[2 * index] = value
    words[2 * index + 1] = Math.floor(value / 2 ** 32)
  }
  return data
}

/**
 * @param shape what the list should have, with at least one element
 * @param list JSON from `[` to `]`, flat or nested, row-major
 * @returns the elements; undefined where JSON.parse has to look, or would be as fast
 */
export const numbersOf = (
  datatype: NumericDatatype,
  shape: readonly number[],
  list: Buffer,
): NumericData | undefined => {
  // Words, roundings and precision of their own.
  if (datatype === 'BOOL' || datatype === 'FP16' || datatype === 'FP64') return undefined
  const count = elementCount(shape)
  // No list of so few bytes has so many elements.
  if (count === 0 || 2 * count > list.length) return undefined
  const values = datatype === 'FP32' ? new Float32Array(count) : new Float64Array(count)
  const reading = { list, values }
  const isNested = shape.length > 1 && list[pastSpace(list, 1)] === open
  const end = isNested ? nested(reading, shape) : row(reading, 1, 0, count)
  if (end !== list.length) return undefined
  if (values instanceof Float32Array) return values
  return datatype === 'INT64' || datatype === 'UINT64'
    ? wideIntegersOf(datatype, values)
    : integersOf(datatype, values)
}
