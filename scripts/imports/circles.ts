/** Part of `npm run check`: no imports lead in a circle, be they of types only. Biome's noImportCycles passes over those. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { circles, fileGraph, folderGraph } from './graph.ts'

const root = join(import.meta.dirname, '../..')

/** Whose folders import each other in no circle either: they are rooms. */
const roomy = ['inference-server/src']

const ignored = new Set(['node_modules', '.git'])

const modules = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ignored.has(entry.name) ? [] : modules(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })

const sourcesOf = (paths: readonly string[]): ReadonlyMap<string, string> =>
  new Map(paths.map((path) => [relative(root, path), readFileSync(path, 'utf8')]))

const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.includes('/testing/')

/** Files, and rooms, that import each other in a circle. */
const circlesOfRepository = (): readonly (readonly string[])[] => [
  ...circles(fileGraph(sourcesOf(modules(root)))),
  ...roomy.flatMap((folder) =>
    circles(folderGraph(fileGraph(sourcesOf(modules(join(root, folder)).filter((path) => !isTest(path)))))),
  ),
]

if (import.meta.main) {
  const found = circlesOfRepository()
  for (const circle of found) console.log(`imports lead in a circle: ${[...circle, circle[0]].join(' -> ')}`)
  process.exitCode = found.length === 0 ? 0 : 1
}
