/** Elements of a tensor as JSON values, both ways. */
import { Failure } from '../failures/errors.ts'
import { numberOfWord } from '../json/json-words.ts'
import { fromHalf, toHalf } from './half.ts'
import {
  allocate,
  type BytesElement,
  type Datatype,
  type NumericData,
  type NumericDatatype,
  type Tensor,
  textsOf,
} from './tensor.ts'

/** Integers beyond 2^53 were rounded while the JSON was parsed; parse again with `parseLossless`. */
export class PrecisionLost extends Error {
  override readonly name = 'PrecisionLost'
}

const bounds: Readonly<Partial<Record<Datatype, readonly [number, number]>>> = {
  UINT8: [0, 255],
  UINT16: [0, 65_535],
  UINT32: [0, 4_294_967_295],
  INT8: [-128, 127],
  INT16: [-32_768, 32_767],
  INT32: [-2_147_483_648, 2_147_483_647],
}
const bigBounds: Readonly<Partial<Record<Datatype, readonly [bigint, bigint]>>> = {
  UINT64: [0n, 2n ** 64n - 1n],
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'a string'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'bigint') return 'a large integer'
  return `${String(value)}`
}

export const wrongElement = (name: string, datatype: Datatype, index: number, value: unknown): Failure =>
  new Failure(
    'invalid',
    `element ${index} of input "${name}" is ${kindOf(value)}, which is no ${datatype}; send values that ${datatype} can hold`,
    { field: name },
  )

type Convert = (value: unknown) => number | bigint | undefined

const wideInteger = (value: unknown, [least, most]: readonly [bigint, bigint]): bigint | undefined => {
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return undefined
    if (!Number.isSafeInteger(value)) throw new PrecisionLost()
  } else if (typeof value !== 'bigint') return undefined
  const integer = BigInt(value)
  return integer >= least && integer <= most ? integer : undefined
}

const halfOfWord = (value: unknown): number | undefined => {
  const number = numberOfWord(value)
  return number === undefined ? undefined : toHalf(number)
}

/** One converter per datatype; undefined means that the value does not fit. */
const converterOf = (datatype: NumericDatatype): Convert => {
  switch (datatype) {
    case 'BOOL':
      return (value) => (value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : undefined)
    case 'INT64':
    case 'UINT64':
      return (value) => wideInteger(value, bigBounds[datatype] as readonly [bigint, bigint])
    case 'FP16':
      return (value) => {
        if (typeof value === 'bigint') return toHalf(Number(value))
        if (typeof value !== 'number') return halfOfWord(value)
        const half = toHalf(value)
        return (half & 0x7c00) === 0x7c00 ? undefined : half
      }
    case 'FP32':
      return (value) => {
        if (typeof value !== 'number') return typeof value === 'bigint' ? Number(value) : numberOfWord(value)
        return Number.isFinite(Math.fround(value)) ? value : undefined
      }
    case 'FP64':
      return (value) => {
        if (typeof value !== 'number') return typeof value === 'bigint' ? Number(value) : numberOfWord(value)
        return Number.isFinite(value) ? value : undefined
      }
    default: {
      const [least, most] = bounds[datatype] as readonly [number, number]
      return (value) =>
        typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
          ? value
          : undefined
    }
  }
}
const converters = new Map<NumericDatatype, Convert>()
const converterFor = (datatype: NumericDatatype): Convert => {
  let convert = converters.get(datatype)
  if (!convert) {
    convert = converterOf(datatype)
    converters.set(datatype, convert)
  }
  return convert
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

const wrongLength = (name: string, shape: readonly number[], found: string): Failure =>
  new Failure(
    'invalid',
    `input "${name}" has shape ${shapeText(shape)} but ${found}; make shape and data agree`,
    {
      field: name,
    },
  )

/** Nested lists must be as long on every level as the shape says; the protocol allows them next to flat ones. */
const flatten = (name: string, shape: readonly number[], data: readonly unknown[]): readonly unknown[] => {
  const flat: unknown[] = []
  const walk = (list: readonly unknown[], axis: number): void => {
    if (list.length !== shape[axis]) {
      throw wrongLength(name, shape, `its data has ${list.length} elements on axis ${axis}`)
    }
    for (const item of list) {
      if (axis === shape.length - 1) flat.push(item)
      else if (Array.isArray(item)) walk(item, axis + 1)
      else throw wrongLength(name, shape, `its data has ${kindOf(item)} on axis ${axis}`)
    }
  }
  walk(data, 0)
  return flat
}

const elements = (
  name: string,
  shape: readonly number[],
  count: number,
  data: unknown,
): readonly unknown[] => {
  if (!Array.isArray(data)) {
    throw new Failure('invalid', `data of input "${name}" is ${kindOf(data)}; send a list`, { field: name })
  }
  const flat = shape.length > 1 && Array.isArray(data[0]) ? flatten(name, shape, data) : data
  if (flat.length !== count) throw wrongLength(name, shape, `${flat.length} elements`)
  return flat
}

/**
 * @param data as parsed from JSON: a flat or a nested list in row-major order
 * @param count number of elements that `shape` asks for
 * @throws Failure invalid, naming the input
 * @throws PrecisionLost where a 64-bit integer needs `parseLossless`
 */
export const tensorFromJson = (
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  count: number,
  data: unknown,
): Tensor => {
  const values = elements(name, shape, count, data)
  if (datatype === 'BYTES') {
    const wrong = values.findIndex((value) => typeof value !== 'string')
    if (wrong >= 0) throw wrongElement(name, datatype, wrong, values[wrong])
    return { dtype: datatype, shape, data: values as readonly BytesElement[] }
  }
  const convert = converterFor(datatype)
  const converted = allocate(datatype, count)
  for (let index = 0; index < count; index++) {
    const value = convert(values[index])
    if (value === undefined) throw wrongElement(name, datatype, index, values[index])
    converted[index] = value
  }
  return { dtype: datatype, shape, data: converted }
}

/** JSON.parse that keeps every integer: those beyond 2^53 become bigint. Slower, so only where one was seen. */
export const parseLossless = (text: string): unknown => {
  const keep = (_key: string, value: unknown, { source = '' }: { readonly source?: string }): unknown => {
    if (typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value)) return value
    return BigInt(/^-?\d+$/.test(source) ? source : value)
  }
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown)
}

/**
 * Writes a list of numbers as JSON.stringify does, with null for NaN and infinity, which JSON does not have. It takes less than half
 * the time of `join`, which makes a text of each number first; measured on Node 24.
 */
const numbers = (data: ArrayLike<number>): string => {
  const list = new Array<number>(data.length)
  for (let index = 0; index < data.length; index++) list[index] = data[index] as number
  return JSON.stringify(list)
}

const texts = (tensor: Tensor): string => {
  try {
    return textsOf(tensor)
      .map((text) => JSON.stringify(text))
      .join(',')
  } catch (cause) {
    throw new Failure('inference-failed', 'an output is not text; ask for it with binary_data', { cause })
  }
}

/** @returns the elements as a flat JSON list, without spaces */
export const dataToJson = (tensor: Tensor): string => {
  const { dtype, data } = tensor
  switch (dtype) {
    case 'BYTES':
      return `[${texts(tensor)}]`
    case 'BOOL':
      return `[${Array.from(data as Uint8Array, (value) => (value ? 'true' : 'false')).join(',')}]`
    case 'FP16':
      return numbers(Float64Array.from(data as Uint16Array, fromHalf))
    case 'INT64':
    case 'UINT64':
      return `[${(data as BigInt64Array).join(',')}]`
    default:
      return numbers(data as Exclude<NumericData, BigInt64Array | BigUint64Array>)
  }
}
