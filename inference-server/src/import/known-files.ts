/** Files that are on a volume already, by their content. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { blobPath, hasContent, type KnownFiles, type Wanted } from './blobs.ts'
import { isVersionId } from './volume/version-id.ts'
import { readVersion } from './volume/volume.ts'

/** Absolute paths of the files of all versions, by their sha256. A version whose metadata.json cannot be read has none. */
const filesOfVersions = async (volume: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const paths = new Map<string, string[]>()
  for (const id of (await readdir(volume)).filter(isVersionId)) {
    const version = await readVersion(volume, id).catch(() => undefined)
    for (const { path, sha256 } of version?.files ?? [])
      paths.set(sha256, [...(paths.get(sha256) ?? []), join(volume, id, path)])
  }
  return paths
}

const keyOf = ({ sha256, sizeBytes }: Wanted): string => `${sha256} ${sizeBytes ?? 'of any size'}`

/** Blobs are looked for first. A version that was made before there were blobs, or whose blobs were deleted, has only its own files. */
export const knownFiles = (volume: string): KnownFiles => {
  let ofVersions: Promise<ReadonlyMap<string, readonly string[]>> | undefined
  const found = new Map<string, string>() // large files are read once in a process
  const search = async (content: Wanted): Promise<string | undefined> => {
    const blob = blobPath(volume, content.sha256)
    if (await hasContent(blob, content)) return blob
    ofVersions ??= filesOfVersions(volume)
    for (const path of (await ofVersions).get(content.sha256) ?? [])
      if (await hasContent(path, content)) return path
    return undefined
  }
  return {
    find: async (content) => {
      const path = found.get(keyOf(content)) ?? (await search(content))
      if (path !== undefined) found.set(keyOf(content), path)
      return path
    },
  }
}
