/** What files of a volume consist of. Several names of one file are read once. */
import { lstat } from 'node:fs/promises'
import { codeOf } from '../failures/import-error.ts'
import { fileDigest } from '../import/digest.ts'

export type Content =
  | { readonly kind: 'read'; readonly sha256: string; readonly sizeBytes: number; readonly inode: string }
  | { readonly kind: 'missing' }
  /** `code` of the file system, or that it is no file. */
  | { readonly kind: 'unreadable'; readonly why: string }

export interface Contents {
  /** @param path absolute */
  readonly of: (path: string) => Promise<Content>
  /** Bytes read so far. */
  readonly sizeBytes: () => number
}

const gone: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR'])

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
    sizeBytes: () => readBytes,
  }
}
