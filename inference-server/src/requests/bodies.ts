/** Limits of request bodies, over HTTP and gRPC alike. */
import { type BytesInFlight, createBytesInFlight } from './bytes-in-flight.ts'
import { createUnpacking, type Unpack } from './unpacking.ts'

export interface Bodies {
  /** Most bytes of one body, unpacked. */
  readonly limitBytes: number
  readonly inFlight: BytesInFlight
  readonly unpack: Unpack
}

export const createBodies = (limitBytes: number, inFlightBytes: number): Bodies => {
  const inFlight = createBytesInFlight(inFlightBytes)
  return { limitBytes, inFlight, unpack: createUnpacking(inFlight) }
}
