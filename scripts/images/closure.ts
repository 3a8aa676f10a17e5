/** The packages that `npm ci --workspace NAME --omit=dev` installs, read from package-lock.json. */

export interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly license?: string
  readonly link?: boolean
  readonly resolved?: string
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** Where an image runs, in npm's words. Our images are Debian: glibc. */
export interface Target {
  readonly os: 'linux'
  readonly cpu: 'x64' | 'arm64'
  readonly libc: 'glibc'
}

/** A package, by its path in the lock file, with the paths of those that it needs. */
export interface Installed {
  readonly path: string
  readonly name: string
  readonly locked: LockedPackage
  readonly needs: readonly string[]
}

const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

const fits = ({ os, cpu, libc }: LockedPackage, target: Target): boolean =>
  (os?.includes(target.os) ?? true) &&
  (cpu?.includes(target.cpu) ?? true) &&
  (libc?.includes(target.libc) ?? true)

/** Folders in which Node looks for a package that the one at `path` imports, nearest first. */
const searched = (path: string): readonly string[] => {
  const folders = [path]
  let rest = path
  while (rest.includes('/node_modules/')) {
    rest = rest.slice(0, rest.lastIndexOf('/node_modules/'))
    folders.push(rest)
  }
  return [...folders.map((folder) => `${folder}/node_modules/`), 'node_modules/']
}

const resolve = (lock: Lock, from: string, name: string): string | undefined =>
  searched(from)
    .map((folder) => `${folder}${name}`)
    .find((path) => lock.packages[path])

const neededNames = (locked: LockedPackage): readonly string[] => {
  const peers = Object.keys(locked.peerDependencies ?? {}).filter(
    (name) => !locked.peerDependenciesMeta?.[name]?.optional,
  )
  return [
    ...Object.keys(locked.dependencies ?? {}),
    ...Object.keys(locked.optionalDependencies ?? {}),
    ...peers,
  ]
}

const describe = (lock: Lock, path: string, target: Target): Installed => {
  const locked = lock.packages[path] ?? {}
  const needs = neededNames(locked)
    .map((name) => resolve(lock, path, name))
    .filter((needed): needed is string => needed !== undefined && fits(lock.packages[needed] ?? {}, target))
  return { path, name: nameOf(path), locked, needs }
}

/** @param workspace path of the workspace in the repository @returns foreign packages by path, sorted; workspaces are followed */
export const closure = (lock: Lock, workspace: string, target: Target): readonly Installed[] => {
  const found = new Map<string, Installed>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    const its = describe(lock, path, target)
    found.set(path, its)
    if (its.locked.link) visit(its.locked.resolved ?? '')
    for (const needed of its.needs) visit(needed)
  }
  visit(workspace)
  return [...found.values()]
    .filter(({ path, locked }) => path.includes('node_modules/') && !locked.link)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
