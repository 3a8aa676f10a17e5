/** Part of `npm run check`: no function has more than 40 lines of its own. Biome's wall of 80 counts the functions within, too. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { filesNamed } from '../checks.ts'
import { functionsOf } from './own-lines.ts'

const root = join(import.meta.dirname, '../..')
const most = 40

/** Tests tell stories of any length, and so do measurements. */
const isLeftOut = (path: string): boolean =>
  /\.(test|e2e|gen)\.ts$|\/(testing|tests)\/|^(bench|fuzz)\//.test(path)

if (import.meta.main) {
  const long = filesNamed('.ts')
    .map((path) => relative(root, path))
    .filter((path) => !isLeftOut(path))
    .flatMap((path) =>
      functionsOf(path, readFileSync(join(root, path), 'utf8'))
        .filter(({ ownLines }) => ownLines > most)
        .map(({ line, ownLines }) => `${path}:${line}: ${ownLines} lines of its own, at most ${most}`),
    )
  for (const line of long) console.log(line)
  process.exitCode = long.length === 0 ? 0 : 1
}
