import { isObject } from '../json/json-object.ts'
import { readModelFile } from '../sealing/model-file.ts'
import { widened } from '../tensors/half.ts'

/** Values widened to FP32, row-major. */
export interface Weights {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The upper half of an FP32. */
const fromBfloat = (halves: Uint16Array): Float32Array =>
  new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer)

const readers: Readonly<Record<string, (bytes: ArrayBuffer) => Float32Array>> = {
  F64: (bytes) => Float32Array.from(new Float64Array(bytes)),
  F32: (bytes) => new Float32Array(bytes),
  F16: (bytes) => widened(new Uint16Array(bytes)),
  BF16: (bytes) => fromBfloat(new Uint16Array(bytes)),
}

/**
 * Reads a .safetensors file: length of the header, the header as JSON, then the tensors one after the other.
 * @returns the tensors of floating numbers by name
 * @throws Error where the file is not whole
 */
export const readSafetensors = async (path: string): Promise<ReadonlyMap<string, Weights>> => {
  const file = await readModelFile(path)
  const headerBytes = file.length < 8 ? 0 : Number(file.readBigUInt64LE(0))
  if (headerBytes === 0 || 8 + headerBytes > file.length) throw new Error('it is no safetensors file')
  const header: unknown = JSON.parse(file.toString('utf8', 8, 8 + headerBytes))
  if (!isObject(header)) throw new Error('its header is no JSON object')
  const found = new Map<string, Weights>()
  for (const [name, entry] of Object.entries(header)) {
    const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>
    const read = readers[String(dtype)]
    if (name === '__metadata__' || !read || !Array.isArray(shape) || !Array.isArray(offsets)) continue
    const [from, to] = offsets.map((offset) => 8 + headerBytes + Number(offset)) as [number, number]
    if (!(from <= to && to <= file.length)) throw new Error(`its tensor ${name} reaches beyond the end`)
    const data = read(new Uint8Array(file.subarray(from, to)).buffer)
    if (data.length !== shape.reduce((product: number, length) => product * Number(length), 1))
      throw new Error(`its tensor ${name} has not as many values as its shape says`)
    found.set(name, { shape: shape.map(Number), data })
  }
  return found
}
