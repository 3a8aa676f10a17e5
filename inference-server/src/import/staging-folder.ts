import { mkdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { insideTop, topFolder } from './folder-listing.ts'
import type { StagedFile } from './staged-file.ts'
import { syncFolders } from './volume/sync.ts'
import type { VolumeSpace } from './volume/volume-space.ts'

/** The folder of a staging on the volume, and the list of its files. All paths are relative to it. */
export const stagingFolder = (dir: string, { onVolume }: VolumeSpace) => {
  let files: readonly StagedFile[] = []

  /** The folder and those that it is in, as far as nothing is left in them. */
  const removeEmpty = async (folder: string): Promise<void> => {
    if (folder === '.') return
    const isGone = await rmdir(join(dir, folder)).then(
      () => true,
      () => false,
    )
    if (isGone) await removeEmpty(dirname(folder))
  }

  const remove = async (paths: readonly string[]): Promise<void> => {
    await onVolume(undefined, async () => {
      for (const path of paths) {
        await rm(join(dir, path))
        await removeEmpty(dirname(path))
      }
    })
    files = files.filter(({ path }) => !paths.includes(path))
  }

  const move = async (from: string, to: string): Promise<void> => {
    await onVolume(undefined, async () => {
      await mkdir(dirname(join(dir, to)), { recursive: true })
      await rename(join(dir, from), join(dir, to))
    })
    files = files.map((file) => (file.path === from ? { ...file, path: to } : file))
  }

  const hoist = async (keep: string): Promise<string | undefined> => {
    const paths = files.map(({ path }) => path)
    const top = topFolder(paths, keep)
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

  return {
    files: (): readonly StagedFile[] => files,
    /** Notes a file that was written into the folder. */
    note: (file: StagedFile): void => {
      files = [...files, file]
    },
    remove,
    move,
    hoist,
    clear,
    sync: (): Promise<void> => onVolume(undefined, () => syncFolders(dir)),
  }
}
