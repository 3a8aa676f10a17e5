/**
 * Writes what an image is made of, as CycloneDX 1.6:
 *   npm run sbom -- --image inference-server --out sbom.json
 * Images carry their own at /usr/share/sbom, written by this program in the build, where it also has
 *   --debian FOLDER     paragraphs of dpkg, one file a package; without it, Debian's packages are left out
 *   --installed FOLDER  a node_modules folder: the build fails where it holds other packages than the document names
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Bill, bill } from './bill.ts'
import type { Installed } from './closure.ts'
import { difference, installedPaths, neededBy } from './installed.ts'

const root = join(import.meta.dirname, '../..')

/** Workspace of each image; the optimizer and the store have no packages of npm. */
const images = {
  operator: 'operator',
  gateway: 'gateway',
  'inference-server': 'inference-server',
  'inference-server-cuda': 'inference-server',
  optimizer: undefined,
  'model-store': undefined,
} as const

type Image = keyof typeof images

const isImage = (name: string): name is Image => Object.hasOwn(images, name)

const json = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T

const vipsVersions = (packages: readonly Installed[]): Readonly<Record<string, string>> => {
  const vips = packages.find(({ name }) => name.startsWith('@img/sharp-libvips-'))
  return vips ? json(join(root, vips.path, 'versions.json')) : {}
}

/** Requirements that an image is installed from; each of them says what its packages hash to. */
const requirements: Partial<Readonly<Record<Image, string>>> = {
  'inference-server-cuda': 'inference-server/requirements-cuda.txt',
  optimizer: 'optimizer/requirements.lock',
}

const pythonLines = (image: Image): readonly string[] => {
  const file = requirements[image]
  const text = file === undefined ? '' : readFileSync(join(root, file), 'utf8')
  return text.replace(/\\\n\s*/g, '').match(/^[^#\s].*$/gm) ?? []
}

/** @throws Error where other packages are installed than are needed */
const packagesOf = (workspace: string, folder: string | undefined): readonly Installed[] => {
  const needed = neededBy(workspace)
  const wrong = folder ? difference(needed, installedPaths(folder)) : []
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return needed
}

export interface Sources {
  /** A folder with paragraphs of dpkg, one file a package. */
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
    ...(image !== 'optimizer' && { node: process.versions.node }),
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
