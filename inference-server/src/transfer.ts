/** Tensors that go from one thread to another. */
import type { NamedTensors, Tensor } from './tensor.ts'

/** Below this size copying is cheaper than handing memory over; measured on Node 24. */
const transferFromBytes = 16_384

/** Memory worth handing over with a message, each buffer once; whoever does has it no more. */
export const transferable = (tensors: NamedTensors): ArrayBuffer[] => {
  const buffers = new Set<ArrayBuffer>()
  for (const name in tensors) {
    const { data } = tensors[name] as Tensor
    if ('byteLength' in data && data.byteLength >= transferFromBytes) buffers.add(data.buffer)
  }
  return [...buffers]
}
