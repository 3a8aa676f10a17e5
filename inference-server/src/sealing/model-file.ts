/** How all code reads the files of a model by their paths: as they are, or opened where they lie in a sealed folder. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { metadataFile } from '@gantry/contract/versions.ts'
import { changedFile } from './seal-error.ts'
import { type ModelFile, openSealedFile, type SealedEntry } from './sealed-file.ts'
import { type SealedPath, sealedPath } from './sealed-folders.ts'

/** The error of a file system for a file that is not there. */
const missing = (path: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' })

const entryOf = ({ folder, path }: SealedPath): SealedEntry | undefined =>
  folder.entries().find((entry) => entry.path === path)

/** metadata.json is read before the folder is opened, and its own members say what they are worth. */
const sealedAt = (file: string): SealedPath | undefined => {
  const sealed = sealedPath(file)
  return sealed?.path === metadataFile ? undefined : sealed
}

const openSealed = (file: string, sealed: SealedPath): ModelFile => {
  const entry = entryOf(sealed)
  if (!entry) throw missing(file)
  try {
    return openSealedFile(file, entry, sealed.folder.versionKey)
  } catch (error) {
    // The version has the file, so that it is not there is no reason to go on without it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw changedFile(entry.path)
    throw error
  }
}

/** @param file absolute path @throws the error of the file system @throws SealError */
export const openModelFile = (file: string): ModelFile => {
  const sealed = sealedAt(file)
  if (sealed) return openSealed(file, sealed)
  const descriptor = openSync(file, 'r')
  return {
    sizeBytes: fstatSync(descriptor).size,
    read: (target, length, position) => readSync(descriptor, target, 0, length, position),
    close: () => closeSync(descriptor),
  }
}

/** Bytes that are opened at a time while a file is read as a whole. */
const stretchBytes = 16 * 2 ** 20

/** @param target as long as the content @throws SealError */
const readInto = (opened: ModelFile, target: Uint8Array, path: string): void => {
  for (let position = 0; position < target.length; ) {
    const length = opened.read(
      target.subarray(position),
      Math.min(stretchBytes, target.length - position),
      position,
    )
    if (length === 0) throw changedFile(path)
    position += length
  }
}

/** The whole content. @throws the error of the file system @throws SealError */
export const readModelFile = async (file: string): Promise<Buffer> => {
  const sealed = sealedAt(file)
  if (!sealed) return readFile(file)
  const opened = openSealed(file, sealed)
  try {
    const content = Buffer.alloc(opened.sizeBytes)
    readInto(opened, content, sealed.path)
    return content
  } finally {
    opened.close()
  }
}

/** Bytes of the content. @returns undefined where there is no such file, or it is a folder */
export const modelFileSize = async (file: string): Promise<number | undefined> => {
  const sealed = sealedAt(file)
  if (sealed) return entryOf(sealed)?.sizeBytes
  try {
    const stats = await stat(file)
    return stats.isFile() ? stats.size : undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
