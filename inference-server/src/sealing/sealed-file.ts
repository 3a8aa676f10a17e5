/** Reads a sealed file at any place. Only bytes whose tag fits are ever returned. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { openChunk } from './chunk-cipher.ts'
import { changedFile } from './seal-error.ts'
import {
  chunkBytes,
  chunkCount,
  decodeHeader,
  fileKeyOf,
  headerBytes,
  openedSize,
  sealedChunkBytes,
} from './sealed-format.ts'

/** An open file of a model, sealed or not. */
export interface ModelFile {
  /** Bytes of its content. */
  readonly sizeBytes: number
  /** Reads up to `length` bytes of the content at `position` to the start of `target`. @returns how many; 0 at the end */
  readonly read: (target: Uint8Array, length: number, position: number) => number
  readonly close: () => void
}

/** What the version says of one of its files. */
export interface SealedEntry {
  /** Relative to the version's folder; for sentences. */
  readonly path: string
  /** Bytes of its content. */
  readonly sizeBytes: number
  /** The salt of its header, in base64. */
  readonly seal: string
}

/** @param descriptor of a file open for reading @throws SealError where its header or its size is not what the version says */
const readHeader = (descriptor: number, { path, sizeBytes, seal }: SealedEntry) => {
  const head = Buffer.alloc(headerBytes)
  const length = readSync(descriptor, head, 0, headerBytes, 0)
  const header = decodeHeader(head.subarray(0, length))
  const isSame =
    header?.salt.toString('base64') === seal && openedSize(fstatSync(descriptor).size) === sizeBytes
  if (!header || !isSame) throw changedFile(path)
  return header
}

/** Fills the buffer from the file. @returns how many bytes there were */
const readFully = (descriptor: number, target: Buffer, position: number): number => {
  let filled = 0
  while (filled < target.length) {
    const length = readSync(descriptor, target, filled, target.length - filled, position + filled)
    if (length === 0) break
    filled += length
  }
  return filled
}

/**
 * @param file absolute path
 * @param versionKey 32 bytes
 * @throws SealError where it is not as it was sealed, here and in `read`; the error of the file system
 */
export const openSealedFile = (file: string, entry: SealedEntry, versionKey: Uint8Array): ModelFile => {
  const descriptor = openSync(file, 'r')
  try {
    return sealedFile(descriptor, entry, versionKey)
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/**
 * Looks at a sealed file without its key.
 * @param file absolute path
 * @throws SealError where it is another one than the version says, or has another size; the error of the file system
 */
export const checkSealedFile = (file: string, entry: SealedEntry): void => {
  const descriptor = openSync(file, 'r')
  try {
    readHeader(descriptor, entry)
  } finally {
    closeSync(descriptor)
  }
}

const sealedFile = (descriptor: number, entry: SealedEntry, versionKey: Uint8Array): ModelFile => {
  const { path, sizeBytes } = entry
  const key = fileKeyOf(versionKey, readHeader(descriptor, entry))
  const chunks = chunkCount(sizeBytes)
  const sealed = Buffer.alloc(sealedChunkBytes)
  /** The chunk that was opened last: readers of model files go on where they were. */
  let opened: { readonly chunk: number; readonly content: Buffer } | undefined

  const contentOf = (chunk: number): Buffer => {
    if (opened?.chunk === chunk) return opened.content
    const length = readFully(descriptor, sealed, headerBytes + chunk * sealedChunkBytes)
    const content = openChunk(key, sealed.subarray(0, length), chunk, chunk === chunks - 1)
    if (!content) throw changedFile(path)
    opened = { chunk, content }
    return content
  }

  return {
    sizeBytes,
    read: (target, length, position) => {
      const end = Math.min(position + length, sizeBytes)
      let at = position
      while (at < end) {
        const chunk = Math.floor(at / chunkBytes)
        const from = at - chunk * chunkBytes
        const part = contentOf(chunk).subarray(from, from + end - at)
        target.set(part, at - position)
        at += part.length
      }
      return Math.max(0, at - position)
    },
    close: () => closeSync(descriptor),
  }
}
