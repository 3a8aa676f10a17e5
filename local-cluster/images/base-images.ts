import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../machine/command.ts'
import { during, type Progress } from '../progress.ts'
import type { Buildah } from './buildah.ts'

/**
 * Base images made from packages where no registry can be reached. They carry the names that Dockerfiles use, so the
 * same Dockerfiles build with ordinary Docker from the public images.
 */
export type BaseImage = {
  readonly name: string
  /** Changes when the recipe or what goes into it changes. */
  readonly digest: string
  readonly needs: readonly BaseImage[]
  readonly make: (buildah: Buildah, scratch: string) => Promise<void>
}

const digestOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex')

const npmVersion = '11.21.2'

/** What the slim images of Debian leave out, and what a build does not need twice. */
const unneeded = [
  ...['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale', 'usr/share/lintian'],
  ...['var/cache/apt', 'var/cache/debconf', 'var/lib/apt/lists', 'var/log'],
]

const debian: BaseImage = {
  name: 'docker.io/library/debian:bookworm-slim',
  digest: digestOf('debian 1', ...unneeded),
  needs: [],
  make: async ({ buildah, withContainer }, scratch) => {
    const root = join(scratch, 'root')
    await run('debootstrap', ['--variant=minbase', 'bookworm', root])
    for (const folder of unneeded) {
      for (const entry of await readdir(join(root, folder)).catch(() => [] as string[])) {
        await rm(join(root, folder, entry), { recursive: true })
      }
    }
    await rm(join(root, 'dev'), { recursive: true }) // the runtime brings its own devices
    await mkdir(join(root, 'dev'))
    await withContainer('scratch', async (container) => {
      await buildah('add', '--quiet', container, root, '/')
      await buildah('config', '--cmd', 'bash', container)
      await buildah('commit', '--quiet', container, debian.name)
    })
  },
}

/** Node as this process runs it, with the npm of the same generation and the user `node` (1000) of the public image. */
const node: BaseImage = {
  name: `docker.io/library/node:${process.versions.node}-bookworm-slim`,
  digest: digestOf('node 1', process.version, npmVersion, debian.digest),
  needs: [debian],
  make: async ({ buildah, withContainer }, scratch) => {
    const local = join(scratch, 'local')
    await mkdir(join(local, 'bin'), { recursive: true })
    await copyFile(process.execPath, join(local, 'bin', 'node'))
    const prefix = ['--prefix', local, '--no-audit', '--no-fund', '--loglevel=error']
    await run('npm', ['install', '--global', ...prefix, `npm@${npmVersion}`])
    for (const folder of ['docs', 'man']) {
      await rm(join(local, 'lib/node_modules/npm', folder), { recursive: true, force: true })
    }
    await symlink('node', join(local, 'bin', 'nodejs'))
    await withContainer(debian.name, async (container) => {
      await buildah('add', '--quiet', container, local, '/usr/local')
      await buildah(
        'run',
        container,
        '--',
        'useradd',
        '--uid',
        '1000',
        '--create-home',
        '--user-group',
        'node',
      )
      await buildah('config', '--cmd', 'node', '--env', `NODE_VERSION=${process.versions.node}`, container)
      await buildah('commit', '--quiet', container, node.name)
    })
  },
}

/** Holds a pod's namespaces open and does nothing else; the shell in it helps when something has to be looked at. */
export const pause: BaseImage = {
  name: 'localhost/gantry/pause:1',
  digest: digestOf('pause 1'),
  needs: [],
  make: async ({ buildah, withContainer }) => {
    await withContainer('scratch', async (container) => {
      await buildah('add', '--quiet', container, '/bin/busybox', '/busybox')
      await buildah(
        'config',
        '--entrypoint',
        '["/busybox","sleep","2147483647"]',
        '--user',
        '65535',
        container,
      )
      await buildah('commit', '--quiet', container, pause.name)
    })
  },
}

const all = [debian, node, pause] as const

/** The base image that `from` in a Dockerfile means, however short it is written. */
export const baseImage = (from: string): BaseImage | undefined =>
  all.find(({ name }) =>
    [name, name.replace('docker.io/library/', ''), name.replace('docker.io/', '')].includes(from),
  )

/** Makes a base image and those below it, unless the store has them. */
export const ensureBaseImage = async (
  buildah: Buildah,
  image: BaseImage,
  progress: Progress,
): Promise<void> => {
  const stamp = `${image.name}-${image.digest.slice(0, 12)}`.replace(
    /^.*\/library\//,
    'localhost/gantry/base/',
  )
  if ((await buildah.imageId(stamp)) !== undefined && (await buildah.imageId(image.name)) !== undefined)
    return
  for (const below of image.needs) await ensureBaseImage(buildah, below, progress)
  const start = performance.now()
  await mkdir(buildah.folder, { recursive: true })
  const scratch = await mkdtemp(join(buildah.folder, 'scratch-'))
  try {
    await during(progress, `making ${image.name}`, () => image.make(buildah, scratch))
    await buildah.buildah('tag', image.name, stamp) // remembers the recipe, beside the name that Dockerfiles use
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
  progress.line(`${image.name} … made in ${Math.round((performance.now() - start) / 1000)} s`)
}
