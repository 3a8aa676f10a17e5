import { MalformedMessage } from './malformed-message.ts'
import type { Dimension, OnnxType, OnnxValue, WholeNumber } from './model.ts'
import type { MessageReader, Span } from './protobuf.ts'

/** Types inside types (sequences of sequences) go no deeper in any real model. */
const maxDepth = 64

/** ValueInfoProto. */
export const readValue = (reader: MessageReader, { start, end }: Span): OnnxValue => {
  let name = ''
  let type: OnnxType = { kind: 'other' }
  for (const field of reader.fields(start, end)) {
    if (field.number === 1 && field.wire === 2) name = reader.text(field)
    if (field.number === 2 && field.wire === 2) type = readType(reader, field, 0)
  }
  return { name, type }
}

/** TypeProto: the last of its members counts. */
const readType = (reader: MessageReader, { start, end }: Span, depth: number): OnnxType => {
  if (depth > maxDepth)
    throw new MalformedMessage(`types lie more than ${maxDepth} deep in each other`, false)
  let type: OnnxType = { kind: 'other' }
  for (const field of reader.fields(start, end)) {
    if (field.wire !== 2) continue
    if (field.number === 1) type = readTensorType(reader, field)
    else if (field.number === 4) type = { kind: 'sequence', element: readElement(reader, field, depth + 1) }
    else if (field.number === 5) type = { kind: 'map' }
    else if (field.number === 7 || field.number === 8 || field.number === 9) type = { kind: 'other' }
  }
  return type
}

const readElement = (reader: MessageReader, { start, end }: Span, depth: number): OnnxType => {
  let element: OnnxType = { kind: 'other' }
  for (const field of reader.fields(start, end))
    if (field.number === 1 && field.wire === 2) element = readType(reader, field, depth)
  return element
}

/** TypeProto.Tensor. */
const readTensorType = (reader: MessageReader, { start, end }: Span): OnnxType => {
  let elementType = 0
  let shape: Dimension[] | undefined
  for (const field of reader.fields(start, end)) {
    if (field.number === 1 && field.wire === 0) elementType = field.value
    if (field.number === 2 && field.wire === 2) shape = readShape(reader, field)
  }
  return { kind: 'tensor', elementType, shape }
}

/** TensorShapeProto. */
const readShape = (reader: MessageReader, { start, end }: Span): Dimension[] => {
  const shape: Dimension[] = []
  for (const field of reader.fields(start, end))
    if (field.number === 1 && field.wire === 2) shape.push(readDimension(reader, field))
  return shape
}

/** A length and a name exclude each other: the last one counts. */
const readDimension = (reader: MessageReader, { start, end }: Span): Dimension => {
  let dimension: Dimension = { length: undefined, name: undefined }
  for (const field of reader.fields(start, end)) {
    if (field.number === 1 && field.wire === 0)
      dimension = { length: lengthOf(reader.whole(field)), name: undefined }
    if (field.number === 2 && field.wire === 2) dimension = { length: undefined, name: reader.text(field) }
  }
  return dimension
}

/** Runtimes take a length that is no count (0 or -1) for a free axis. */
const lengthOf = (value: WholeNumber): number | undefined => {
  if (typeof value === 'bigint') throw new MalformedMessage(`an axis has the length ${value}`, false)
  return value > 0 ? value : undefined
}
