import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ImportError, TooLarge } from '../failures/import-error.ts'
import { beginSealing } from '../sealing/seal-stream.ts'
import type { SealedEntry } from '../sealing/sealed-file.ts'
import { closeSealedFolder, openSealedFolder } from '../sealing/sealed-folders.ts'
import { type KnownFiles, linkNew, type Wanted } from './blobs.ts'
import { mostFiles } from './sources/remote.ts'
import { type NewFile, type StagedFile, writeStagedFile } from './staged-file.ts'
import { stagingFolder } from './staging-folder.ts'
import { volumeSpace } from './volume/volume-space.ts'

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
  /**
   * Takes a file from the volume where one with that content is there already, in place of `add`.
   * @param path relative, as insidePath gives it
   * @returns the file; undefined where there is none, where the volume has no hard links, and where files are encrypted
   */
  readonly reuse: (path: string, content: Wanted) => Promise<StagedFile | undefined>
  /** @throws ImportError VolumeFull when that many more bytes do not fit, TooLarge when a version may not have them */
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
  /** Forgets the key of encrypted files. */
  readonly close: () => void
}

/** Files are encrypted by the key of their version, or linked to those that the volume has. */
export interface StagingFiles {
  /** 32 bytes. */
  readonly versionKey?: Uint8Array
  readonly known?: KnownFiles
}

const sealedEntry = ({ path, sizeBytes, seal = '' }: StagedFile): SealedEntry => ({ path, sizeBytes, seal })

export const tooManyFiles = (): ImportError =>
  new ImportError(
    'SourceUnsupported',
    `the source has more than ${mostFiles} files; give the model's own files only`,
  )

/**
 * @param dir absolute, on the model volume; made anew
 * @param signal ends the writing of files
 * @param maxBytes most that the source's files may have together
 * @param how the key that encrypts the files, which can then be read by sealing/model-file.ts until `close`; or files that are on the volume already
 */
export const openStaging = async (
  dir: string,
  signal: AbortSignal,
  maxBytes = Number.POSITIVE_INFINITY,
  how: StagingFiles = {},
): Promise<Staging> => {
  const { versionKey, known } = how
  const space = volumeSpace(dir)
  const folder = stagingFolder(dir, space)
  /** Bytes of the source's files that are being written; several are at a time. */
  const begun = new Map<object, number>()

  const refuseBeyond = (bytes: number, limit: number): void => {
    if (bytes > limit) throw new TooLarge(maxBytes)
  }

  let noted = { files: folder.files(), bytes: 0 }
  /** Bytes of the source's files so far. It is asked with every chunk, and the list is summed up when it is another one only. */
  const writtenBytes = (): number => {
    const files = folder.files()
    if (noted.files !== files)
      noted = { files, bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
    return [...begun.values()].reduce((sum, bytes) => sum + bytes, noted.bytes)
  }

  /** @param onBytes told how many bytes the file has with the next chunk */
  const write = async (
    file: Omit<NewFile, 'dir' | 'sealing'>,
    chunks: AsyncIterable<Uint8Array>,
    onBytes: (sizeBytes: number) => void,
  ): Promise<void> => {
    if (folder.files().length >= mostFiles) throw tooManyFiles()
    const sealing = versionKey && beginSealing(versionKey)
    const written = await writeStagedFile(space, { dir, sealing, ...file }, chunks, (sizeBytes) => {
      signal.throwIfAborted()
      onBytes(sizeBytes)
    })
    folder.note(written)
  }

  const add: Staging['add'] = async (path, chunks, expectedBytes) => {
    refuseBeyond(writtenBytes() + (expectedBytes ?? 0), maxBytes)
    const file = { path, expectedBytes }
    try {
      await write(file, chunks, (sizeBytes) => {
        begun.set(file, sizeBytes)
        refuseBeyond(writtenBytes(), maxBytes)
      })
    } finally {
      begun.delete(file)
    }
  }

  const reuse: Staging['reuse'] = async (path, content) => {
    signal.throwIfAborted()
    const there = await known?.find(content)
    if (there === undefined) return undefined
    if (folder.files().length >= mostFiles) throw tooManyFiles()
    const linked = await space.onVolume(undefined, () => linkNew(there, join(dir, path)))
    if (linked?.kind !== 'linked') return undefined
    const { size: sizeBytes } = await space.onVolume(undefined, () => stat(join(dir, path)))
    refuseBeyond(writtenBytes() + sizeBytes, maxBytes)
    const file = { path, sha256: content.sha256, sizeBytes }
    folder.note(file)
    return file
  }

  const replace: Staging['replace'] = async (path, chunks, expectedBytes) => {
    const written = `${path}.new`
    // It is about as large as the one that it replaces, which the limit has counted.
    await write({ path: written, expectedBytes }, Readable.from(chunks), () => undefined)
    await folder.remove([path])
    await folder.move(written, path)
  }

  const reserve: Staging['reserve'] = async (neededBytes) => {
    refuseBeyond(writtenBytes() + neededBytes, maxBytes)
    await space.fits(neededBytes)
  }

  const { files, remove, move, hoist, clear, sync } = folder
  await clear()
  if (versionKey) openSealedFolder({ dir, versionKey, entries: () => files().map(sealedEntry) })
  const close = (): void => closeSealedFolder(dir)
  return { dir, maxBytes, files, add, reuse, reserve, replace, remove, move, hoist, clear, sync, close }
}
