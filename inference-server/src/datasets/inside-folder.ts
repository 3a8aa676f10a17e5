import { realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** Whether a path names something below a folder, by its words. */
export const isBelow = (path: string): boolean =>
  path !== '' &&
  !path.startsWith('/') &&
  !path.includes('\0') &&
  !path.includes('\\') &&
  !path.split('/').includes('..')

/**
 * The real path of a file of a folder. A link is followed as long as it stays in the folder: files of a mounted ConfigMap are links.
 * @param path relative, `isBelow`
 * @returns undefined where a link leads out of the folder
 * @throws what the file system says
 */
export const realPathWithin = async (folder: string, path: string): Promise<string | undefined> => {
  const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))])
  return file.startsWith(root.endsWith(sep) ? root : root + sep) ? file : undefined
}
