/**
 * Writes what an image is made of, as CycloneDX 1.6:
 *   npm run sbom -- --image inference-server --out sbom.json
 * Images carry their own at /usr/share/sbom, written by this program in the build, where it also has
 *   --debian FOLDER     paragraphs of dpkg, one file a package; without it, Debian's packages are left out
 *   --installed FOLDER  a node_modules folder: its packages are named, whether anything needs them or not
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Bill, bill } from './bill.ts'
import { closure, type Installed, installedOf, type Lock, type Target } from './closure.ts'

const root = join(import.meta.dirname, '../..')

/** Workspace of each image; the store has no packages. */
const images = {
  operator: 'operator',
  'inference-server': 'inference-server',
  'inference-server-cuda': 'inference-server',
  'model-store': undefined,
} as const

type Image = keyof typeof images

const isImage = (name: string): name is Image => Object.hasOwn(images, name)

const json = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T

const target = (): Target => ({ os: 'linux', cpu: process.arch === 'arm64' ? 'arm64' : 'x64', libc: 'glibc' })

const vipsVersions = (packages: readonly Installed[]): Readonly<Record<string, string>> => {
  const vips = packages.find(({ name }) => name.startsWith('@img/sharp-libvips-'))
  return vips ? json(join(root, vips.path, 'versions.json')) : {}
}

const pythonLines = (image: Image): readonly string[] =>
  image === 'inference-server-cuda'
    ? (readFileSync(join(root, 'inference-server/requirements-cuda.txt'), 'utf8').match(/^[^#\s].*$/gm) ?? [])
    : []

/** Packages below a node_modules folder, as paths of the lock file. Types are taken out of images, links are ours. */
const installedPaths = (folder: string, prefix = 'node_modules'): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== '@types')
    .flatMap(({ name }) => {
      const path = join(folder, name)
      if (name.startsWith('@')) return installedPaths(path, `${prefix}/${name}`)
      const below = readdirSync(path).includes('node_modules')
      const nested = below ? installedPaths(join(path, 'node_modules'), `${prefix}/${name}/node_modules`) : []
      return [`${prefix}/${name}`, ...nested]
    })

/** @throws Error where a package is installed that the lock file does not know, or one that is needed is not installed */
const packagesOf = (workspace: string, folder: string | undefined): readonly Installed[] => {
  const lock = json<Lock>(join(root, 'package-lock.json'))
  const needed = closure(lock, workspace, target())
  if (!folder) return needed
  const paths = installedPaths(folder)
  const wrong = [
    ...paths.filter((path) => !lock.packages[path]).map((path) => `${path} is not in package-lock.json`),
    ...needed
      .filter(({ path, name }) => !paths.includes(path) && !name.startsWith('@types/'))
      .map(({ path }) => `${path} is needed and not installed`),
  ]
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return installedOf(lock, paths, target())
}

export interface Sources {
  /** With paragraphs of dpkg, one file a package. */
  readonly debian?: string | undefined
  /** A node_modules folder. */
  readonly installed?: string | undefined
}

export const billOf = (image: Image, { debian: folder, installed }: Sources = {}): Bill => {
  const workspace = images[image]
  const packages = workspace ? packagesOf(workspace, installed) : []
  const debian = folder
    ? {
        debian: readdirSync(folder)
          .sort()
          .map((name) => readFileSync(join(folder, name), 'utf8')),
        debianVersion: /^VERSION_ID="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '',
      }
    : { debian: [] }
  const { version } = json<{ readonly version: string }>(join(root, 'package.json'))
  const vips = vipsVersions(packages)
  return bill({
    image,
    version,
    node: process.versions.node,
    packages,
    vips,
    python: pythonLines(image),
    ...debian,
  })
}

const main = (): void => {
  const options = { image: { type: 'string' }, out: { type: 'string' }, debian: { type: 'string' } } as const
  const { values } = parseArgs({ options: { ...options, installed: { type: 'string' } } })
  const { image = '', out, debian, installed } = values
  if (!isImage(image) || !out) {
    throw new Error(`--image ${Object.keys(images).join(' | ')} and --out FILE are needed`)
  }
  const document = billOf(image, { debian, installed })
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, `${JSON.stringify(document, null, 2)}\n`)
  console.log(`${out}: ${document.components.length} components`)
}

if (import.meta.main) main()
