/**
 * The sealed folders that this thread may read, by their paths, as a table of mounts is. Everything that reads a model's files
 * is given their paths, and asks here whether such a path lies in a sealed folder. A folder is sealed as a whole: a file in
 * it that the version does not name is refused, and so is one that is not sealed.
 */
import { isAbsolute, relative, sep } from 'node:path'
import type { SealedEntry } from './sealed-file.ts'

export interface SealedFolder {
  /** Absolute. */
  readonly dir: string
  /** 32 bytes. */
  readonly versionKey: Uint8Array
  /** What is in it; paths with slashes. A staging adds to it while it writes. */
  readonly entries: () => readonly SealedEntry[]
}

/** A sealed folder as a worker thread is told of it. */
export interface SentFolder {
  readonly dir: string
  readonly versionKey: Uint8Array
  readonly entries: readonly SealedEntry[]
}

const folders = new Map<string, SealedFolder>()

export const openSealedFolder = (folder: SealedFolder): void => {
  folders.set(folder.dir, folder)
}

export const closeSealedFolder = (dir: string): void => {
  folders.delete(dir)
}

/** Path inside the folder, with slashes, '' for the folder itself; undefined where it lies elsewhere. */
const insideOf = (dir: string, path: string): string | undefined => {
  const inside = relative(dir, path)
  const isOutside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
  return isOutside ? undefined : inside.split(sep).join('/')
}

export interface SealedPath {
  readonly folder: SealedFolder
  /** Relative to the folder, with slashes. */
  readonly path: string
}

/** @param file absolute path @returns undefined where no sealed folder has it */
export const sealedPath = (file: string): SealedPath | undefined => {
  if (folders.size === 0) return undefined
  for (const folder of folders.values()) {
    const path = insideOf(folder.dir, file)
    if (path !== undefined) return { folder, path }
  }
  return undefined
}

/** The sealed folder that a path is, or lies in, to be told to another thread or process. */
export const sentFolder = (path: string): SentFolder | undefined => {
  const found = sealedPath(path)?.folder
  return found && { dir: found.dir, versionKey: Uint8Array.from(found.versionKey), entries: found.entries() }
}

/** Opens the folder that another thread has sent, where it sent one. */
export const takeSealedFolder = (sent: SentFolder | undefined): void => {
  if (sent) openSealedFolder({ ...sent, entries: () => sent.entries })
}
