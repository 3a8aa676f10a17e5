import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** fsync of a folder: its names survive a crash. */
export const syncPath = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The same for a folder and all folders in it. */
export const syncFolders = async (dir: string): Promise<void> => {
  for (const entry of await readdir(dir, { withFileTypes: true }))
    if (entry.isDirectory()) await syncFolders(join(dir, entry.name))
  await syncPath(dir)
}
