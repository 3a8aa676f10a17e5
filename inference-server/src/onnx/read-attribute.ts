import type { AttributeValue, OnnxAttribute, OnnxGraph, OnnxTensor, WholeNumber } from './model.ts'
import type { Field, MessageReader, Span } from './protobuf.ts'
import { floatsOf, readTensor, wholesOf } from './read-tensor.ts'

/**
 * A list beyond this is left unread: the nodes of large tree ensembles have lists of many MiB, one field a number.
 * The n-grams of a large vocabulary have less.
 */
const maxListBytes = 4 * 1024 * 1024

/** The nodes and leaves of tree ensembles, which decide nothing but numbers: a forest has millions. */
const treeList = /^(nodes|class|target|leaf)_/

/** Texts and packed lists of more than 64 KiB are no options of operators that have a rule. */
const maxTextBytes = 64 * 1024

/** What the walk of an AttributeProto gathers. */
interface Found {
  name: string
  reference: string
  /** AttributeProto.AttributeType; 0 in files of the first IR version. */
  type: number
  isUnread: boolean
  int: WholeNumber
  float: number
  string: Buffer
  tensor: OnnxTensor | undefined
  graph: OnnxGraph | undefined
  readonly ints: WholeNumber[]
  readonly floats: number[]
  readonly strings: Buffer[]
  readonly graphs: OnnxGraph[]
}

/** @param readGraph reads a graph inside the attribute */
export const readAttribute = (
  reader: MessageReader,
  span: Span,
  readGraph: (span: Span) => OnnxGraph,
): OnnxAttribute => {
  const found: Found = {
    name: '',
    reference: '',
    type: 0,
    isUnread: false,
    int: 0,
    float: 0,
    string: Buffer.alloc(0),
    tensor: undefined,
    graph: undefined,
    ints: [],
    floats: [],
    strings: [],
    graphs: [],
  }
  for (const field of reader.fields(span.start, span.end)) {
    if (found.name !== '' && isList(field) && (isLong(span) || treeList.test(found.name)))
      return { kind: 'unread', name: found.name }
    gather(reader, field, found, readGraph)
  }
  return { ...attributeValue(found), name: found.name }
}

const isList = ({ number }: Field): boolean => number >= 7 && number <= 9

const isLong = ({ start, end }: Span): boolean => end - start > maxListBytes

const gather = (
  reader: MessageReader,
  field: Field,
  found: Found,
  readGraph: (span: Span) => OnnxGraph,
): void => {
  if (field.wire !== 2) gatherNumber(reader, field, found)
  else if (field.number === 6) found.graph = readGraph(field)
  else if (field.number === 11) found.graphs.push(readGraph(field))
  else if (field.number === 5) found.tensor = readTensor(reader, field)
  else if (field.number === 8) for (const value of wholesOf(reader, field)) found.ints.push(value)
  else if (field.end - field.start > maxTextBytes) found.isUnread = true
  else gatherText(reader, field, found)
}

const gatherText = (reader: MessageReader, field: Field, found: Found): void => {
  if (field.number === 1) found.name = reader.text(field)
  else if (field.number === 4) found.string = reader.bytes(field)
  else if (field.number === 7) found.floats.push(...floatsOf(reader, field, 4))
  else if (field.number === 9) found.strings.push(reader.bytes(field))
  else if (field.number === 21) found.reference = reader.text(field)
}

const gatherNumber = (reader: MessageReader, field: Field, found: Found): void => {
  if (field.number === 20) found.type = field.value
  else if (field.number === 3) found.int = reader.whole(field)
  else if (field.number === 8) found.ints.push(reader.whole(field))
  else if (field.number === 2 && field.wire === 5) found.float = floatsOf(reader, field, 4)[0] ?? 0
  else if (field.number === 7 && field.wire === 5) found.floats.push(...floatsOf(reader, field, 4))
}

const attributeValue = (found: Found): AttributeValue => {
  if (found.reference !== '') return { kind: 'reference', value: found.reference }
  if (found.isUnread) return { kind: 'unread' }
  switch (found.type) {
    case 1:
      return { kind: 'float', value: found.float }
    case 2:
      return { kind: 'int', value: found.int }
    case 3:
      return { kind: 'string', value: found.string }
    case 4:
      return found.tensor ? { kind: 'tensor', value: found.tensor } : { kind: 'unread' }
    case 5:
      return found.graph ? { kind: 'graph', value: found.graph } : { kind: 'unread' }
    case 6:
      return { kind: 'floats', value: found.floats }
    case 7:
      return { kind: 'ints', value: found.ints }
    case 8:
      return { kind: 'strings', value: found.strings }
    case 10:
      return { kind: 'graphs', value: found.graphs }
    default:
      return { kind: 'unread' }
  }
}
