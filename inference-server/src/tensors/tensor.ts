/** Tensors as they travel between protocol, tasks, batcher and workers. */

/** Datatypes of the Open Inference Protocol; each is one ONNX tensor type. */
export const datatypes = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const
export type Datatype = (typeof datatypes)[number]

/** BOOL is one byte of 0 or 1, FP16 the 16 bits of IEEE 754 binary16. */
export type NumericData =
  | Uint8Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>

/** An element of BYTES: a text, or bytes that have not been decoded as text (an image, a binary request). */
export type BytesElement = string | Uint8Array

export type TensorData = NumericData | readonly BytesElement[]

/** Row-major; `data` has exactly `elementCount(shape)` elements. */
export interface Tensor {
  readonly dtype: Datatype
  readonly shape: readonly number[]
  readonly data: TensorData
}

/** Tensors in the order of the model or of the request. A Map, since plain objects move whole numbers to the front and lose `__proto__`. */
export type NamedTensors = ReadonlyMap<string, Tensor>

export const noTensors: NamedTensors = new Map()

/** What a model declares of an input or output; -1 is an axis of any length. */
export interface TensorSpec {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  /** Names of the free axes, in the places where shape says -1; '' where the model gives none. */
  readonly symbols: readonly string[]
  /** The model declares no shape at all: `shape` is [], and a tensor may have any. */
  readonly anyRank?: true
}

const arrays = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const
export type NumericDatatype = keyof typeof arrays

/** What a loaded graph takes and gives. */
export interface Signature {
  readonly inputs: readonly TensorSpec[]
  readonly outputs: readonly TensorSpec[]
}

/** Bytes of one element. */
export const elementBytes = (dtype: NumericDatatype): number => arrays[dtype].BYTES_PER_ELEMENT

/** @param length in elements */
export const allocate = (dtype: NumericDatatype, length: number): NumericData => new arrays[dtype](length)

/** The whole of `buffer` as elements; its length must be a multiple of the element's size. */
export const viewOf = (dtype: NumericDatatype, buffer: ArrayBuffer): NumericData => new arrays[dtype](buffer)

export const elementCount = (shape: readonly number[]): number => {
  let count = 1
  for (const length of shape) count *= length
  return count
}

/** Elements of all tensors together. */
export const elementsIn = (tensors: NamedTensors): number => {
  let count = 0
  for (const { data } of tensors.values()) count += data.length
  return count
}

/** Length of axis 0; a scalar is one row. */
export const rowCount = (tensor: Tensor): number => tensor.shape[0] ?? 1

const isBytes = (data: TensorData): data is readonly BytesElement[] => Array.isArray(data)

/** Whether they agree in all axes but the first. */
export const fitTogether = ([first, ...others]: readonly [Tensor, ...Tensor[]]): boolean =>
  others.every(
    ({ shape }) =>
      shape.length === first.shape.length &&
      shape.every((length, axis) => axis === 0 || length === first.shape[axis]),
  )

/**
 * Concatenates tensors along axis 0. They must agree in dtype.
 * A single tensor comes back as it is, without a copy.
 * @throws RangeError where they do not agree in all further axes
 */
export const stack = (parts: readonly [Tensor, ...Tensor[]]): Tensor => {
  const [first] = parts
  if (parts.length === 1) return first
  if (!fitTogether(parts)) {
    const shapes = parts.map(({ shape }) => `[${shape.join(', ')}]`)
    throw new RangeError(`tensors of shapes ${shapes.join(' and ')} do not fit together`)
  }
  let rows = 0
  for (const part of parts) rows += rowCount(part)
  const shape = [rows, ...first.shape.slice(1)]
  if (first.dtype === 'BYTES') {
    return { dtype: 'BYTES', shape, data: parts.flatMap((part) => part.data as readonly BytesElement[]) }
  }
  const data = allocate(first.dtype, elementCount(shape))
  let offset = 0
  for (const part of parts) {
    data.set(part.data as never, offset)
    offset += part.data.length
  }
  return { dtype: first.dtype, shape, data }
}

/** Rows `from` (inclusive) to `to` (exclusive) of axis 0, as a view on the same memory where there is one. */
export const rowsOf = (tensor: Tensor, from: number, to: number): Tensor => {
  const rows = rowCount(tensor)
  if (from === 0 && to === rows) return tensor
  const width = rows === 0 ? 0 : tensor.data.length / rows
  const { data } = tensor
  return {
    dtype: tensor.dtype,
    shape: [to - from, ...tensor.shape.slice(1)],
    data: isBytes(data) ? data.slice(from * width, to * width) : data.subarray(from * width, to * width),
  }
}

/**
 * Sees that all tensors have so many rows.
 * @param refused the error about one that has not, its shape as text @throws what `refused` makes
 */
export const requireRows = (
  tensors: NamedTensors,
  rows: number,
  refused: (name: string, rows: number, shape: string) => Error,
): void => {
  for (const [name, tensor] of tensors) {
    if (tensor.shape.length === 0 || rowCount(tensor) !== rows)
      throw refused(name, rows, `[${tensor.shape.join(', ')}]`)
  }
}

/** Length of axis 0, where all have the same and more than none; undefined where they cannot be taken for rows. */
export const commonRows = (tensors: NamedTensors): number | undefined => {
  let rows: number | undefined
  for (const { shape } of tensors.values()) {
    const [length] = shape
    if (length === undefined || length === 0 || (rows !== undefined && rows !== length)) return undefined
    rows = length
  }
  return rows
}

/** `stack` for each name of the first part. */
export const stackNamed = (parts: readonly [NamedTensors, ...NamedTensors[]]): NamedTensors => {
  const [first] = parts
  if (parts.length === 1) return first
  const stacked = new Map<string, Tensor>()
  for (const name of first.keys()) {
    stacked.set(name, stack(parts.map((part) => part.get(name) as Tensor) as [Tensor, ...Tensor[]]))
  }
  return stacked
}

/** `rowsOf` for each name. */
export const rowsOfNamed = (tensors: NamedTensors, from: number, to: number): NamedTensors => {
  const rows = new Map<string, Tensor>()
  for (const [name, tensor] of tensors) rows.set(name, rowsOf(tensor, from, to))
  return rows
}

// U+FEFF at the start of an element is a character of it like any other.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Elements of a BYTES tensor as text. @throws TypeError where an element is not UTF-8 */
export const textsOf = (tensor: Tensor): readonly string[] =>
  (tensor.data as readonly BytesElement[]).map((element) =>
    typeof element === 'string' ? element : utf8.decode(element),
  )
