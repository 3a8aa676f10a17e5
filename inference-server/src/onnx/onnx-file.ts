import { type Ending, endingsOf, type GraphFunction, type GraphNode } from './endings.ts'
import { MalformedMessage } from './malformed-message.ts'
import { readMessageFile } from './message-file.ts'
import { asNotOnnx } from './not-onnx.ts'
import { type Field, type MessageReader, type Span, visit } from './protobuf.ts'

/** A tensor whose values are in another file. */
export interface ExternalData {
  /** Path relative to the folder of the model file, as written in it. */
  readonly location: string
  /** Bytes. */
  readonly offset: number
  /** Bytes. */
  readonly length: number
}

/** An input or output of the graph. */
export interface DeclaredValue {
  readonly name: string
  /** Number of TensorProto.DataType; undefined for what is no tensor. */
  readonly elementType: number | undefined
  /** Whether a shape is declared; a tensor without one has any rank. */
  readonly isShaped: boolean
}

/** Summary of an ONNX file. */
export interface OnnxSummary {
  readonly irVersion: number
  /** Version by domain; '' is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>
  /** Names of the graph's inputs, without those that only give an initializer a name. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Declarations of the inputs and outputs, by name. */
  readonly values: ReadonlyMap<string, DeclaredValue>
  /** One entry per file and range, each once. */
  readonly external: readonly ExternalData[]
  /** Names of the operators, those of graphs inside graphs among them. */
  readonly operators: ReadonlySet<string>
  /** The softmax or sigmoid that makes an output, by the output's name; an output that ends in neither has none. */
  readonly endings: ReadonlyMap<string, Ending>
}

/** Graphs inside graphs (If, Loop, Scan) go no deeper in any real model. */
const maxDepth = 64

/**
 * Walks a model file in constant memory, weights skipped.
 * @throws ImportError NotOnnx that says what the file looks like instead
 */
export const readOnnx = (path: string): OnnxSummary => {
  try {
    return readMessageFile(path, summarise)
  } catch (error) {
    throw asNotOnnx(error, path)
  }
}

/** What the walk gathers. */
interface Found {
  irVersion: number
  graphs: number
  readonly opsets: Map<string, number>
  readonly inputs: string[]
  readonly outputs: string[]
  readonly values: Map<string, DeclaredValue>
  readonly initializers: Set<string>
  readonly external: Map<string, ExternalData>
  readonly operators: Set<string>
  /** Nodes of the model's own graph. */
  readonly nodes: GraphNode[]
  readonly functions: GraphFunction[]
}

const summarise = (reader: MessageReader, size: number): OnnxSummary => {
  const found: Found = {
    irVersion: 0,
    graphs: 0,
    opsets: new Map(),
    inputs: [],
    outputs: [],
    values: new Map(),
    initializers: new Set(),
    external: new Map(),
    operators: new Set(),
    nodes: [],
    functions: [],
  }
  walkModel(reader, { start: 0, end: size }, found)
  if (found.graphs === 0 || found.irVersion < 1)
    throw new MalformedMessage('it has no graph or no IR version', false)
  if (found.outputs.length === 0) throw new MalformedMessage('its graph has no output', false)
  if (found.opsets.size === 0) throw new MalformedMessage('it names no operator set', false)
  return {
    irVersion: found.irVersion,
    opsets: Object.fromEntries(found.opsets),
    inputs: found.inputs.filter((name) => !found.initializers.has(name)),
    outputs: found.outputs,
    values: found.values,
    external: [...found.external.values()],
    operators: found.operators,
    endings: endingsOf(found.outputs, found.nodes, found.functions),
  }
}

/** ModelProto. */
const walkModel = (reader: MessageReader, span: Span, found: Found): void => {
  const walkNested = (field: Field): void => walkGraph(reader, field, found, 1)
  visit(
    reader,
    span,
    {
      7: (graph) => {
        found.graphs += 1
        walkGraph(reader, graph, found, 0)
      },
      8: (opset) => readOpset(reader, opset, found),
      20: (training) => visit(reader, training, { 1: walkNested, 2: walkNested }),
      25: (operator) => walkFunction(reader, operator, found),
    },
    {
      1: (version) => {
        found.irVersion = version.value
      },
    },
  )
}

/** OperatorSetIdProto. */
const readOpset = (reader: MessageReader, span: Span, found: Found): void => {
  let domain = ''
  let version = 0
  const readDomain = (field: Field): void => {
    domain = reader.text(field)
  }
  const readVersion = (field: Field): void => {
    version = field.value
  }
  visit(reader, span, { 1: readDomain }, { 2: readVersion })
  found.opsets.set(domain, version)
}

/**
 * GraphProto.
 * @param depth 0 for the model's own graph, whose inputs and outputs are the model's
 */
const walkGraph = (reader: MessageReader, span: Span, found: Found, depth: number): void => {
  if (depth > maxDepth)
    throw new MalformedMessage(`graphs lie more than ${maxDepth} deep in each other`, false)
  visit(reader, span, {
    1: (node) => walkNode(reader, node, found, { depth, nodes: depth === 0 ? found.nodes : [] }),
    5: (initializer) => {
      walkTensor(reader, initializer, found)
      if (depth === 0) found.initializers.add(nameOf(reader, initializer, 8))
    },
    15: (sparse) => walkSparse(reader, sparse, found),
    ...(depth === 0 && {
      11: (input) => found.inputs.push(declare(reader, input, found)),
      12: (output) => found.outputs.push(declare(reader, output, found)),
    }),
  })
}

/** ValueInfoProto, the TypeProto in it and its Tensor. @returns its name */
const declare = (reader: MessageReader, span: Span, found: Found): string => {
  const name = nameOf(reader, span, 1)
  let elementType: number | undefined
  let isShaped = false
  const readType = (field: Field): void => {
    elementType = field.value
  }
  const readShape = (): void => {
    isShaped = true
  }
  const tensor = (field: Field): void => visit(reader, field, { 2: readShape }, { 1: readType })
  visit(reader, span, { 2: (type) => visit(reader, type, { 1: tensor }) })
  found.values.set(name, { name, elementType, isShaped })
  return name
}

/** FunctionProto, and the values that its attributes have where a node gives none. */
const walkFunction = (reader: MessageReader, span: Span, found: Found): void => {
  const outputs: string[] = []
  const nodes: GraphNode[] = []
  visit(reader, span, {
    5: (output) => outputs.push(reader.text(output)),
    7: (node) => walkNode(reader, node, found, { depth: 0, nodes }),
    11: (attribute) => walkAttribute(reader, attribute, found, 0),
  })
  found.functions.push({ name: nameOf(reader, span, 1), outputs, nodes })
}

/** The graph or the function that a node belongs to. */
interface Surroundings {
  readonly depth: number
  readonly nodes: GraphNode[]
}

/** AttributeProto. @param depth of the graph that its node belongs to */
const walkAttribute = (reader: MessageReader, span: Span, found: Found, depth: number): void => {
  const tensor = (field: Field): void => walkTensor(reader, field, found)
  const graph = (field: Field): void => walkGraph(reader, field, found, depth + 1)
  const sparse = (field: Field): void => walkSparse(reader, field, found)
  visit(reader, span, { 5: tensor, 6: graph, 10: tensor, 11: graph, 22: sparse, 23: sparse })
}

/** NodeProto. */
const walkNode = (reader: MessageReader, span: Span, found: Found, { depth, nodes }: Surroundings): void => {
  const inputs: string[] = []
  const outputs: string[] = []
  let operator = ''
  visit(reader, span, {
    1: (input) => inputs.push(reader.text(input)),
    2: (output) => outputs.push(reader.text(output)),
    4: (field) => {
      operator = reader.text(field)
    },
    5: (attribute) => walkAttribute(reader, attribute, found, depth),
  })
  found.operators.add(operator)
  nodes.push({ operator, inputs, outputs })
}

/** SparseTensorProto: its values and its indices are tensors. */
const walkSparse = (reader: MessageReader, span: Span, found: Found): void => {
  const tensor = (field: Field): void => walkTensor(reader, field, found)
  visit(reader, span, { 1: tensor, 2: tensor })
}

/** TensorProto: only where its values are, and how many bytes they take. */
const walkTensor = (reader: MessageReader, span: Span, found: Found): void => {
  const entries: [string, string][] = []
  let isExternal = false
  let elements = 1
  let bits = 0
  const readDimensions = (field: Field): void => {
    for (const length of reader.packedWholes(field)) elements *= Number(length)
  }
  const readEntry = (field: Field): void => {
    entries.push([nameOf(reader, field, 1), nameOf(reader, field, 2)])
  }
  const readType = (field: Field): void => {
    bits = bitsOf.get(field.value) ?? 0
  }
  const readLocation = (field: Field): void => {
    isExternal = field.value === 1
  }
  visit(
    reader,
    span,
    { 1: readDimensions, 13: readEntry },
    { 1: readDimensions, 2: readType, 14: readLocation },
  )
  if (entries.length === 0 && !isExternal) return
  for (const data of externalOf(entries, Math.ceil((elements * bits) / 8)))
    found.external.set(JSON.stringify(data), data)
}

/** TensorProto.DataType -> bits of an element; texts cannot be external. */
const bitsOf: ReadonlyMap<number, number> = new Map(
  Object.entries({
    2: [25, 26],
    4: [21, 22, 23],
    8: [2, 3, 9, 17, 18, 19, 20, 24],
    16: [4, 5, 10, 16],
    32: [1, 6, 12],
    64: [7, 11, 13, 14],
    128: [15],
  }).flatMap(([bits, types]) => types.map((type) => [type, Number(bits)] as const)),
)

/** Every location counts, also a second one: which of them a runtime takes is its own affair. */
const externalOf = (entries: readonly [string, string][], neededBytes: number): ExternalData[] => {
  const values = new Map(entries)
  const locations = entries.filter(([key]) => key === 'location').map(([, value]) => value)
  if (locations.length === 0)
    throw new MalformedMessage('a tensor has external data without a location', false)
  return locations.map((location) => ({
    location,
    offset: byteCount(values.get('offset')) ?? 0,
    length: byteCount(values.get('length')) ?? neededBytes,
  }))
}

const byteCount = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined
  if (/^\d{1,15}$/.test(value)) return Number(value)
  throw new MalformedMessage(
    `external data has the offset or length ${JSON.stringify(value.slice(0, 40))}`,
    false,
  )
}

/** Text of the field with this number, '' where there is none. */
const nameOf = (reader: MessageReader, span: Span, number: number): string => {
  let name = ''
  const read = (field: Field): void => {
    name = reader.text(field)
  }
  visit(reader, span, { [number]: read })
  return name
}
