/** Seals the content of a file while it comes, in constant memory. */
import { sealChunk } from './chunk-cipher.ts'
import { chunkBytes, encodeHeader, fileKeyOf, type Header, newHeader } from './sealed-format.ts'

export interface Sealing {
  /** The salt of the header, in base64: metadata.json names the file by it. */
  readonly seal: string
  /** Bytes to write for bytes that came. */
  readonly push: (content: Uint8Array) => Buffer
  /** Bytes to write at the end; nothing may be pushed after it. */
  readonly end: () => Buffer
}

/**
 * Begins a sealed file.
 * @param versionKey 32 bytes
 * @param header passed in by tests that compare bytes
 */
export const beginSealing = (versionKey: Uint8Array, header: Header = newHeader()): Sealing => {
  const key = fileKeyOf(versionKey, header)
  /** Content that is not sealed yet. A full chunk waits until more comes, since only the end says which chunk is the last. */
  const pending = Buffer.alloc(chunkBytes)
  let filled = 0
  let chunk = 0
  let written = encodeHeader(header)

  const sealPending = (isLast: boolean): readonly Buffer[] => {
    const sealed = sealChunk(key, pending.subarray(0, filled), chunk, isLast)
    chunk += 1
    filled = 0
    return sealed
  }
  const taken = (parts: readonly Buffer[]): Buffer => {
    const bytes = Buffer.concat([written, ...parts])
    written = Buffer.alloc(0)
    return bytes
  }

  return {
    seal: header.salt.toString('base64'),
    push: (content) => {
      const parts: Buffer[] = []
      for (let position = 0; position < content.length; ) {
        if (filled === chunkBytes) parts.push(...sealPending(false))
        const length = Math.min(chunkBytes - filled, content.length - position)
        pending.set(content.subarray(position, position + length), filled)
        filled += length
        position += length
      }
      return taken(parts)
    },
    end: () => {
      const bytes = taken(sealPending(true))
      pending.fill(0)
      return bytes
    },
  }
}
