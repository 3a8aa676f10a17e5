/** The wire format of protocol buffers, written: each function makes one field of a message. */

const varint = (value: number | bigint): Buffer => {
  const bytes: number[] = []
  // Negative numbers are written as 64 bits of two's complement.
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

export const integer = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(field << 3), varint(value)])

/** 32 bits, little-endian. */
export const float = (field: number, value: number): Buffer => {
  const content = Buffer.alloc(4)
  content.writeFloatLE(value)
  return Buffer.concat([varint((field << 3) | 5), content])
}

export const bytes = (field: number, value: string | Uint8Array): Buffer => {
  const content = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

export const message = (field: number, parts: readonly Buffer[]): Buffer => bytes(field, Buffer.concat(parts))
