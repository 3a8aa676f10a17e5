import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Layout } from '../layout.ts'

export type ConfigFile = { readonly path: string; readonly text: string }

/**
 * A configuration file whose name tells its content: a program whose configuration has changed has other arguments
 * than before and is replaced, and a file that some program watches is never written twice.
 */
export const configFile = (layout: Layout, name: string, text: string): ConfigFile => {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8)
  return { path: join(layout.config, digest, name), text }
}

export const writeConfigFile = async ({ path, text }: ConfigFile): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

/** Writes a file that must keep its name. A program that watches it sees no change where there is none, and never half a file. */
export const writeIfChanged = async (path: string, text: string, mode = 0o644): Promise<void> => {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return
  await mkdir(dirname(path), { recursive: true })
  const unfinished = `${path}.new`
  await writeFile(unfinished, text, { mode })
  await rename(unfinished, path)
}
