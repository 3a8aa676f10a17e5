/** A model that adds a number of its own: which version answered, and to which request, is read from the answer. */
import { field, small } from './protobuf.ts'

/** TensorProto.DataType */
const float = 1
const int64 = 7
const irVersion = 8
const opset = 17

/** FP32 [rows, 1] */
const value = (name: string): Buffer => {
  const shape = Buffer.concat([field(1, field(2, 'rows')), field(1, small(1, 1))])
  return Buffer.concat([
    field(1, name),
    field(2, field(1, Buffer.concat([small(1, float), field(2, shape)]))),
  ])
}

const initializer = (name: string, type: number, raw: Buffer, ...dims: readonly number[]): Buffer =>
  field(
    5,
    Buffer.concat([...dims.map((size) => small(1, size)), small(2, type), field(8, name), field(9, raw)]),
  )

const node = (op: string, inputs: readonly string[], output: string): Buffer =>
  field(1, Buffer.concat([...inputs.map((input) => field(1, input)), field(2, output), field(4, op)]))

const floats = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

const graphOf = (parts: readonly Buffer[]): Buffer =>
  Buffer.concat([
    small(1, irVersion),
    field(7, Buffer.concat([...parts, field(2, 'adder'), field(11, value('x')), field(12, value('y'))])),
    field(8, small(2, opset)),
  ])

/**
 * The bytes of an ONNX file: x FP32 [rows, 1] -> y FP32 [rows, 1], y = x + summand.
 * @param summand an integer that FP32 holds
 */
export const adder = (summand: number): Buffer =>
  graphOf([node('Add', ['x', 'summand'], 'y'), initializer('summand', float, floats(summand), 1)])

/**
 * The same, with a product of two large matrices of which nothing stays.
 * @param side of the matrices: 800 takes some ten milliseconds of one core, and the time grows with its cube
 */
export const slowAdder = (summand: number, side = 800): Buffer =>
  graphOf([
    node('ReduceMax', ['x'], 'largest'),
    node('Expand', ['largest', 'sides'], 'matrix'),
    node('MatMul', ['matrix', 'matrix'], 'product'),
    node('ReduceMean', ['product'], 'mean'),
    node('Mul', ['mean', 'zero'], 'nothing'),
    node('Add', ['x', 'summand'], 'sum'),
    node('Add', ['sum', 'nothing'], 'y'),
    initializer('sides', int64, Buffer.from(BigInt64Array.of(BigInt(side), BigInt(side)).buffer), 2),
    initializer('zero', float, floats(0), 1),
    initializer('summand', float, floats(summand), 1),
  ])
