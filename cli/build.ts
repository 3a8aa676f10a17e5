/**
 * Writes `dist/`, what the package has: `gantry.js`, parts that it loads when they are needed, and a small file for each other
 * name of the program. `npm pack --workspace cli` runs this first. Node strips no types below node_modules, so a package has none.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, type Metafile, type Plugin } from 'esbuild'
import packageJson from './package.json' with { type: 'json' }

const folder = import.meta.dirname
const shebang = '#!/usr/bin/env node'
const clientFolder = dirname(fileURLToPath(import.meta.resolve('@kubernetes/client-node')))

/**
 * `@kubernetes/client-node` reads kubeconfigs here, and nothing else of it is called. Its config.js also imports undici, which
 * needs Node 22, and the classes of every API of Kubernetes, which take most of a second to load. Both are for calls that
 * kube/client.ts makes instead; a call to one of these would say so.
 */
const kubeconfigOnly: Plugin = {
  name: 'kubeconfig-only',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({ path: join(clientFolder, 'config.js') }))
    onResolve({ filter: /^undici$|^\.\/gen\/index\.js$/ }, ({ path, importer }) =>
      importer.startsWith(clientFolder) ? { path, namespace: 'left-out' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: leftOut(path), loader: 'js' }))
  },
}

/** The names that config.js imports of each. */
const names: Readonly<Record<string, readonly string[]>> = {
  undici: ['Agent', 'ProxyAgent'],
  './gen/index.js': ['createConfiguration', 'ServerConfiguration'],
}

const leftOut = (path: string): string =>
  (names[path] ?? [])
    .map(
      (name) => `export function ${name}() { throw new Error('${name} of ${path} is not in this package') }`,
    )
    .join('\n')

/** Folders of the packages that went into the bundle. */
const packagesOf = ({ inputs }: Metafile): readonly string[] => {
  const part = `node_modules${sep}`
  const found = Object.keys(inputs).flatMap((path) => {
    const at = path.lastIndexOf(part)
    if (at < 0) return []
    const rest = path.slice(at + part.length).split(sep)
    return [path.slice(0, at + part.length) + rest.slice(0, rest[0]?.startsWith('@') ? 2 : 1).join(sep)]
  })
  return [...new Set(found)].sort()
}

const licenceFiles = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENSE-MIT', 'LICENCE']

/** Licences ask that their text goes with what is made of the work. */
const licences = (metafile: Metafile): string =>
  packagesOf(metafile)
    .map((relative) => {
      const path = join(folder, relative)
      const own = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
        name: string
        version: string
        license: string
      }
      const file = licenceFiles.map((name) => join(path, name)).find((candidate) => existsSync(candidate))
      const text = file ? readFileSync(file, 'utf8').trim() : `Licensed under ${own.license}.`
      return `${own.name} ${own.version}\n\n${text}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)

/** The other names of the program. main.ts looks at the name of the file that was called. */
const otherNames = Object.keys(packageJson.bin).filter((name) => name !== 'gantry')

export const buildPackage = async (out: string): Promise<void> => {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: { gantry: join(folder, 'src/main.ts') },
    outdir: out,
    chunkNames: 'parts/[name]-[hash]',
    splitting: true, // what a command imports when it runs is a file of its own
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minifySyntax: true,
    legalComments: 'none',
    external: ['bufferutil', 'utf-8-validate'], // ws uses them where they are installed
    banner: {
      js: `${shebang}\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);`,
    },
    plugins: [kubeconfigOnly],
    metafile: true,
    logLevel: 'warning',
  })
  chmodSync(join(out, 'gantry.js'), 0o755)
  for (const name of otherNames)
    writeFileSync(join(out, `${name}.js`), `${shebang}\nimport './gantry.js'\n`, { mode: 0o755 })
  copyFileSync(join(folder, '../LICENSE'), join(out, 'LICENSE'))
  writeFileSync(join(out, 'LICENSES.txt'), licences(metafile))
}

const { values } = parseArgs({ options: { out: { type: 'string', default: join(folder, 'dist') } } })
await buildPackage(values.out)
