/** Writes ONNX files: just enough of onnx.proto (field numbers as in ONNX IR 10) to build tiny graphs for tests. */
import type { BytesElement, Datatype } from '../tensors/tensor.ts'
import { bytes, float, integer, message } from './protobuf.ts'

const elementTypes: Readonly<Record<Datatype, number>> = {
  FP32: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  BYTES: 8,
  BOOL: 9,
  FP16: 10,
  FP64: 11,
  UINT32: 12,
  UINT64: 13,
}
/** What Cast's attribute `to` and its like say. */
export const elementType = (datatype: Datatype): number => elementTypes[datatype]

/** A free axis has a name, or '' where it has none. */
export type Dimension = number | string

export interface OpenValue {
  readonly name: string
  /** Left away, the value has no type: onnxruntime infers that of an output. */
  readonly datatype?: Datatype
  /** Left away, the value has a type without a shape: any rank. */
  readonly shape?: readonly Dimension[]
  /** A number of TensorProto.DataType that no datatype stands for, instead of it. */
  readonly elementType?: number
  /** Key type of a sequence of maps to numbers, as ZipMap makes; then neither datatype nor shape are read. */
  readonly sequenceOfMapsBy?: 'INT64' | 'BYTES'
}

export interface Value extends OpenValue {
  readonly datatype: Datatype
  readonly shape: readonly Dimension[]
}

export type ConstantData =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly BytesElement[]

export interface Constant {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: ConstantData
  /** The datatype follows from the array unless given; BOOL (of bytes) and FP16 (of 16 bits) have no array type of their own. */
  readonly datatype?: Datatype
  /** Name of the file beside the graph's that has the data; unless given, the graph has it. */
  readonly file?: string
}

/** Plain numbers are integers. `bound` is the name of an attribute of the function that the node is in. */
export type Attribute =
  | number
  | readonly number[]
  | string
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly tensor: Omit<Constant, 'name' | 'file'> }
  | { readonly graph: Graph<OpenValue> }
  | { readonly bound: string; readonly kind: keyof typeof attributeTypes }

export interface Node {
  readonly op: string
  /** '' is an input left away. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly name?: string
  readonly domain?: string
  readonly attributes?: Readonly<Record<string, Attribute>>
}

export interface Graph<V extends OpenValue = Value> {
  readonly inputs: readonly V[]
  readonly outputs: readonly V[]
  readonly constants?: readonly Constant[]
  readonly nodes: readonly Node[]
}

/** Versions of operators by domain; '' is ai.onnx. */
export type Opsets = Readonly<Record<string, number>>

/** A function of the model's own, which is called like an operator of its domain. */
export interface LocalFunction {
  readonly domain: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: readonly string[]
  /** Attributes with a value that holds unless the call gives another. */
  readonly defaults?: Readonly<Record<string, Attribute>>
  readonly nodes: readonly Node[]
  readonly opsets?: Opsets
}

export interface Model extends Graph<OpenValue> {
  readonly opsets?: Opsets
  readonly functions?: readonly LocalFunction[]
}

const dimension = (value: Dimension): Buffer =>
  message(1, typeof value === 'number' ? [integer(1, value)] : value === '' ? [] : [bytes(2, value)])

const tensorType = (elementType: number, shape?: readonly Dimension[]): Buffer =>
  message(1, [integer(1, elementType), ...(shape ? [message(2, shape.map(dimension))] : [])])

const mapsType = (keys: Datatype): Buffer =>
  message(4, [
    message(1, [
      message(5, [integer(1, elementTypes[keys]), message(2, [tensorType(elementTypes.FP32, [])])]),
    ]),
  ])

const valueInfo = (field: number, value: OpenValue): Buffer => {
  const { name, datatype, shape, sequenceOfMapsBy } = value
  const elementType = value.elementType ?? (datatype && elementTypes[datatype])
  const type = sequenceOfMapsBy ? mapsType(sequenceOfMapsBy) : elementType && tensorType(elementType, shape)
  return message(field, [bytes(1, name), ...(type ? [message(2, [type])] : [])])
}

const externalData = (location: string): Buffer =>
  Buffer.concat([message(13, [bytes(1, 'location'), bytes(2, location)]), integer(14, 1)])

const datatypeOfData = ({ datatype, data }: Pick<Constant, 'datatype' | 'data'>): Datatype => {
  if (datatype) return datatype
  if (data instanceof Float32Array) return 'FP32'
  if (data instanceof Float64Array) return 'FP64'
  if (data instanceof Int8Array) return 'INT8'
  if (data instanceof Uint8Array) return 'UINT8'
  if (data instanceof Int16Array) return 'INT16'
  if (data instanceof Uint16Array) return 'UINT16'
  if (data instanceof Int32Array) return 'INT32'
  if (data instanceof Uint32Array) return 'UINT32'
  if (data instanceof BigInt64Array) return 'INT64'
  return data instanceof BigUint64Array ? 'UINT64' : 'BYTES'
}

const content = ({ data }: Pick<Constant, 'data'>): readonly Buffer[] =>
  'buffer' in data
    ? [bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))]
    : data.map((element) => bytes(6, element))

const tensor = (field: number, constant: Omit<Constant, 'name'> & { readonly name?: string }): Buffer =>
  message(field, [
    ...constant.shape.map((length) => integer(1, length)),
    integer(2, elementTypes[datatypeOfData(constant)]),
    bytes(8, constant.name ?? ''),
    ...(constant.file === undefined ? content(constant) : [externalData(constant.file)]),
  ])

const attributeTypes = {
  float: 1,
  integer: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  integers: 7,
  strings: 8,
} as const

const ofType = (type: keyof typeof attributeTypes, parts: readonly Buffer[]): readonly Buffer[] => [
  ...parts,
  integer(20, attributeTypes[type]),
]

const attributeContent = (value: Attribute): readonly Buffer[] => {
  if (typeof value === 'number') return ofType('integer', [integer(3, value)])
  if (typeof value === 'string') return ofType('string', [bytes(4, value)])
  if ('float' in value) return ofType('float', [float(2, value.float)])
  if ('floats' in value)
    return ofType(
      'floats',
      value.floats.map((element) => float(7, element)),
    )
  if ('strings' in value)
    return ofType(
      'strings',
      value.strings.map((element) => bytes(9, element)),
    )
  if ('tensor' in value) return ofType('tensor', [tensor(5, value.tensor)])
  if ('graph' in value) return ofType('graph', [message(6, graphContent(value.graph))])
  if ('bound' in value) return ofType(value.kind, [bytes(21, value.bound)])
  return ofType(
    'integers',
    value.map((element) => integer(8, element)),
  )
}

const attribute = (field: number, name: string, value: Attribute): Buffer =>
  message(field, [bytes(1, name), ...attributeContent(value)])

const node = (field: number, { op, inputs, outputs, name, domain, attributes = {} }: Node): Buffer =>
  message(field, [
    ...inputs.map((input) => bytes(1, input)),
    ...outputs.map((output) => bytes(2, output)),
    ...(name === undefined ? [] : [bytes(3, name)]),
    bytes(4, op),
    ...(domain === undefined ? [] : [bytes(7, domain)]),
    ...Object.entries(attributes).map(([key, value]) => attribute(5, key, value)),
  ])

const graphContent = ({ inputs, outputs, constants = [], nodes }: Graph<OpenValue>): Buffer[] => [
  ...nodes.map((each) => node(1, each)),
  bytes(2, 'graph'),
  ...constants.map((constant) => tensor(5, constant)),
  ...inputs.map((value) => valueInfo(11, value)),
  ...outputs.map((value) => valueInfo(12, value)),
]

const opsetImports = (field: number, opsets: Opsets): readonly Buffer[] =>
  Object.entries(opsets).map(([domain, version]) => message(field, [bytes(1, domain), integer(2, version)]))

const localFunction = (each: LocalFunction): Buffer =>
  message(25, [
    bytes(1, each.name),
    ...each.inputs.map((name) => bytes(4, name)),
    ...each.outputs.map((name) => bytes(5, name)),
    ...(each.attributes ?? []).map((name) => bytes(6, name)),
    ...each.nodes.map((inner) => node(7, inner)),
    ...opsetImports(9, each.opsets ?? { '': 17 }),
    bytes(10, each.domain),
    ...Object.entries(each.defaults ?? {}).map(([name, value]) => attribute(11, name, value)),
  ])

/** @returns the content of a .onnx file (IR 8 for opset 17, which it has unless `opsets` says otherwise) */
export const onnxFile = ({ opsets = { '': 17 }, functions = [], ...graph }: Model): Buffer =>
  Buffer.concat([
    integer(1, (opsets[''] ?? 0) > 21 ? 10 : 8),
    message(7, graphContent(graph)),
    ...opsetImports(8, opsets),
    ...functions.map(localFunction),
  ])
