import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type Field, MalformedMessage, type MessageReader, messageReader, visit } from '../onnx/protobuf.ts'
import { ImportError, showBytes } from './failure.ts'
import { looksLike } from './looks-like.ts'

/** A tensor whose values are in another file. */
export interface ExternalData {
  /** Path relative to the folder of the model file, as written in it. */
  readonly location: string
  /** Bytes. */
  readonly offset: number
  /** Bytes; undefined: to the end of the file. */
  readonly length: number | undefined
}

/** What an ONNX file says about itself. */
export interface OnnxSummary {
  readonly irVersion: number
  /** Version by domain; '' is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>
  /** Names of the graph's inputs, without those that only give an initializer a name. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** One entry per file and range, each once. */
  readonly external: readonly ExternalData[]
  /** Names of the operators, those of graphs inside graphs among them. */
  readonly operators: ReadonlySet<string>
}

/** Graphs inside graphs (If, Loop, Scan) go no deeper in any real model. */
const maxDepth = 64

/**
 * Walks a model file in constant memory, weights skipped.
 * @throws ImportError NotOnnx that says what the file looks like instead
 */
export const readOnnx = (path: string): OnnxSummary => {
  const descriptor = openSync(path, 'r')
  try {
    const { size } = fstatSync(descriptor)
    return summarise(messageReader(descriptor, size), size)
  } catch (error) {
    if (error instanceof MalformedMessage)
      throw notOnnx(error, headOf(descriptor), fstatSync(descriptor).size)
    throw error
  } finally {
    closeSync(descriptor)
  }
}

const headOf = (descriptor: number): Buffer => {
  const head = Buffer.alloc(512)
  return head.subarray(0, readSync(descriptor, head, 0, head.length, 0))
}

const notOnnx = (error: MalformedMessage, head: Buffer, size: number): ImportError => {
  const found = looksLike(head)
  if (found) return new ImportError('NotOnnx', `the file is not an ONNX model, it looks like ${found}`)
  if (error.breaksOff)
    return new ImportError(
      'NotOnnx',
      `the file is not a whole ONNX model: it breaks off after ${showBytes(size)} (${error.message}); upload it again`,
    )
  return new ImportError(
    'NotOnnx',
    `the file is not an ONNX model (${error.message}); export the model to ONNX`,
  )
}

/** What the walk gathers. */
interface Found {
  irVersion: number
  graphs: number
  readonly opsets: Map<string, number>
  readonly inputs: string[]
  readonly outputs: string[]
  readonly initializers: Set<string>
  readonly external: Map<string, ExternalData>
  readonly operators: Set<string>
}

const summarise = (reader: MessageReader, size: number): OnnxSummary => {
  const found: Found = {
    irVersion: 0,
    graphs: 0,
    opsets: new Map(),
    inputs: [],
    outputs: [],
    initializers: new Set(),
    external: new Map(),
    operators: new Set(),
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
    external: [...found.external.values()],
    operators: found.operators,
  }
}

type Span = Pick<Field, 'start' | 'end'>
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
      25: (operator) => visit(reader, operator, { 7: (node) => walkNode(reader, node, found, 0) }),
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
    1: (node) => walkNode(reader, node, found, depth),
    5: (initializer) => {
      walkTensor(reader, initializer, found)
      if (depth === 0) found.initializers.add(nameOf(reader, initializer, 8))
    },
    15: (sparse) => walkSparse(reader, sparse, found),
    ...(depth === 0 && {
      11: (input) => found.inputs.push(nameOf(reader, input, 1)),
      12: (output) => found.outputs.push(nameOf(reader, output, 1)),
    }),
  })
}

/** NodeProto, and the AttributeProto in it. */
const walkNode = (reader: MessageReader, span: Span, found: Found, depth: number): void => {
  const tensor = (field: Field): void => walkTensor(reader, field, found)
  const graph = (field: Field): void => walkGraph(reader, field, found, depth + 1)
  const sparse = (field: Field): void => walkSparse(reader, field, found)
  const visitors = { 5: tensor, 6: graph, 10: tensor, 11: graph, 22: sparse, 23: sparse }
  visit(reader, span, {
    4: (operator) => found.operators.add(reader.text(operator)),
    5: (attribute) => visit(reader, attribute, visitors),
  })
}

/** SparseTensorProto: its values and its indices are tensors. */
const walkSparse = (reader: MessageReader, span: Span, found: Found): void => {
  const tensor = (field: Field): void => walkTensor(reader, field, found)
  visit(reader, span, { 1: tensor, 2: tensor })
}

/** TensorProto: only where its values are. */
const walkTensor = (reader: MessageReader, span: Span, found: Found): void => {
  const entries: [string, string][] = []
  let isExternal = false
  const readEntry = (field: Field): void => {
    entries.push([nameOf(reader, field, 1), nameOf(reader, field, 2)])
  }
  const readLocation = (field: Field): void => {
    isExternal = field.value === 1
  }
  visit(reader, span, { 13: readEntry }, { 14: readLocation })
  if (entries.length === 0 && !isExternal) return
  for (const data of externalOf(entries)) found.external.set(JSON.stringify(data), data)
}

/** Every location counts, also a second one: which of them a runtime takes is its own affair. */
const externalOf = (entries: readonly [string, string][]): ExternalData[] => {
  const values = new Map(entries)
  const locations = entries.filter(([key]) => key === 'location').map(([, value]) => value)
  if (locations.length === 0)
    throw new MalformedMessage('a tensor has external data without a location', false)
  return locations.map((location) => ({
    location,
    offset: byteCount(values.get('offset')) ?? 0,
    length: byteCount(values.get('length')),
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
