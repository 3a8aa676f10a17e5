/** What files of a volume consist of. Several names of one file are read once. */
import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { codeOf } from '../failures/import-error.ts'
import { fileDigest } from '../import/digest.ts'
import type { ModelFile } from '../sealing/sealed-file.ts'

export type Content =
  | { readonly kind: 'read'; readonly sha256: string; readonly sizeBytes: number; readonly inode: string }
  | { readonly kind: 'missing' }
  /** `code` of the file system, or that it is no file. */
  | { readonly kind: 'unreadable'; readonly why: string }

export interface Contents {
  /** @param path absolute */
  readonly of: (path: string) => Promise<Content>
  /** Reads an encrypted file to its end, and closes it. @returns sha256 of its content, hexadecimal @throws SealError; the error of the file system */
  readonly ofOpened: (file: ModelFile) => Promise<string>
  /** Bytes read so far. */
  readonly sizeBytes: () => number
}

const gone: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR'])

/** Bytes that are opened at a time; a signal is looked at in between. */
const stretchBytes = 4 * 2 ** 20

export const openContents = (signal: AbortSignal): Contents => {
  const digests = new Map<string, string>()
  let readBytes = 0
  const read = async (path: string): Promise<Content> => {
    const stats = await lstat(path, { bigint: true })
    if (!stats.isFile()) return { kind: 'unreadable', why: 'it is no file' }
    const [inode, sizeBytes] = [`${stats.dev}:${stats.ino}`, Number(stats.size)]
    const known = digests.get(inode)
    const sha256 = known ?? (await fileDigest(path))
    if (known === undefined) readBytes += sizeBytes
    digests.set(inode, sha256)
    return { kind: 'read', sha256, sizeBytes, inode }
  }
  return {
    of: async (path) => {
      signal.throwIfAborted()
      try {
        return await read(path)
      } catch (error) {
        const code = codeOf(error)
        if (gone.has(code)) return { kind: 'missing' }
        return { kind: 'unreadable', why: code ?? `${error}` }
      }
    },
    ofOpened: async (file) => {
      const [hash, stretch] = [createHash('sha256'), Buffer.alloc(Math.min(stretchBytes, file.sizeBytes))]
      try {
        for (let position = 0; position < file.sizeBytes; ) {
          await turn()
          signal.throwIfAborted()
          const length = file.read(stretch, stretch.length, position)
          hash.update(stretch.subarray(0, length))
          position += length
          readBytes += length
        }
      } finally {
        file.close()
      }
      return hash.digest('hex')
    },
    sizeBytes: () => readBytes,
  }
}
