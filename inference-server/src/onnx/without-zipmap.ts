/**
 * Takes ZipMap off a model: scikit-learn's, LightGBM's and XGBoost's converters put it there unless told otherwise, and CatBoost
 * always does. It turns a tensor of probabilities [rows, classes] into a sequence of maps, which no protocol for tensors carries.
 * The node becomes an Identity, so the output keeps its name and every number in it; the names of the classes move to the
 * model's metadata. The file is never held in memory: what changes is a handful of fields, and the rest is copied.
 */
import { openModelFile } from '../sealing/model-file.ts'
import type { ClassNames } from './class-names.ts'
import { classesKey } from './class-names.ts'
import { readMessageFile } from './message-file.ts'
import { type Field, longestText, type MessageReader, type Span } from './protobuf.ts'
import { bytes, head, integer, message } from './write.ts'

/** A model file whose maps have become tensors. */
export interface Rewritten {
  readonly sizeBytes: number
  /** The new file, piece by piece. The old one must not change until the last piece has been read. */
  readonly chunks: () => Generator<Uint8Array>
  /** Class names by output. */
  readonly classes: ReadonlyMap<string, ClassNames>
}

/** Bytes of the old file, or new ones. */
type Piece = Span | Uint8Array

/** A field with the place where its number is written. */
interface Part extends Field {
  readonly from: number
}

interface GraphNode extends Part {
  readonly operator: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

interface ZipMap {
  readonly node: GraphNode
  readonly input: string
  readonly output: string
  readonly classes: ClassNames
}

/** Fields of the messages in onnx.proto. */
const inModel = { graph: 7, opset: 8, metadata: 14 } as const
const inGraph = { node: 1, output: 12, valueInfo: 13 } as const
const inNode = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const
const inAttribute = { name: 1, ints: 8, strings: 9 } as const

const floatType = 1
/** ONNX's operator set for a model that has none: Identity has been the same since its first version. */
const identityOpset = 13
const chunkBytes = 1024 * 1024

/**
 * Reads a model file in constant memory.
 * @returns undefined where no output is a map made by ZipMap
 * @throws MalformedMessage
 */
export const withoutZipMap = (path: string): Rewritten | undefined => {
  const rewritten = readMessageFile(path, rewrite)
  if (!rewritten) return undefined
  const { pieces, classes } = rewritten
  const sizeBytes = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0)
  return { sizeBytes, classes, chunks: () => chunksOf(path, pieces) }
}

const lengthOf = (piece: Piece): number =>
  piece instanceof Uint8Array ? piece.length : piece.end - piece.start

const chunksOf = function* (path: string, pieces: readonly Piece[]): Generator<Uint8Array> {
  const file = openModelFile(path)
  try {
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) {
        yield piece
        continue
      }
      for (let position = piece.start; position < piece.end; ) {
        const chunk = Buffer.alloc(Math.min(chunkBytes, piece.end - position))
        const length = file.read(chunk, chunk.length, position)
        if (length === 0) throw new Error(`${path} got shorter while it was read`)
        yield chunk.subarray(0, length)
        position += length
      }
    }
  } finally {
    file.close()
  }
}

const partsOf = function* (reader: MessageReader, { start, end }: Span): Generator<Part> {
  let from = start
  for (const field of reader.fields(start, end)) {
    yield { ...field, from }
    from = field.end
  }
}

const rewrite = (
  reader: MessageReader,
  size: number,
): { readonly pieces: readonly Piece[]; readonly classes: ReadonlyMap<string, ClassNames> } | undefined => {
  const parts = [...partsOf(reader, { start: 0, end: size })]
  const graph = parts.find(({ number, wire }) => number === inModel.graph && wire === 2)
  const zipMaps = graph ? findZipMaps(reader, graph) : []
  if (!graph || zipMaps.length === 0) return undefined
  const pieces = parts.flatMap((part): readonly Piece[] =>
    part === graph ? withHead(inModel.graph, graphPieces(reader, graph, zipMaps)) : [whole(part)],
  )
  const classes = new Map(zipMaps.map((zipMap) => [zipMap.output, zipMap.classes]))
  const notes = zipMaps
    .map(({ output, classes: names }) => [classesKey(output), JSON.stringify(names)] as const)
    .filter(([, names]) => Buffer.byteLength(names) <= longestText)
    .map(([key, names]) => message(inModel.metadata, [bytes(1, key), bytes(2, names)]))
  const hasOpset = parts.some((part) => part.number === inModel.opset && isOwnDomain(reader, part))
  const opset = hasOpset ? [] : [message(inModel.opset, [bytes(1, ''), integer(2, identityOpset)])]
  return { pieces: [...pieces, ...opset, ...notes], classes }
}

const whole = ({ from, end }: Part): Span => ({ start: from, end })

const isOwnDomain = (reader: MessageReader, opset: Part): boolean => {
  const domain = textOf(reader, opset, 1)
  return domain === '' || domain === 'ai.onnx'
}

/** A message of these pieces as a field. */
const withHead = (number: number, content: readonly Piece[]): readonly Piece[] => {
  const length = content.reduce((sum, piece) => sum + lengthOf(piece), 0)
  return [head(number, length), ...content]
}

const graphPieces = (reader: MessageReader, graph: Span, zipMaps: readonly ZipMap[]): readonly Piece[] => {
  const pieces: Piece[] = []
  const keep = (part: Part): void => {
    const last = pieces.at(-1)
    if (last && !(last instanceof Uint8Array) && last.end === part.from)
      pieces[pieces.length - 1] = { start: last.start, end: part.end }
    else pieces.push(whole(part))
  }
  for (const part of partsOf(reader, graph)) {
    const replaced = replacement(reader, part, zipMaps)
    if (replaced) pieces.push(replaced)
    else keep(part)
  }
  return pieces
}

/** @returns undefined for what stays as it is */
const replacement = (
  reader: MessageReader,
  part: Part,
  zipMaps: readonly ZipMap[],
): Uint8Array | undefined => {
  if (part.wire !== 2) return undefined
  if (part.number === inGraph.node) {
    const zipMap = zipMaps.find(({ node }) => node.start === part.start)
    return zipMap && identity(zipMap)
  }
  if (part.number !== inGraph.output && part.number !== inGraph.valueInfo) return undefined
  const name = textOf(reader, part, 1)
  const zipMap = zipMaps.find(({ output }) => output === name)
  return zipMap && valueInfo(part.number, zipMap)
}

/** NodeProto. */
const identity = ({ input, output }: ZipMap): Uint8Array =>
  message(inGraph.node, [
    bytes(inNode.input, input),
    bytes(inNode.output, output),
    bytes(3, `${output} as a tensor`),
    bytes(inNode.operator, 'Identity'),
  ])

/** ValueInfoProto of float32 [rows, classes]. */
const valueInfo = (number: number, { output, classes }: ZipMap): Uint8Array => {
  const free = message(1, [])
  const shape = message(2, [free, message(1, [integer(1, classes.length)])])
  return message(number, [bytes(1, output), message(2, [message(1, [integer(1, floatType), shape])])])
}

/** The ZipMap nodes whose output is an output of the model, and read by no other node. */
const findZipMaps = (reader: MessageReader, graph: Span): readonly ZipMap[] => {
  const nodes: Part[] = []
  const outputs = new Set<string>()
  for (const part of partsOf(reader, graph)) {
    if (part.wire !== 2) continue
    if (part.number === inGraph.node) nodes.push(part)
    if (part.number === inGraph.output) outputs.add(textOf(reader, part, 1))
  }
  if (!nodes.some((node) => textOf(reader, node, inNode.operator) === 'ZipMap')) return []
  const read = nodes.map((node) => readNode(reader, node))
  const consumed = new Set(read.flatMap(({ inputs }) => inputs))
  return read.flatMap((node): readonly ZipMap[] => {
    const [input] = node.inputs
    const [output] = node.outputs
    const isZipMap = node.operator === 'ZipMap' && node.domain === 'ai.onnx.ml'
    if (!isZipMap || input === undefined || output === undefined) return []
    if (!outputs.has(output) || consumed.has(output)) return []
    return [{ node, input, output, classes: classLabels(reader, node) }]
  })
}

const textOf = (reader: MessageReader, span: Span, number: number): string => {
  for (const field of reader.fields(span.start, span.end))
    if (field.number === number && field.wire === 2) return reader.text(field)
  return ''
}

const readNode = (reader: MessageReader, part: Part): GraphNode => {
  const inputs: string[] = []
  const outputs: string[] = []
  let operator = ''
  let domain = ''
  for (const field of reader.fields(part.start, part.end)) {
    if (field.number === inNode.input) inputs.push(reader.text(field))
    if (field.number === inNode.output) outputs.push(reader.text(field))
    if (field.number === inNode.operator) operator = reader.text(field)
    if (field.number === inNode.domain) domain = reader.text(field)
  }
  return { ...part, operator, domain, inputs, outputs }
}

/** Elements of the attribute classlabels_strings or classlabels_int64s, the one that has any. */
const classLabels = (reader: MessageReader, node: Span): ClassNames => {
  for (const field of reader.fields(node.start, node.end)) {
    if (field.number !== inNode.attribute) continue
    const name = textOf(reader, field, inAttribute.name)
    if (!name.startsWith('classlabels_')) continue
    const labels = [...reader.fields(field.start, field.end)].flatMap((value) => labelsOf(reader, value))
    if (labels.length > 0) return labels
  }
  return []
}

const labelsOf = (reader: MessageReader, field: Field): ClassNames => {
  if (field.number === inAttribute.strings && field.wire === 2) return [reader.text(field)]
  return field.number === inAttribute.ints ? reader.packedWholes(field).map(BigInt).map(asNumber) : []
}

/** JSON has no larger whole numbers that everyone reads alike. */
const asNumber = (value: bigint): number | string =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString()
