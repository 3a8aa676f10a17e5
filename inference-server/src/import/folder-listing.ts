/** The files of a model's folder, as far as they belong to a model. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isClutter, maxDepth } from './sources/clutter.ts'

export { isClutter, isClutterPath, maxDepth } from './sources/clutter.ts'

/**
 * Links are followed; what cannot be read is left out.
 * @returns paths relative to the folder
 */
export const listFolder = async (dir: string, prefix = '', depth = 0): Promise<readonly string[]> => {
  if (depth > maxDepth) return []
  const names = (await readdir(join(dir, prefix))).filter((name) => !isClutter(name, prefix)).sort()
  const found = names.map(async (name): Promise<readonly string[]> => {
    const path = prefix + name
    const stats = await stat(join(dir, path)).catch(() => undefined)
    if (stats?.isDirectory()) return listFolder(dir, `${path}/`, depth + 1).catch(() => [])
    return stats?.isFile() ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

/**
 * A folder that holds everything, as archives and downloads often have one.
 * @param keep name of one that is part of a model
 * @returns its name; undefined where files lie outside of it, or there is none
 */
export const topFolder = (paths: readonly string[], keep: string): string | undefined => {
  const [top] = paths[0]?.split('/') ?? []
  const isTop = top !== undefined && top !== keep && paths.every((path) => path.startsWith(`${top}/`))
  return isTop ? top : undefined
}

/** A path as the files in that folder are called from inside. */
export const insideTop = (path: string, top: string | undefined): string =>
  top !== undefined && path.startsWith(`${top}/`) ? path.slice(top.length + 1) : path
