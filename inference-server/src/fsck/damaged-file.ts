/** Puts a file of a version right from another file of the volume that has its content. */
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { linkOver, temporaryName } from '../import/blobs.ts'
import { knownFiles } from '../import/known-files.ts'
import type { StagedFile } from '../import/staged-file.ts'
import { syncPath } from '../import/volume/sync.ts'

/** Copies a file over another, for volumes without hard links. */
const copyOver = async (from: string, to: string): Promise<void> => {
  const temporary = join(dirname(to), temporaryName())
  try {
    const file = await open(temporary, 'wx', 0o644)
    try {
      await pipeline(createReadStream(from), async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) await file.writeFile(chunk)
      })
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, to)
  } finally {
    await rm(temporary, { force: true })
  }
}

/**
 * Servers that have the old file open go on with it until they start anew.
 * @param id of the version
 * @returns whether the volume has a file with the right content
 */
export const restoreFile = async (volume: string, id: string, file: StagedFile): Promise<boolean> => {
  const good = await knownFiles(volume).find(file)
  if (good === undefined) return false
  const path = join(volume, id, file.path)
  await mkdir(dirname(path), { recursive: true })
  const linked = await linkOver(good, path)
  if (linked.kind === 'gone') return false
  if (linked.kind === 'refused') await copyOver(good, path)
  await syncPath(dirname(path))
  return true
}
