/** Reads the nodes of a model file one by one, in constant memory. */
import type { Field, MessageReader, Span } from './protobuf.ts'

export interface NodeSpan extends Span {
  readonly operator: string
  readonly domain: string
}

/** Fields of the messages in onnx.proto. */
const inModel = { graph: 7, functions: 25 } as const
const inFunction = { name: 1, node: 7, domain: 10 } as const
const inNode = { operator: 4, attribute: 5, domain: 7 } as const
const inAttribute = { integer: 3, graph: 6, integers: 8, graphs: 11 } as const
const nodeInGraph = 1

/** Text of the first field with this number, '' where there is none. */
export const textIn = (reader: MessageReader, span: Span, number: number): string => {
  for (const field of messagesIn(reader, span, number)) return reader.text(field)
  return ''
}

/** The submessages with this number. */
export const messagesIn = function* (reader: MessageReader, span: Span, number: number): Generator<Field> {
  for (const field of reader.fields(span.start, span.end, (one) => one === number))
    if (field.number === number && field.wire === 2) yield field
}

/** The model's own graph. */
export const graphOf = (reader: MessageReader, size: number): Field | undefined =>
  messagesIn(reader, { start: 0, end: size }, inModel.graph).next().value ?? undefined

/** Names of the operators that the model defines itself, by domain. */
export const functionsOf = (reader: MessageReader, size: number): ReadonlySet<string> => {
  const functions = [...messagesIn(reader, { start: 0, end: size }, inModel.functions)]
  return new Set(functions.map((one) => functionKey(readFunction(reader, one))))
}

export const functionKey = ({ domain, operator }: Pick<NodeSpan, 'domain' | 'operator'>): string =>
  `${domain}:${operator}`

const readFunction = (reader: MessageReader, span: Span): Pick<NodeSpan, 'domain' | 'operator'> => ({
  operator: textIn(reader, span, inFunction.name),
  domain: textIn(reader, span, inFunction.domain),
})

/** All of them: of the model's graph, of graphs inside it, and of its functions. */
export const nodesOf = function* (reader: MessageReader, size: number): Generator<NodeSpan> {
  const model = { start: 0, end: size }
  for (const graph of messagesIn(reader, model, inModel.graph)) yield* nodesIn(reader, graph, nodeInGraph)
  for (const one of messagesIn(reader, model, inModel.functions)) yield* nodesIn(reader, one, inFunction.node)
}

/** @param number of the nodes in this message */
const nodesIn = function* (reader: MessageReader, span: Span, number: number): Generator<NodeSpan> {
  for (const { start, end } of messagesIn(reader, span, number)) {
    const operator = textIn(reader, { start, end }, inNode.operator)
    yield { start, end, operator, domain: textIn(reader, { start, end }, inNode.domain) }
    for (const attribute of messagesIn(reader, { start, end }, inNode.attribute))
      for (const graph of graphsIn(reader, attribute)) yield* nodesIn(reader, graph, nodeInGraph)
  }
}

const graphsIn = function* (reader: MessageReader, attribute: Span): Generator<Span> {
  const isGraph = (number: number): boolean => number === inAttribute.graph || number === inAttribute.graphs
  for (const field of reader.fields(attribute.start, attribute.end, isGraph))
    if (isGraph(field.number) && field.wire === 2) yield field
}

/** The attributes of a node by name. */
export const attributesOf = (reader: MessageReader, node: Span): ReadonlyMap<string, Field> =>
  new Map(
    [...messagesIn(reader, node, inNode.attribute)].map(
      (field) => [textIn(reader, field, 1), field] as const,
    ),
  )

/** The whole numbers of an attribute, whether it has one or a list. */
export const integersOf = function* (reader: MessageReader, attribute: Span): Generator<bigint> {
  for (const field of reader.fields(attribute.start, attribute.end))
    if (field.number === inAttribute.integer || field.number === inAttribute.integers)
      yield* reader.packedWholes(field).map(BigInt)
}
