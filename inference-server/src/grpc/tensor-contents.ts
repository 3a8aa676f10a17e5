/**
 * InferTensorContents, read from the wire into the memory of tensors. Its elements are counted before any memory is taken:
 * one byte of a message becomes eight of an INT64 tensor.
 */
import type { MessageBounds } from './message-bounds.ts'
import type { TensorContents } from './messages.ts'
import {
  type Halves,
  malformed,
  readBytes,
  readHalves,
  readLength,
  readTag,
  readVarint,
  type Span,
  skip,
  wires,
} from './wire.ts'

type Numbers =
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

/** A field of numbers, packed or each with a tag of its own, as the wire format allows. */
interface NumberField {
  readonly name: Exclude<keyof TensorContents, 'bytes_contents'>
  readonly wire: 0 | 1 | 5
  readonly elementBytes: 1 | 4 | 8
  readonly of: (memory: ArrayBuffer) => Numbers
}

const numberFields: readonly (NumberField | undefined)[] = [
  undefined,
  { name: 'bool_contents', wire: 0, elementBytes: 1, of: (memory) => new Uint8Array(memory) },
  { name: 'int_contents', wire: 0, elementBytes: 4, of: (memory) => new Int32Array(memory) },
  { name: 'int64_contents', wire: 0, elementBytes: 8, of: (memory) => new BigInt64Array(memory) },
  { name: 'uint_contents', wire: 0, elementBytes: 4, of: (memory) => new Uint32Array(memory) },
  { name: 'uint64_contents', wire: 0, elementBytes: 8, of: (memory) => new BigUint64Array(memory) },
  { name: 'fp32_contents', wire: 5, elementBytes: 4, of: (memory) => new Float32Array(memory) },
  { name: 'fp64_contents', wire: 1, elementBytes: 8, of: (memory) => new Float64Array(memory) },
]
const bytesField = 8

/** Counts varints: each ends with its only byte below 128. */
const countVarints = ({ bytes }: Span, start: number, end: number): number => {
  if (start < end && (bytes[end - 1] as number) >= 128) throw malformed('a number in it has no end')
  let count = 0
  for (let at = start; at < end; at++) if ((bytes[at] as number) < 128) count += 1
  return count
}

const countPacked = (span: Span, { wire, elementBytes }: NumberField): number => {
  const end = readLength(span)
  const length = end - span.at
  if (wire !== wires.varint && length % elementBytes !== 0)
    throw malformed('a packed field in it ends in the middle of a number')
  const count = wire === wires.varint ? countVarints(span, span.at, end) : length / elementBytes
  span.at = end
  return count
}

/** A list of numbers that is being filled. */
interface Filling {
  readonly field: NumberField
  readonly memory: ArrayBuffer
  /** Elements that are there. */
  length: number
}

/** @returns how many elements each field has @throws Failure malformed, too-large */
const count = (contents: Span, bounds: MessageBounds): readonly number[] => {
  const span = { ...contents }
  const counts = numberFields.map(() => 0)
  while (span.at < span.end) {
    const tag = readTag(span)
    const wire = tag & 7
    const number = tag >>> 3
    const field = numberFields[number]
    bounds.field()
    if (field && wire === wires.length) counts[number] = (counts[number] as number) + countPacked(span, field)
    else {
      if (field?.wire === wire) counts[number] = (counts[number] as number) + 1
      skip(span, wire)
    }
  }
  return counts
}

const halves: Halves = { low: 0, high: 0 }

/** Varints up to `end`, each into the next element. @returns how many elements there are then */
const fillWide = (span: Span, end: number, words: Uint32Array, from: number): number => {
  const { bytes } = span
  let place = from
  while (span.at < end) {
    const first = bytes[span.at] as number
    if (first < 128) {
      words[place * 2] = first
      span.at += 1
    } else {
      readHalves(span, halves)
      words[place * 2] = halves.low
      words[place * 2 + 1] = halves.high
    }
    place += 1
  }
  return place
}

const fillNarrow = (span: Span, end: number, elements: Uint32Array, from: number): number => {
  const { bytes } = span
  let place = from
  while (span.at < end) {
    const first = bytes[span.at] as number
    if (first < 128) {
      elements[place] = first
      span.at += 1
    } else {
      readHalves(span, halves)
      elements[place] = halves.low
    }
    place += 1
  }
  return place
}

const fillBools = (span: Span, end: number, elements: Uint8Array, from: number): number => {
  let place = from
  while (span.at < end) {
    elements[place] = readVarint(span) === 0 ? 0 : 1
    place += 1
  }
  return place
}

const fillVarints = (span: Span, end: number, { field, memory, length }: Filling): number => {
  switch (field.elementBytes) {
    case 8:
      return fillWide(span, end, new Uint32Array(memory), length)
    case 4:
      return fillNarrow(span, end, new Uint32Array(memory), length)
    case 1:
      return fillBools(span, end, new Uint8Array(memory), length)
  }
}

const fillPacked = (span: Span, end: number, filling: Filling): void => {
  const { field, memory, length } = filling
  if (field.wire === wires.varint) {
    filling.length = fillVarints(span, end, filling)
    return
  }
  new Uint8Array(memory).set(span.bytes.subarray(span.at, end), length * field.elementBytes)
  filling.length += (end - span.at) / field.elementBytes
  span.at = end
}

const endOf = (span: Span, { wire, elementBytes }: NumberField): number => {
  if (wire !== wires.varint) return span.at + elementBytes
  const { at } = span
  readVarint(span)
  const end = span.at
  span.at = at
  return end
}

/** @throws Failure malformed, too-large */
export const readContents = (span: Span, bounds: MessageBounds): TensorContents => {
  const fillings = count(span, bounds).map((elements, number): Filling | undefined => {
    const field = numberFields[number]
    if (!field || elements === 0) return undefined
    bounds.take(elements * field.elementBytes, field.name)
    return { field, memory: new ArrayBuffer(elements * field.elementBytes), length: 0 }
  })
  const texts: Buffer[] = []
  while (span.at < span.end) {
    const tag = readTag(span)
    const wire = tag & 7
    const filling = fillings[tag >>> 3]
    if (filling && wire === wires.length) fillPacked(span, readLength(span), filling)
    else if (filling?.field.wire === wire) fillPacked(span, endOf(span, filling.field), filling)
    else if (tag >>> 3 === bytesField && wire === wires.length) {
      bounds.text()
      texts.push(readBytes(span))
    } else skip(span, wire)
  }
  const lists = fillings.flatMap((filling) =>
    filling ? [[filling.field.name, filling.field.of(filling.memory)] as const] : [],
  )
  return { ...Object.fromEntries(lists), ...(texts.length > 0 && { bytes_contents: texts }) }
}
