/** The packages that a workspace needs, and those that lie in a node_modules folder. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { closure, type Installed, type Lock, type Target } from './closure.ts'

const lockFile = join(import.meta.dirname, '../../package-lock.json')

const target = (): Target => ({ os: 'linux', cpu: process.arch === 'arm64' ? 'arm64' : 'x64', libc: 'glibc' })

/** What a workspace needs on the processor of this machine. */
export const neededBy = (workspace: string): readonly Installed[] =>
  closure(JSON.parse(readFileSync(lockFile, 'utf8')) as Lock, workspace, target())

/** Packages below a node_modules folder, as paths of the lock file. Types are taken out of images, links lead to workspaces. */
export const installedPaths = (folder: string, prefix = 'node_modules'): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== '@types')
    .flatMap(({ name }) => {
      const path = join(folder, name)
      if (name.startsWith('@')) return installedPaths(path, `${prefix}/${name}`)
      const below = readdirSync(path).includes('node_modules')
      const nested = below ? installedPaths(join(path, 'node_modules'), `${prefix}/${name}/node_modules`) : []
      return [`${prefix}/${name}`, ...nested]
    })

/** npm installs more than a workspace needs: also what another workspace needs and this one's tests do. */
export const unneeded = (needed: readonly Installed[], installed: readonly string[]): readonly string[] =>
  installed.filter((path) => !needed.some((its) => its.path === path))

export const difference = (needed: readonly Installed[], installed: readonly string[]): readonly string[] => [
  ...unneeded(needed, installed).map((path) => `${path} is installed and not needed`),
  ...needed
    .filter(({ path, name }) => !installed.includes(path) && !name.startsWith('@types/'))
    .map(({ path }) => `${path} is needed and not installed`),
]
