import type { Dirent } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../failures/import-error.ts'
import { blobsFolder } from './blobs.ts'
import { isVersionId } from './volume/version-id.ts'
import { readVersion } from './volume/volume.ts'

const entriesOf = (dir: string): Promise<readonly Dirent[]> =>
  readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  })

/** Names in the folder of blobs, relative to it: `HH/HEX`, and whatever else is there. */
export const listBlobs = async (volume: string): Promise<readonly string[]> => {
  const folder = join(volume, blobsFolder)
  const inside = (await entriesOf(folder)).map(async (entry) => {
    if (!entry.isDirectory()) return [entry.name]
    return (await entriesOf(join(folder, entry.name))).map(({ name }) => `${entry.name}/${name}`)
  })
  return (await Promise.all(inside)).flat().sort()
}

/** @param name as `listBlobs` gives it @returns undefined where it is none of a blob */
export const digestOfBlob = (name: string): string | undefined => {
  const [, first, sha256] = /^([0-9a-f]{2})\/([0-9a-f]{64})$/.exec(name) ?? []
  return first !== undefined && sha256?.startsWith(first) ? sha256 : undefined
}

/** Digests of the files of all versions, as their metadata.json say; an encrypted file has no blob. */
export const neededBlobs = async (volume: string): Promise<ReadonlySet<string>> => {
  const ids = (await readdir(volume)).filter(isVersionId)
  const versions = await Promise.all(ids.map((id) => readVersion(volume, id)))
  return new Set(
    versions.flatMap(
      (version) => version?.files.flatMap(({ sha256, seal }) => (seal === undefined ? [sha256] : [])) ?? [],
    ),
  )
}

/**
 * Deletes blobs that no version needs. Counts of links decide nothing: imports at work have links too, and copies of a volume have none.
 * Should another import need a blob at this moment, it keeps its own file.
 * @returns digests of the deleted
 */
export const collectBlobs = async (volume: string): Promise<readonly string[]> => {
  const blobs = await listBlobs(volume)
  const needed = await neededBlobs(volume)
  const collected: string[] = []
  for (const blob of blobs) {
    const sha256 = digestOfBlob(blob)
    if (sha256 === undefined || needed.has(sha256)) continue
    await rm(join(volume, blobsFolder, blob), { force: true })
    collected.push(sha256)
  }
  return collected
}
