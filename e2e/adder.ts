/** A model that adds a number of its own: which version answered, and to which request, is read from the answer. */
import { field, small } from './protobuf.ts'

const float = 1 // TensorProto.DataType
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

/**
 * The bytes of an ONNX file: x FP32 [rows, 1] -> y FP32 [rows, 1], y = x + summand.
 * @param summand an integer that FP32 holds
 */
export const adder = (summand: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(summand)
  const constant = Buffer.concat([small(1, 1), small(2, float), field(8, 'summand'), field(9, bytes)])
  const node = Buffer.concat([field(1, 'x'), field(1, 'summand'), field(2, 'y'), field(4, 'Add')])
  const graph = [
    field(1, node),
    field(2, 'adder'),
    field(5, constant),
    field(11, value('x')),
    field(12, value('y')),
  ]
  return Buffer.concat([small(1, irVersion), field(7, Buffer.concat(graph)), field(8, small(2, opset))])
}
