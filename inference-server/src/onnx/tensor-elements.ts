import { fromHalf } from '../tensors/half.ts'
import { elementTypes, type OnnxTensor, type WholeNumber } from './model.ts'
import { narrow } from './varint.ts'

/** Bytes of an element of raw_data, and how to read one. */
interface Layout {
  readonly bytes: number
  readonly read: (view: DataView, offset: number) => WholeNumber
}

const layouts: ReadonlyMap<number, Layout> = new Map([
  [elementTypes.float32, { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) }],
  [elementTypes.uint8, { bytes: 1, read: (view, offset) => view.getUint8(offset) }],
  [elementTypes.int8, { bytes: 1, read: (view, offset) => view.getInt8(offset) }],
  [elementTypes.int16, { bytes: 2, read: (view, offset) => view.getInt16(offset, true) }],
  [elementTypes.int32, { bytes: 4, read: (view, offset) => view.getInt32(offset, true) }],
  [elementTypes.int64, { bytes: 8, read: (view, offset) => narrow(view.getBigInt64(offset, true)) }],
  [elementTypes.bool, { bytes: 1, read: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1) }],
  [elementTypes.float16, { bytes: 2, read: (view, offset) => fromHalf(view.getUint16(offset, true)) }],
  [elementTypes.float64, { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) }],
  [elementTypes.uint32, { bytes: 4, read: (view, offset) => view.getUint32(offset, true) }],
  [elementTypes.uint64, { bytes: 8, read: (view, offset) => narrow(view.getBigUint64(offset, true)) }],
] satisfies [number, Layout][])

/**
 * The elements of a small tensor in row-major order: floating numbers as doubles, whole ones exactly, bool as 0 and 1.
 * Undefined where they were not read, do not fit the shape, or are of a type without arithmetic.
 */
export const tensorElements = (tensor: OnnxTensor): readonly WholeNumber[] | undefined => {
  const layout = layouts.get(tensor.elementType)
  if (!tensor.content || !layout) return undefined
  const count = tensor.dims.reduce((product, dim) => product * dim, 1)
  if (tensor.content.kind === 'raw') return rawElements(tensor.content.bytes, layout, count)
  const { numbers } = tensor.content
  return numbers.length === count
    ? numbers.map((value) => typedElement(value, tensor.elementType))
    : undefined
}

const rawElements = (
  bytes: Uint8Array,
  { bytes: width, read }: Layout,
  count: number,
): WholeNumber[] | undefined => {
  if (bytes.length !== count * width) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: count }, (_, index) => read(view, index * width))
}

/** float16 is kept as its bits in int32_data; unsigned numbers came as signed ones. */
const typedElement = (value: WholeNumber, elementType: number): WholeNumber => {
  if (elementType === elementTypes.float16) return fromHalf(Number(value))
  if (elementType === elementTypes.bool) return value === 0 ? 0 : 1
  if (elementType === elementTypes.uint64 && value < 0) return narrow(BigInt.asUintN(64, BigInt(value)))
  return value
}
