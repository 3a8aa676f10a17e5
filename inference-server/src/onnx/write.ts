/** The wire format of protocol buffers, written: each function makes one field of a message, by its number in onnx.proto. */

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

/** @param value at least 0 */
export const integer = (field: number, value: number): Buffer =>
  Buffer.concat([varint(field << 3), varint(value)])

/** What stands before the content of a text or a message. @param length of the content, in bytes */
export const head = (field: number, length: number): Buffer =>
  Buffer.concat([varint((field << 3) | 2), varint(length)])

export const bytes = (field: number, value: string | Uint8Array): Buffer => {
  const content = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([head(field, content.length), content])
}

export const message = (field: number, parts: readonly Uint8Array[]): Buffer =>
  bytes(field, Buffer.concat(parts))
