/** Memory of tensors: threads transfer it, and the last reader frees it. */
import type { NamedTensors, Tensor } from './tensor.ts'

/** Copying is cheaper than a transfer below this size; measured on Node 24. */
const handedFromBytes = 16_384

/** Each buffer once. */
const largeBuffers = (tensors: Iterable<Tensor>): ArrayBuffer[] => {
  const buffers = new Set<ArrayBuffer>()
  for (const { data } of tensors)
    if ('byteLength' in data && data.byteLength >= handedFromBytes) buffers.add(data.buffer)
  return [...buffers]
}

/** Buffers worth transferring with a message; the sender cannot read them afterwards. */
export const transferable = (tensors: NamedTensors): ArrayBuffer[] => largeBuffers(tensors.values())

/** Views of the buffer are empty afterwards. A detached buffer was transferred and belongs to its receiver. */
const free = (buffer: ArrayBuffer): void => {
  if (!buffer.detached) buffer.transfer(0)
}

/** Frees tensors that have no other reader. */
export const freeTensors = (tensors: Iterable<Tensor>): void => largeBuffers(tensors).forEach(free)

/**
 * Frees tensors whose readers are done at a known moment. V8 counts the memory of tensors as heap that has grown: without this, outputs of
 * 200 KB had the whole heap collected four times a second, which took a tenth of a core (decision 26).
 * @returns what each of the readers calls once when it is done, the last one freeing the memory; undefined where it is little
 */
export const readBy = (tensors: NamedTensors, readers: number): (() => void) | undefined => {
  const buffers = transferable(tensors)
  if (buffers.length === 0) return undefined
  let left = readers
  return () => {
    left -= 1
    if (left === 0) buffers.forEach(free)
  }
}

/**
 * The same of bytes with one reader.
 * @returns undefined where they are few, or look at memory that others look at, too
 */
export const freeing = ({ buffer, byteLength }: Buffer): (() => void) | undefined =>
  byteLength >= handedFromBytes && byteLength === buffer.byteLength && buffer instanceof ArrayBuffer
    ? () => free(buffer)
    : undefined

/** Frees bytes that have no other reader. */
export const freeBytes = ({ buffer }: Uint8Array): void => {
  if (buffer instanceof ArrayBuffer) free(buffer)
}
