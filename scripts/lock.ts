/** Part of `npm run check`: package-lock.json says of every package what its archive must hash to. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Entry {
  readonly link?: boolean
  readonly integrity?: string
}

export interface Lock {
  readonly packages: Readonly<Record<string, Entry>>
}

/** Paths of packages that npm would install unseen. Workspaces and links come from this repository. */
export const withoutIntegrity = ({ packages }: Lock): readonly string[] =>
  Object.entries(packages)
    .filter(([path, { link, integrity }]) => {
      const isForeign = path.includes('node_modules/') && !link
      return isForeign && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')
    })
    .map(([path]) => path)

export const readLock = (): Lock =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as Lock

if (import.meta.main) {
  const missing = withoutIntegrity(readLock())
  for (const path of missing)
    console.log(`package-lock.json: ${path} has no integrity (npm view NAME@VERSION dist.integrity)`)
  process.exitCode = missing.length === 0 ? 0 : 1
}
