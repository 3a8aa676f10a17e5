import { mkdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolders } from './sync.ts'
import type { VolumeSpace } from './volume-space.ts'

/** What a staging does to its folder on the volume; all paths are relative to it. */
export const stagingFolder = (dir: string, { onVolume }: VolumeSpace) => ({
  remove: (paths: readonly string[]): Promise<void> =>
    onVolume(undefined, async () => {
      for (const path of paths) await rm(join(dir, path))
    }),
  move: (from: string, to: string): Promise<void> =>
    onVolume(undefined, async () => {
      await mkdir(dirname(join(dir, to)), { recursive: true })
      await rename(join(dir, from), join(dir, to))
    }),
  /** The content of the only top folder takes its place. */
  hoist: (top: string): Promise<void> =>
    onVolume(undefined, async () => {
      const hoisted = `${dir}-hoisted`
      await rename(join(dir, top), hoisted)
      await rmdir(dir)
      await rename(hoisted, dir)
    }),
  clear: (): Promise<void> =>
    onVolume(undefined, async () => {
      await rm(dir, { recursive: true, force: true })
      await mkdir(dir, { recursive: true })
    }),
  sync: (): Promise<void> => onVolume(undefined, () => syncFolders(dir)),
})
