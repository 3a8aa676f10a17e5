/** The few bytes of protobuf that small models are written with. */

/** A field of wire type 2: tag, length, bytes. All lengths here fit two varint bytes. */
export const field = (number: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content)
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7]
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), bytes])
}

/** A field of wire type 0 with a value below 128. */
export const small = (number: number, value: number): Buffer => Buffer.from([number << 3, value])
