/**
 * Outputs of an answer to an infer request, in JSON or with the binary tensor data extension: raw, little-endian and
 * row-major; elements of BYTES with their length in 4 bytes.
 */
import { isObject, jsonOutputs } from './json-outputs.ts'
import { type Output, type OutputKind, UnreadableAnswer } from './output.ts'

type Values = Value[]

interface Datatype {
  readonly kind: OutputKind
  /** Bytes of an element; 0 where each has its own length. */
  readonly bytes: number
  readonly read: (from: Buffer, at: number) => number | bigint
}

const single = new Float32Array(1)
const bits = new Uint32Array(single.buffer)

/** @param half 16 bits of IEEE 754 binary16 */
const fromHalf = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const mantissa = half & 0x3ff
  if (exponent === 0x1f) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}

/** @param upper the upper 16 bits of a float32 */
const fromBfloat = (upper: number): number => {
  bits[0] = upper << 16
  return single[0] as number
}

const whole = (bytes: number, read: (from: Buffer, at: number) => number | bigint): Datatype => ({
  ...{ kind: 'whole', bytes },
  read: (from, at) => BigInt(read(from, at)),
})
const float = (bytes: number, read: Datatype['read']): Datatype => ({ kind: 'float', bytes, read })

const datatypes: ReadonlyMap<unknown, Datatype> = new Map(
  Object.entries({
    BOOL: whole(1, (from, at) => from.readUInt8(at)),
    UINT8: whole(1, (from, at) => from.readUInt8(at)),
    UINT16: whole(2, (from, at) => from.readUInt16LE(at)),
    UINT32: whole(4, (from, at) => from.readUInt32LE(at)),
    UINT64: whole(8, (from, at) => from.readBigUInt64LE(at)),
    INT8: whole(1, (from, at) => from.readInt8(at)),
    INT16: whole(2, (from, at) => from.readInt16LE(at)),
    INT32: whole(4, (from, at) => from.readInt32LE(at)),
    INT64: whole(8, (from, at) => from.readBigInt64LE(at)),
    FP16: float(2, (from, at) => fromHalf(from.readUInt16LE(at))),
    BF16: float(2, (from, at) => fromBfloat(from.readUInt16LE(at))),
    FP32: float(4, (from, at) => from.readFloatLE(at)),
    FP64: float(8, (from, at) => from.readDoubleLE(at)),
    BYTES: { kind: 'text', bytes: 0, read: () => 0 } as Datatype,
  }),
)

const lengthPrefix = 4

const textsIn = (raw: Buffer, name: string): Values => {
  const found: Values = []
  let at = 0
  while (at < raw.length) {
    const end =
      at + lengthPrefix <= raw.length ? at + lengthPrefix + raw.readUInt32LE(at) : Number.POSITIVE_INFINITY
    if (end > raw.length) throw new UnreadableAnswer(`elements of ${name} are cut off`)
    // Bytes that are no text stay apart as they are.
    found.push(raw.toString('latin1', at + lengthPrefix, end))
    at = end
  }
  return found
}

const binaryValues = (raw: Buffer, { kind, bytes, read }: Datatype, name: string): Values => {
  if (kind === 'text') return textsIn(raw, name)
  if (raw.length % bytes !== 0) throw new UnreadableAnswer(`${name} has ${raw.length} bytes`)
  return Array.from({ length: raw.length / bytes }, (_, at) => read(raw, at * bytes))
}

type Value = number | bigint | string

/** Values of JSON by the kind of their tensor; undefined for what is none of it. */
const jsonValues: Readonly<Record<OutputKind, (value: unknown) => Value | undefined>> = {
  text: (value) => (typeof value === 'string' ? Buffer.from(value).toString('latin1') : undefined),
  float: (value) => {
    if (value === null) return Number.NaN
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
  },
  whole: (value) => {
    if (typeof value === 'boolean') return value ? 1n : 0n
    return typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value as number) : undefined
  },
}

const valuesInJson = (data: unknown, shape: readonly number[], kind: OutputKind, name: string): Values => {
  if (!Array.isArray(data)) throw new UnreadableAnswer(`${name} has no data`)
  return data.flat(shape.length).map((one) => {
    const value = jsonValues[kind](one)
    if (value !== undefined) return value
    throw new UnreadableAnswer(`${name} has a value that is not of its datatype`)
  })
}

const isShape = (shape: unknown): shape is readonly number[] =>
  Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && length >= 0)

/** Results of tasks that have no fixed shape: one text of JSON, whose scores are numbers and no text. */
const jsonTexts: ReadonlySet<string> = new Set(['entities', 'answers', 'fillings'])

const taskOutputs = ({ name, values }: Output): readonly Output[] | undefined => {
  if (!jsonTexts.has(name)) return undefined
  try {
    return Array.from(values).flatMap((text, at) =>
      jsonOutputs(JSON.parse(Buffer.from(String(text), 'latin1').toString()), {
        ...{ name: `${name}[${at}]`, member: name },
      }),
    )
  } catch {
    return undefined
  }
}

interface Declared {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly data: unknown
  readonly parameters: unknown
}

const declaredBy = (given: unknown): Declared => {
  const { name, datatype, shape, data, parameters } = isObject(given) ? given : {}
  const known = datatypes.get(datatype)
  if (typeof name !== 'string' || !known || !isShape(shape))
    throw new UnreadableAnswer('an output has no name, datatype or shape')
  return { name, datatype: known, shape, data, parameters }
}

/** @param binary what follows the JSON @throws UnreadableAnswer */
export const tensorOutputs = (answer: unknown, binary: Buffer): readonly Output[] => {
  const list = isObject(answer) ? answer['outputs'] : undefined
  if (!Array.isArray(list)) throw new UnreadableAnswer('the answer has no list outputs')
  let at = 0
  const raw = (size: number, name: string): Buffer => {
    if (!Number.isSafeInteger(size) || size < 0 || size > binary.length - at)
      throw new UnreadableAnswer(`the binary data of ${name} are cut off`)
    at += size
    return binary.subarray(at - size, at)
  }
  const valuesOf = ({ name, datatype, shape, data, parameters }: Declared): Values => {
    const size = isObject(parameters) ? parameters['binary_data_size'] : undefined
    return typeof size === 'number'
      ? binaryValues(raw(size, name), datatype, name)
      : valuesInJson(data, shape, datatype.kind, name)
  }
  const outputOf = (given: unknown): readonly Output[] => {
    const declared = declaredBy(given)
    const { name, shape, datatype } = declared
    const values = valuesOf(declared)
    const count = shape.reduce((product, length) => product * length, 1)
    if (values.length !== count)
      throw new UnreadableAnswer(`${name} has ${values.length} values, not ${count}`)
    const output: Output = { name, kind: datatype.kind, shape, values }
    return taskOutputs(output) ?? [output]
  }
  return list.flatMap(outputOf)
}
