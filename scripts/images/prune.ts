/**
 * Removes packages that the workspace does not need, in image builds, after npm. npm leaves those that another workspace
 * needs and this one's tests do.
 *   node prune.ts operator node_modules
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { installedPaths, neededBy, unneeded } from './installed.ts'

export const prune = (workspace: string, folder: string): readonly string[] => {
  const gone = unneeded(neededBy(workspace), installedPaths(folder))
  for (const path of gone) rmSync(join(folder, '..', path), { recursive: true, force: true })
  return gone
}

if (import.meta.main) {
  const [workspace = '', folder = ''] = process.argv.slice(2)
  for (const path of prune(workspace, folder)) console.log(`${path} is not needed by ${workspace}`)
}
