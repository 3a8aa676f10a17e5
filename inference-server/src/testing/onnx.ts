/** Writes ONNX files: just enough of onnx.proto (field numbers as in ONNX IR 8) to build tiny graphs for tests. */
import type { Datatype } from '../tensor.ts'

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

/** A free axis has a name, or '' where it has none. */
export type Dimension = number | string

interface Value {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly Dimension[]
  /** A number of TensorProto.DataType that no datatype stands for, instead of it. */
  readonly elementType?: number
  /** Declares no shape, whatever `shape` says. */
  readonly isShapeless?: boolean
}

export interface Constant {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
  /** Name of the file beside the graph's that has the data; unless given, the graph has it. */
  readonly file?: string
}

export interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Integers only. */
  readonly attributes?: Readonly<Record<string, number>>
}

export interface Graph {
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly constants?: readonly Constant[]
  readonly nodes: readonly Node[]
}

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = BigInt(value)
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

const integer = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)])

const bytes = (field: number, value: string | Uint8Array): Buffer => {
  const content = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

const message = (field: number, parts: readonly Buffer[]): Buffer => bytes(field, Buffer.concat(parts))

const dimension = (value: Dimension): Buffer =>
  message(1, typeof value === 'number' ? [integer(1, value)] : value === '' ? [] : [bytes(2, value)])

const valueInfo = (field: number, { name, datatype, shape, elementType, isShapeless }: Value): Buffer =>
  message(field, [
    bytes(1, name),
    message(2, [
      message(1, [
        integer(1, elementType ?? elementTypes[datatype]),
        ...(isShapeless ? [] : [message(2, shape.map(dimension))]),
      ]),
    ]),
  ])

const externalData = (location: string): Buffer =>
  Buffer.concat([message(13, [bytes(1, 'location'), bytes(2, location)]), integer(14, 1)])

const initializer = ({ name, shape, data, file }: Constant): Buffer =>
  message(5, [
    ...shape.map((length) => integer(1, length)),
    integer(2, elementTypes[data instanceof Float32Array ? 'FP32' : 'INT64']),
    bytes(8, name),
    file === undefined
      ? bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      : externalData(file),
  ])

const attributeInteger = 2

const node = ({ op, inputs, outputs, attributes = {} }: Node): Buffer =>
  message(1, [
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      message(5, [bytes(1, name), integer(3, value), integer(20, attributeInteger)]),
    ),
  ])

/** @returns the content of a .onnx file (IR 8, opset 17) */
export const onnxFile = ({ inputs, outputs, constants = [], nodes }: Graph): Buffer =>
  Buffer.concat([
    integer(1, 8),
    message(7, [
      ...nodes.map(node),
      bytes(2, 'graph'),
      ...constants.map(initializer),
      ...inputs.map((value) => valueInfo(11, value)),
      ...outputs.map((value) => valueInfo(12, value)),
    ]),
    message(8, [bytes(1, ''), integer(2, 17)]),
  ])
