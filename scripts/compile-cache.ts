/**
 * A step of image builds. It imports every module and dependency of the given workspaces, so that the folder that
 * NODE_COMPILE_CACHE names holds their compiled code and a pod neither strips types nor compiles when it starts.
 *   NODE_COMPILE_CACHE=FOLDER node scripts/compile-cache.ts contract kube operator
 * Nothing happens on import but in main.ts (starts the program), worker.ts and picture-thread.ts (expect to be threads): run those apart.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

const programs = new Set(['main.ts', 'worker.ts', 'picture-thread.ts'])

const modules = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !programs.has(name))
    .filter(({ parentPath }) => !parentPath.split(sep).includes('testing'))
    .map((entry) => pathToFileURL(join(entry.parentPath, entry.name)).href)

const dependencies = (folder: string): readonly string[] => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const names = Object.keys(manifest.dependencies ?? {}).filter((name) => !name.startsWith('@gantry/'))
  return names.map((name) => pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href)
}

for (const workspace of process.argv.slice(2)) {
  const folder = join(import.meta.dirname, '..', workspace)
  for (const url of [...modules(folder), ...dependencies(folder)]) await import(url)
}
