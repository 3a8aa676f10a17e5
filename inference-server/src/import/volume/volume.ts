import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isIndexedVersion } from '@gantry/contract/documents.ts'
import { shownSource } from '@gantry/contract/source.ts'
import {
  type IndexedVersion,
  metadataFile,
  type VersionMetadata,
  type VersionsIndex,
  versionsFile,
} from '@gantry/contract/versions.ts'
import { codeOf, folderError, ImportError, volumeError } from '../../failures/import-error.ts'
import type { Encryption } from '../../sealing/version-seal.ts'
import { removeFolder, temporaryIndex } from './leftovers.ts'
import { syncPath } from './sync.ts'
import { compareIds, isVersionId, nextId } from './version-id.ts'

/** What a version is, but for the id and the time that it gets when it is committed. */
export type NewVersion = Omit<VersionMetadata, 'id' | 'createdAt'>

/**
 * The versions of a volume, oldest first, from their own metadata.json: versions.json is only a copy of them.
 * A folder whose metadata.json cannot be read, or is not what its schema says, is no version that could be served, and is left alone.
 */
export const readVersions = async (volume: string): Promise<readonly IndexedVersion[]> => {
  const names = (await readdir(volume)).filter(isVersionId).sort(compareIds)
  const versions = await Promise.all(names.map((name) => readMetadata(volume, name)))
  return versions.filter((version) => version !== undefined)
}

const readMetadata = async (volume: string, id: string): Promise<IndexedVersion | undefined> => {
  const metadata = await readVersion(volume, id)
  if (!metadata) return undefined
  const { files: _, rows: __, evaluation: ___, wrappedKey: ____, linksRefused: _____, ...version } = metadata
  return { ...version, source: shownSource(version.source) } // earlier imports left more of an address
}

/** One version with its files. @returns undefined where its metadata.json is missing, or is not what its schema says */
export const readVersion = async (volume: string, id: string): Promise<VersionMetadata | undefined> => {
  try {
    const read: unknown = JSON.parse(await readFile(join(volume, id, metadataFile), 'utf8'))
    const metadata: unknown = { ...(read as object), id }
    return isIndexedVersion(metadata) ? (metadata as VersionMetadata) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** How the id of a version is found where the volume does not know all of the model's versions. */
export interface Naming {
  /** The id itself: the version was imported before, elsewhere. */
  readonly id?: string | undefined
  /** Newest id of the model; the new one comes after it. */
  readonly newerThan?: string | undefined
}

const idAfter = (existing: readonly string[], { id, newerThan }: Naming, now: Date): string => {
  if (id === undefined) return nextId(newerThan === undefined ? existing : [...existing, newerThan], now)
  if (!existing.includes(id)) return id
  throw new ImportError('ImportFailed', `${id} is on the volume already, with another revision`)
}

/** How a staged folder becomes a version. */
export interface Committing extends Naming {
  /** Wraps the key of its files, which belongs to this id alone. */
  readonly encrypt?: (version: VersionMetadata) => Encryption
}

/**
 * Makes a staged folder a version: whole, durable, and under an id that no other has.
 * @param dir absolute, on the same volume, with all its files on the disk
 */
export const commit = async (
  volume: string,
  dir: string,
  version: NewVersion,
  now: Date,
  { encrypt, ...naming }: Committing = {},
): Promise<VersionMetadata> =>
  onVolume(volume, async () => {
    for (;;) {
      const id = idAfter((await readdir(volume)).filter(isVersionId), naming, now)
      const named = { id, ...version, createdAt: now.toISOString() }
      const metadata = { ...named, ...encrypt?.(named) }
      await writeDurably(join(dir, metadataFile), metadata)
      await syncPath(dir)
      if (await renameUnlessTaken(dir, join(volume, id))) {
        await syncPath(volume)
        return metadata
      }
    }
  })

/** Writes the metadata.json of a version anew: its reader finds the one or the other, and nothing in between. */
export const replaceMetadata = (volume: string, metadata: VersionMetadata): Promise<void> =>
  onVolume(volume, async () => {
    const dir = join(volume, metadata.id)
    // The temporary file is beside the version, so that a killed process leaves no strange file among those of a model.
    const temporary = join(volume, `${temporaryIndex}${randomUUID()}`)
    await writeDurably(temporary, metadata)
    await rename(temporary, join(dir, metadataFile))
    await syncPath(dir)
  })

/** A version folder is never empty, so the rename fails where another import took the name first. */
const renameUnlessTaken = async (from: string, to: string): Promise<boolean> => {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * Writes versions.json after the folders, and again until both agree: of imports at the same time, the one that writes last
 * has seen them all.
 */
export const writeIndex = async (volume: string): Promise<void> =>
  onVolume(volume, async () => {
    let written = await readIndexText(volume)
    for (;;) {
      const index: VersionsIndex = { versions: await readVersions(volume) }
      const text = JSON.stringify(index, undefined, 2)
      if (text === written) return
      const temporary = join(volume, `${temporaryIndex}${randomUUID()}`)
      try {
        await writeDurably(temporary, index)
        await rename(temporary, join(volume, versionsFile))
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
      await syncPath(volume)
      written = text
    }
  })

const readIndexText = (volume: string): Promise<string | undefined> =>
  readFile(join(volume, versionsFile), 'utf8').catch(() => undefined)

/** Ids of versions that are not deleted. Those of `pinned` do not count for the limit. */
interface Staying {
  readonly keep: ReadonlySet<string>
  readonly pinned: ReadonlySet<string>
}

/**
 * Deletes the oldest versions beyond the limit, but never the newest, nor those that stay, nor the parent of one that stays: an optimization
 * begins from it.
 * @returns ids of the deleted
 */
export const prune = async (volume: string, limit: number, staying: Staying): Promise<readonly string[]> => {
  const excess = beyondLimit(await readVersions(volume), limit, staying)
  for (const id of excess) await onVolume(volume, () => removeFolder(volume, id))
  return excess
}

/** Ids of those to delete, in an order in which each version goes before its parent. */
const beyondLimit = (
  versions: readonly IndexedVersion[],
  limit: number,
  { keep, pinned }: Staying,
): readonly string[] => {
  const newest = versions.at(-1)?.id
  const excess: string[] = []
  let left = versions
  while (left.filter(({ id }) => !pinned.has(id)).length > limit) {
    const parents = new Set(left.map(({ parent }) => parent))
    const stays = (id: string): boolean => id === newest || keep.has(id) || pinned.has(id) || parents.has(id)
    const next = left.find(({ id }) => !stays(id))
    if (!next) break
    excess.push(next.id)
    left = left.filter(({ id }) => id !== next.id)
  }
  return excess
}

const writeDurably = async (path: string, value: unknown): Promise<void> => {
  const file = await open(path, 'w', 0o644)
  try {
    await file.writeFile(JSON.stringify(value, undefined, 2))
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The volume's folder, made where it is missing (on a developer's machine). */
export const openVolume = async (volume: string): Promise<void> => {
  try {
    await makeFolder(volume)
  } catch (error) {
    throw folderError(error, volume)
  }
}

/** Makes a folder with its parents. mkdir's own `recursive` never ends where a parent exists and is reported as missing, as in /proc. */
const makeFolder = async (dir: string, isParentThere = false): Promise<void> => {
  try {
    await mkdir(dir)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(dir)).isDirectory()) return
    if (codeOf(error) !== 'ENOENT' || isParentThere) throw error
    await makeFolder(dirname(dir))
    await makeFolder(dir, true)
  }
}

const onVolume = async <Result>(volume: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    throw volumeError(error, volume, undefined, 0)
  }
}
