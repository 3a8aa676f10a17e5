/** Whether blobs are what their names say, and are needed. None is needed to serve: a version has its files by names of its own. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { blobsFolder, linkOver } from '../import/blobs.ts'
import { digestOfBlob, listBlobs, neededBlobs } from '../import/collect-blobs.ts'
import { othersAtWork } from '../import/volume/leftovers.ts'
import type { Contents } from './contents.ts'
import type { Problem } from './problem.ts'

/** @returns a file of a version with that content, absolute */
type Find = (sha256: string) => Promise<string | undefined>

const remove = async (path: string): Promise<boolean> => {
  await rm(path, { force: true })
  return true
}

const damaged = (path: string, blob: string, find: Find, sha256: string): Problem => ({
  ...{ problem: 'BlobDamaged', path },
  message: 'the blob has other bytes than its name says',
  advice:
    'fsck --repair takes the file of a version in its place, or deletes the blob: no version loses a file',
  repair: async () => {
    const good = await find(sha256)
    if (good !== undefined && (await linkOver(good, blob)).kind === 'linked') return true
    return remove(blob)
  },
})

const unneeded = (path: string, blob: string): Problem => ({
  ...{ problem: 'BlobUnneeded', path },
  message: 'no version needs the blob, and it takes room',
  advice: 'the next import deletes it, as fsck --repair does',
  repair: () => remove(blob),
})

const unknown = (path: string): Problem => ({
  ...{ problem: 'BlobUnknown', path },
  message: 'what lies there is no blob',
  advice: 'find out who wrote it, and delete it',
  repair: 'none',
})

/** @param find a file of a version with the right content */
export const checkBlobs = async (
  volume: string,
  contents: Contents,
  find: Find,
): Promise<readonly Problem[]> => {
  const problems: Problem[] = []
  const isBusy = await othersAtWork(volume, undefined) // No version names the blobs that an import at work needs.
  const needed = await neededBlobs(volume)
  for (const name of await listBlobs(volume)) {
    const [path, blob, sha256] = [
      join(blobsFolder, name),
      join(volume, blobsFolder, name),
      digestOfBlob(name),
    ]
    const content = await contents.of(blob)
    if (content.kind === 'missing') continue
    if (sha256 === undefined) problems.push(unknown(path))
    else if (content.kind !== 'read' || content.sha256 !== sha256)
      problems.push(damaged(path, blob, find, sha256))
    else if (!needed.has(sha256) && !isBusy) problems.push(unneeded(path, blob))
  }
  return problems
}
