/** Elements of a tensor as raw bytes, both ways: little-endian and row-major; BYTES elements carry a 4-byte length. */
import { endianness } from 'node:os'
import { Failure } from '../failures/errors.ts'
import { mostParts } from '../json/json-bounds.ts'
import {
  type BytesElement,
  type Datatype,
  elementBytes,
  type NumericData,
  type NumericDatatype,
  type Tensor,
  viewOf,
} from './tensor.ts'

if (endianness() !== 'LE')
  throw new Error('tensors are little-endian on the wire and so must this machine be')

const wrongSize = (name: string, shape: readonly number[], datatype: Datatype, bytes: number): Failure =>
  new Failure(
    'invalid',
    `input "${name}" has ${bytes} bytes of binary data, which is not what ${datatype} [${shape.join(', ')}] takes`,
    { field: name },
  )

/** Bytes before each element of BYTES, which say how long it is. */
const lengthPrefix = 4

const tooManyElements = (name: string): Failure =>
  new Failure(
    'too-large',
    `input "${name}" has more than ${mostParts} elements of BYTES; send less at a time`,
    { field: name },
  )

const splitBytes = (
  name: string,
  shape: readonly number[],
  count: number,
  raw: Buffer,
): readonly Uint8Array[] => {
  const found: Uint8Array[] = []
  let offset = 0
  if (count > mostParts) throw tooManyElements(name)
  while (offset < raw.length) {
    if (offset + lengthPrefix > raw.length || found.length === count)
      throw wrongSize(name, shape, 'BYTES', raw.length)
    const end = offset + lengthPrefix + raw.readUInt32LE(offset)
    if (end > raw.length) throw wrongSize(name, shape, 'BYTES', raw.length)
    found.push(raw.subarray(offset + lengthPrefix, end))
    offset = end
  }
  if (found.length !== count) throw wrongSize(name, shape, 'BYTES', raw.length)
  return found
}

/**
 * Copies out of the request, because its tensors lie there unaligned and their memory goes to a worker.
 * @param count number of elements that `shape` asks for
 * @throws Failure invalid, naming the input
 */
export const tensorFromBytes = (
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  count: number,
  raw: Buffer,
): Tensor => {
  if (datatype === 'BYTES') return { dtype: datatype, shape, data: splitBytes(name, shape, count, raw) }
  if (raw.length !== count * elementBytes(datatype)) throw wrongSize(name, shape, datatype, raw.length)
  const copy = new ArrayBuffer(raw.length)
  const bytes = new Uint8Array(copy)
  bytes.set(raw)
  if (datatype === 'BOOL' && bytes.some((byte) => byte > 1)) {
    throw new Failure('invalid', `input "${name}" is BOOL: each byte has to be 0 or 1`, { field: name })
  }
  return { dtype: datatype, shape, data: viewOf(datatype, copy) }
}

const byteLength = (element: BytesElement): number =>
  typeof element === 'string' ? Buffer.byteLength(element) : element.length

const joinedLength = (elements: readonly BytesElement[]): number => {
  let bytes = lengthPrefix * elements.length
  for (const element of elements) bytes += byteLength(element)
  return bytes
}

/** Bytes that the tensor has in binary. */
export const binaryLength = ({ dtype, data }: Tensor): number =>
  dtype === 'BYTES'
    ? joinedLength(data as readonly BytesElement[])
    : data.length * elementBytes(dtype as NumericDatatype)

/** Joins them in one piece of memory: a buffer for each element takes ten times as long. */
const joinBytes = (elements: readonly BytesElement[]): Buffer => {
  const joined = Buffer.allocUnsafe(joinedLength(elements))
  let offset = 0
  for (const element of elements) {
    const start = offset + lengthPrefix
    if (typeof element === 'string') offset = start + joined.write(element, start)
    else {
      joined.set(element, start)
      offset = start + element.length
    }
    joined.writeUInt32LE(offset - start, start - lengthPrefix)
  }
  return joined
}

/** A view on the tensor's own memory where it has some. */
export const bytesOf = (tensor: Tensor): Buffer => {
  if (tensor.dtype === 'BYTES') return joinBytes(tensor.data as readonly BytesElement[])
  const { buffer, byteOffset, byteLength } = tensor.data as NumericData
  return Buffer.from(buffer, byteOffset, byteLength)
}
