import { MalformedMessage } from './malformed-message.ts'
import type { OnnxSparseTensor, OnnxTensor, TensorContent, WholeNumber } from './model.ts'
import type { Field, MessageReader, Span } from './protobuf.ts'

/** Tensors of shapes and scales have few elements; larger ones are weights. */
const maxReadElements = 1024

/** Eight bytes each, at most. */
const maxReadBytes = 8 * maxReadElements

/** What the walk of a TensorProto gathers: its content is read only when its shape is known. */
interface Found {
  name: string
  elementType: number
  isExternal: boolean
  /** raw_data, the last one counts. */
  raw: Field | undefined
  readonly dims: WholeNumber[]
  /** float_data, int32_data and so on, packed or not. */
  readonly typed: Field[]
}

/** Numbers of onnx.proto: float_data, int32_data, int64_data, double_data, uint64_data. */
const typedFields: ReadonlySet<number> = new Set([4, 5, 7, 10, 11])

/** Bytes of one element by the number of the typed field: 0 for varints. */
const fixedBytes: ReadonlyMap<number, number> = new Map([
  [4, 4],
  [10, 8],
])

/** Reads a TensorProto; its values only where there are few. */
export const readTensor = (reader: MessageReader, span: Span): OnnxTensor => {
  const found = walkTensor(reader, span)
  const dims = found.dims.map(lengthOf)
  return {
    name: found.name,
    dims,
    elementType: found.elementType,
    content:
      dims.reduce((product, dim) => product * dim, 1) <= maxReadElements
        ? contentOf(reader, found)
        : undefined,
  }
}

/** SparseTensorProto: named as its values are. */
export const readSparseTensor = (reader: MessageReader, span: Span): OnnxSparseTensor => {
  const dims: WholeNumber[] = []
  let values: Found | undefined
  for (const field of reader.fields(span.start, span.end)) {
    if (field.number === 1 && field.wire === 2) values = walkTensor(reader, field)
    if (field.number === 3) dims.push(...wholesOf(reader, field))
  }
  return { name: values?.name ?? '', dims: dims.map(lengthOf), elementType: values?.elementType ?? 0 }
}

/** The numbers of a repeated field of varints, packed or not. */
export const wholesOf = (reader: MessageReader, field: Field): WholeNumber[] =>
  field.wire === 2 ? reader.packedWholes(field) : [reader.whole(field)]

const lengthOf = (dim: WholeNumber): number => {
  if (typeof dim === 'number' && dim >= 0) return dim
  throw new MalformedMessage(`a tensor has an axis of length ${dim}`, false)
}

const walkTensor = (reader: MessageReader, { start, end }: Span): Found => {
  const found: Found = { name: '', elementType: 0, isExternal: false, raw: undefined, dims: [], typed: [] }
  for (const field of reader.fields(start, end)) gather(reader, field, found)
  return found
}

const gather = (reader: MessageReader, field: Field, found: Found): void => {
  if (field.number === 1) found.dims.push(...wholesOf(reader, field))
  else if (field.number === 2 && field.wire === 0) found.elementType = field.value
  else if (field.number === 8 && field.wire === 2) found.name = reader.text(field)
  else if (field.number === 9 && field.wire === 2) found.raw = field
  else if (field.number === 13 || (field.number === 14 && field.value === 1)) found.isExternal = true
  else if (typedFields.has(field.number) && found.typed.length <= maxReadElements) found.typed.push(field)
}

const contentOf = (reader: MessageReader, found: Found): TensorContent | undefined => {
  if (found.isExternal || found.elementType === 8) return undefined
  if (found.raw)
    return found.raw.end - found.raw.start <= maxReadBytes
      ? { kind: 'raw', bytes: reader.bytes(found.raw) }
      : undefined
  const bytes = found.typed.reduce((sum, { start, end }) => sum + end - start, 0)
  if (bytes > 2 * maxReadBytes) return undefined
  return { kind: 'numbers', numbers: found.typed.flatMap((field) => typedNumbers(reader, field)) }
}

const typedNumbers = (reader: MessageReader, field: Field): WholeNumber[] => {
  const width = fixedBytes.get(field.number)
  if (width === undefined) return wholesOf(reader, field)
  return floatsOf(reader, field, width)
}

/** IEEE numbers of 4 or 8 bytes, packed or single. */
export const floatsOf = (reader: MessageReader, field: Field, width: number): number[] => {
  const bytes = reader.bytes(field)
  if (bytes.length % width !== 0) throw new MalformedMessage('floating numbers break off', false)
  return Array.from({ length: bytes.length / width }, (_, index) =>
    width === 4 ? bytes.readFloatLE(4 * index) : bytes.readDoubleLE(8 * index),
  )
}
