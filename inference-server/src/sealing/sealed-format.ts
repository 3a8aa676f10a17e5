/**
 * The layout of a sealed file: a header, then the content in chunks that each have an AES-256-GCM tag.
 *
 * The key of a file belongs to that file alone: HKDF-SHA256 makes it of the version's key and of the salt in the header. So a
 * nonce only has to differ within the file: it is the number of the chunk, and whether the chunk is the last one. Chunks
 * that are swapped, left out or appended are opened with another nonce than they were sealed with, and their tags do not fit.
 */
import { hkdfSync, randomBytes } from 'node:crypto'

export const cipherName = 'aes-256-gcm'

/** Bytes of every key here. */
export const keyBytes = 32
export const tagBytes = 16
export const nonceBytes = 12

/** Bytes of content in a chunk, as many as the readers of model files take at a time; the last chunk may have fewer. */
export const chunkBytes = 64 * 1024
export const sealedChunkBytes = chunkBytes + tagBytes

/** Says what the file is, and by which version of this layout. */
const magic = Buffer.from('GANTRYS1', 'latin1')
const saltBytes = 32
export const headerBytes = magic.length + saltBytes

export interface Header {
  /** 32 random bytes that no other file has. */
  readonly salt: Buffer
}

export const newHeader = (): Header => ({ salt: randomBytes(saltBytes) })

export const encodeHeader = ({ salt }: Header): Buffer => Buffer.concat([magic, salt])

/** @returns undefined for the beginning of any other file */
export const decodeHeader = (head: Buffer): Header | undefined =>
  head.length >= headerBytes && head.subarray(0, magic.length).equals(magic)
    ? { salt: Buffer.from(head.subarray(magic.length, headerBytes)) }
    : undefined

/** Key of one file. @param versionKey 32 bytes */
export const fileKeyOf = (versionKey: Uint8Array, { salt }: Header): Buffer =>
  Buffer.from(hkdfSync('sha256', versionKey, salt, 'gantry model file 1', keyBytes))

/** @param chunk its number, from 0 @returns 12 bytes: the number, big-endian, then 1 for the last chunk */
export const nonceOf = (chunk: number, isLast: boolean): Buffer => {
  const nonce = Buffer.alloc(nonceBytes)
  nonce.writeUIntBE(chunk, 5, 6)
  nonce[nonceBytes - 1] = isLast ? 1 : 0
  return nonce
}

/** An empty file has one chunk, too, so that it has a tag. */
export const chunkCount = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / chunkBytes))

/** Bytes that a file of so many bytes has when it is sealed. */
export const sealedSize = (sizeBytes: number): number =>
  headerBytes + sizeBytes + tagBytes * chunkCount(sizeBytes)

/** The opposite of `sealedSize`. @returns undefined where no file has that size when it is sealed */
export const openedSize = (sealedBytes: number): number | undefined => {
  const chunks = Math.ceil((sealedBytes - headerBytes) / sealedChunkBytes)
  const sizeBytes = sealedBytes - headerBytes - tagBytes * chunks
  return chunks > 0 && sizeBytes >= 0 && sealedSize(sizeBytes) === sealedBytes ? sizeBytes : undefined
}
