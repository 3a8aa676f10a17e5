import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { codeOf, ImportError, TooLarge, volumeError, volumeFull } from '../failures/import-error.ts'
import { quotedText } from '../failures/shown-text.ts'
import { insideTop, topFolder } from './folder-listing.ts'

export type StagedFile = VersionMetadata['files'][number]

/** Files of a version that is not complete yet. */
export interface Staging {
  /** Absolute path of the folder that becomes the version. */
  readonly dir: string
  /** Most bytes of the source's files together; Infinity where there is no limit. */
  readonly maxBytes: number
  /** Files so far, in the order they came. */
  readonly files: () => readonly StagedFile[]
  /**
   * Writes one file of any size in constant memory, and waits until it is on the disk.
   * @param path relative, as insidePath gives it
   * @param expectedBytes where known: checked against the free space before anything is written
   */
  readonly add: (path: string, chunks: AsyncIterable<Uint8Array>, expectedBytes?: number) => Promise<void>
  /** @throws ImportError VolumeFull when that many bytes do not fit, or are more than a version may have */
  readonly reserve: (neededBytes: number) => Promise<void>
  /** Writes a file anew; the old one is there to read until the last chunk has come. */
  readonly replace: (path: string, chunks: Iterable<Uint8Array>, expectedBytes: number) => Promise<void>
  readonly remove: (paths: readonly string[]) => Promise<void>
  readonly move: (from: string, to: string) => Promise<void>
  /**
   * A single top folder that holds everything gives way to its content; `keep` is the name of one that does not.
   * @returns its name, if there was one
   */
  readonly hoist: (keep: string) => Promise<string | undefined>
  /** Removes all files, for another attempt. */
  readonly clear: () => Promise<void>
  /** Makes names as durable as contents. */
  readonly sync: () => Promise<void>
}

/** More files than any model has. */
const maxFiles = 10_000

/**
 * @param dir absolute, on the model volume; made anew
 * @param signal ends the writing of files
 * @param maxBytes most that the source's files may have together
 */
export const openStaging = async (
  dir: string,
  signal: AbortSignal,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Staging> => {
  let files: StagedFile[] = []

  const free = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(dir)
    return bavail * bsize
  }

  /** Runs an operation that writes to the volume, and turns its errors into ImportErrors. */
  const onVolume = async <Result>(
    neededBytes: number | undefined,
    write: () => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await write()
    } catch (error) {
      throw volumeError(error, dir, neededBytes, await free().catch(() => 0))
    }
  }

  const reserve = async (neededBytes: number): Promise<void> => {
    if (neededBytes > maxBytes) throw new TooLarge(maxBytes)
    await fits(neededBytes)
  }

  const fits = async (neededBytes: number): Promise<void> => {
    const bytes = await free()
    if (neededBytes > bytes) throw volumeFull(neededBytes, bytes)
  }

  const sum = (): number => files.reduce((total, { sizeBytes }) => total + sizeBytes, 0)

  const add: Staging['add'] = async (path, chunks, expectedBytes) => {
    const left = maxBytes - sum()
    if ((expectedBytes ?? 0) > left) throw new TooLarge(maxBytes)
    await write(path, chunks, { expectedBytes, limit: left })
  }

  /** @param limit most bytes that the file may have */
  const write = async (
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    { expectedBytes, limit }: { readonly expectedBytes: number | undefined; readonly limit: number },
  ): Promise<void> => {
    if (files.length >= maxFiles)
      throw new ImportError(
        'SourceUnsupported',
        `the source has more than ${maxFiles} files; give the model's own files only`,
      )
    if (expectedBytes !== undefined) await fits(expectedBytes)
    const target = join(dir, path)
    const file = await onVolume(expectedBytes, () => create(target, path))
    const hash = createHash('sha256')
    let sizeBytes = 0
    try {
      for await (const chunk of chunks) {
        signal.throwIfAborted()
        hash.update(chunk)
        sizeBytes += chunk.length
        if (sizeBytes > limit) throw new TooLarge(maxBytes)
        await onVolume(expectedBytes, () => writeAll(file, chunk))
      }
      await onVolume(expectedBytes, () => file.sync())
    } finally {
      await file.close()
    }
    files.push({ path, sizeBytes, sha256: hash.digest('hex') })
  }

  const remove: Staging['remove'] = async (paths) => {
    await onVolume(undefined, async () => {
      for (const path of paths) await rm(join(dir, path))
    })
    files = files.filter(({ path }) => !paths.includes(path))
  }

  const replace: Staging['replace'] = async (path, chunks, expectedBytes) => {
    const written = `${path}.new`
    // It is about as large as the one that it replaces, which the limit has counted.
    await write(written, Readable.from(chunks), { expectedBytes, limit: Number.POSITIVE_INFINITY })
    await remove([path])
    await move(written, path)
  }

  const move: Staging['move'] = async (from, to) => {
    await onVolume(undefined, async () => {
      await mkdir(dirname(join(dir, to)), { recursive: true })
      await rename(join(dir, from), join(dir, to))
    })
    files = files.map((file) => (file.path === from ? { ...file, path: to } : file))
  }

  const hoist: Staging['hoist'] = async (keep) => {
    const top = topFolder(
      files.map(({ path }) => path),
      keep,
    )
    if (top === undefined) return undefined
    await onVolume(undefined, async () => {
      const hoisted = `${dir}-hoisted`
      await rename(join(dir, top), hoisted)
      await rmdir(dir)
      await rename(hoisted, dir)
    })
    files = files.map((file) => ({ ...file, path: insideTop(file.path, top) }))
    return top
  }

  const clear = async (): Promise<void> => {
    files = []
    await onVolume(undefined, async () => {
      await rm(dir, { recursive: true, force: true })
      await mkdir(dir, { recursive: true })
    })
  }

  await clear()
  return {
    dir,
    maxBytes,
    files: () => files,
    add,
    reserve,
    replace,
    remove,
    move,
    hoist,
    clear,
    sync: () => onVolume(undefined, () => syncFolders(dir)),
  }
}

/** A new file; its folders are made on the way. */
const create = async (target: string, path: string): Promise<FileHandle> => {
  try {
    await mkdir(dirname(target), { recursive: true })
    return await open(target, 'wx', 0o644)
  } catch (error) {
    if (['EEXIST', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? ''))
      throw new ImportError('UnsafePath', 'the source has a file twice; pack every file once', 'never', {
        cause: error,
        detail: `the file is ${quotedText(path)}`,
      })
    throw error
  }
}

const writeAll = async (file: FileHandle, chunk: Uint8Array): Promise<void> => {
  for (let written = 0; written < chunk.length; )
    written += (await file.write(chunk, written, chunk.length - written)).bytesWritten
}

const syncFolders = async (dir: string): Promise<void> => {
  for (const entry of await readdir(dir, { withFileTypes: true }))
    if (entry.isDirectory()) await syncFolders(join(dir, entry.name))
  await syncPath(dir)
}

/** fsync of a folder: its names survive a crash. */
export const syncPath = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
