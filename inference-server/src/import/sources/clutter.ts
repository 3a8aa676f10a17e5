/** What lies in a folder but belongs to no model: git, caches, a disk's own folder. */

const clutter = new Set(['.git', '.cache', '.DS_Store', 'lost+found'])

/** Folders inside folders go no deeper in any model; a link to a parent folder would go on for ever. */
export const maxDepth = 16

/**
 * A mounted ConfigMap keeps its real files in folders that begin with two dots, and metadata.json is ours to write.
 * @param prefix of the folder, '' for the model's own
 */
export const isClutter = (name: string, prefix: string): boolean =>
  clutter.has(name) || name.startsWith('..') || (prefix === '' && name === 'metadata.json')

/** The same of a path, with all its folders. */
export const isClutterPath = (path: string): boolean => {
  const names = path.split('/')
  return names.some((name, depth) => isClutter(name, names.slice(0, depth).join('/')))
}
