import { MalformedMessage } from './malformed-message.ts'
import { readMessageFile } from './message-file.ts'
import type {
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxSparseTensor,
  OnnxTensor,
  OnnxValue,
} from './model.ts'
import { type Field, type MessageReader, type Span, visit } from './protobuf.ts'
import { readAttribute } from './read-attribute.ts'
import { readSparseTensor, readTensor } from './read-tensor.ts'
import { readValue } from './read-value.ts'

/** Graphs inside graphs (If, Loop, Scan) go no deeper in any real model. */
const maxDepth = 64

/**
 * Reads the graph of a model file. Weights are skipped, so that memory follows the number of nodes.
 * @throws MalformedMessage
 */
export const readModel = (path: string): OnnxModel =>
  readMessageFile(path, (reader, size) => modelOf(reader, { start: 0, end: size }))

const modelOf = (reader: MessageReader, { start, end }: Span): OnnxModel => {
  const opsets = new Map<string, number>()
  const functions: OnnxFunction[] = []
  let graph: OnnxGraph | undefined
  for (const field of reader.fields(start, end)) {
    if (field.wire !== 2) continue
    if (field.number === 7) {
      if (graph) throw new MalformedMessage('it has more than one graph', false)
      graph = graphOf(reader, field, 0)
    }
    if (field.number === 8) readOpset(reader, field, opsets)
    if (field.number === 25) functions.push(functionOf(reader, field))
  }
  if (!graph) throw new MalformedMessage('it has no graph', false)
  return { opsets, functions, graph }
}

/** OperatorSetIdProto. */
const readOpset = (reader: MessageReader, { start, end }: Span, opsets: Map<string, number>): void => {
  let domain = ''
  let version = 0
  for (const field of reader.fields(start, end)) {
    if (field.number === 1 && field.wire === 2) domain = reader.text(field)
    if (field.number === 2 && field.wire === 0) version = field.value
  }
  opsets.set(canonicalDomain(domain), version)
}

/** GraphProto. @param depth 0 for the model's own graph */
const graphOf = (reader: MessageReader, span: Span, depth: number): OnnxGraph => {
  if (depth > maxDepth)
    throw new MalformedMessage(`graphs lie more than ${maxDepth} deep in each other`, false)
  const graph = {
    nodes: [] as OnnxNode[],
    initializers: [] as OnnxTensor[],
    sparseInitializers: [] as OnnxSparseTensor[],
    inputs: [] as OnnxValue[],
    outputs: [] as OnnxValue[],
  }
  visit(reader, span, {
    1: (node) => graph.nodes.push(nodeOf(reader, node, depth)),
    5: (tensor) => graph.initializers.push(readTensor(reader, tensor)),
    11: (value) => graph.inputs.push(readValue(reader, value)),
    12: (value) => graph.outputs.push(readValue(reader, value)),
    15: (tensor) => graph.sparseInitializers.push(readSparseTensor(reader, tensor)),
  })
  return graph
}

/** NodeProto. */
const nodeOf = (reader: MessageReader, span: Span, depth: number): OnnxNode => {
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes: OnnxAttribute[] = []
  const texts = { name: '', operator: '', domain: '', overload: '' }
  const readGraph = (graph: Span): OnnxGraph => graphOf(reader, graph, depth + 1)
  const readText =
    (name: keyof typeof texts) =>
    (field: Field): void => {
      texts[name] = reader.text(field)
    }
  visit(reader, span, {
    1: (field) => inputs.push(reader.text(field)),
    2: (field) => outputs.push(reader.text(field)),
    3: readText('name'),
    4: readText('operator'),
    5: (field) => attributes.push(readAttribute(reader, field, readGraph)),
    7: readText('domain'),
    8: readText('overload'),
  })
  return { ...texts, domain: canonicalDomain(texts.domain), inputs, outputs, attributes }
}

/** FunctionProto. */
const functionOf = (reader: MessageReader, span: Span): OnnxFunction => {
  const inputs: string[] = []
  const outputs: string[] = []
  const defaults: OnnxAttribute[] = []
  const nodes: OnnxNode[] = []
  const opsets = new Map<string, number>()
  const texts = { name: '', domain: '', overload: '' }
  const readGraph = (graph: Span): OnnxGraph => graphOf(reader, graph, 1)
  const readText =
    (name: keyof typeof texts) =>
    (field: Field): void => {
      texts[name] = reader.text(field)
    }
  visit(reader, span, {
    1: readText('name'),
    4: (field) => inputs.push(reader.text(field)),
    5: (field) => outputs.push(reader.text(field)),
    7: (field) => nodes.push(nodeOf(reader, field, 0)),
    9: (field) => readOpset(reader, field, opsets),
    10: readText('domain'),
    11: (field) => defaults.push(readAttribute(reader, field, readGraph)),
    13: readText('overload'),
  })
  return { ...texts, domain: canonicalDomain(texts.domain), inputs, outputs, defaults, nodes, opsets }
}

/** ONNX's own domain has two names. */
const canonicalDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)
