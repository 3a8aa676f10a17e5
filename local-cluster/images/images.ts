import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Layout, layoutOf } from '../layout.ts'
import { run, tryRun } from '../machine/command.ts'
import { withLock } from '../machine/lock.ts'
import type { Paths } from '../paths.ts'
import { during, type Progress } from '../progress.ts'
import { baseImage, ensureBaseImage, pause } from './base-images.ts'
import { type Buildah, buildahIn } from './buildah.ts'
import { baseArguments, baseNames, digestOfInputs } from './image-inputs.ts'

export type ImageSource = {
  /** Name of the image as pods write it, with a registry host. Without a tag, the image gets one that tells its content. */
  readonly name: string
  readonly dockerfile: string
  readonly context: string
}

/** A built image, saved where `load` finds it; `name` has a tag. The newest of each repository is kept. */
export type BuiltImage = { readonly name: string; readonly archive: string; readonly digest: string }

const slug = (name: string): string => name.replace(/[^a-zA-Z0-9.-]+/g, '_')

/** Lets npm in a build use the host's registry, download cache and authorities; all of it is mounted, nothing stays. */
const npmMounts = async (buildah: Buildah, env: NodeJS.ProcessEnv): Promise<readonly string[]> => {
  const folder = join(buildah.folder, 'npm') // becomes /usr/local/etc, which the base images have and leave empty
  await mkdir(join(folder, 'cache'), { recursive: true })
  const setting = async (key: string): Promise<string> => (await run('npm', ['config', 'get', key])).trim()
  const lines = [
    'cache=/usr/local/etc/cache',
    `registry=${await setting('registry')}`,
    'update-notifier=false',
  ]
  const authorities = env['NODE_EXTRA_CA_CERTS']
  if (authorities) {
    await copyFile(authorities, join(folder, 'ca.crt'))
    lines.push('cafile=/usr/local/etc/ca.crt')
  }
  await writeFile(join(folder, 'npmrc'), `${lines.join('\n')}\n`)
  const cache = await setting('cache')
  await mkdir(cache, { recursive: true })
  return ['--volume', `${folder}:/usr/local/etc`, '--volume', `${cache}:/usr/local/etc/cache`]
}

const isImported = async (layout: Layout, name: string): Promise<boolean> => {
  const list = await tryRun('ctr', ['-a', layout.containerdSocket, '-n', 'k8s.io', 'images', 'ls', '-q'])
  return (list ?? '').split('\n').includes(name)
}

/** What lies in the archive of a repository. */
type Saved = { readonly name: string; readonly digest: string }

const repositoryOf = (name: string): string => name.replace(/:[^:/]+$/, '')

/** The tag tells the content of the image: a Deployment rolls when it changes, and is left alone when it does not. */
const withTag = (name: string, digest: string): string =>
  repositoryOf(name) === name ? `${name}:${digest.slice(0, 12)}` : name

/** Builds images without a registry and puts them into the cluster's containerd. */
export const imageStore = (paths: Paths, env: NodeJS.ProcessEnv, progress: Progress) => {
  const buildah = buildahIn(paths)
  const layout = layoutOf(paths)
  const archiveOf = (name: string): string =>
    join(buildah.folder, 'archives', `${slug(repositoryOf(name))}.tar`)
  const recordOf = (name: string): string => `${archiveOf(name)}.json`
  const loadedFileOf = (name: string): string => join(layout.root, 'images', `${slug(name)}.digest`)

  const saved = async (name: string): Promise<Saved | undefined> => {
    const text = await readFile(recordOf(name), 'utf8').catch(() => '')
    return text ? (JSON.parse(text) as Saved) : undefined
  }

  /** Whether an image of this repository was ever built and saved, from these sources or from others. */
  const wasBuilt = async (name: string): Promise<boolean> => (await saved(name)) !== undefined

  const isSaved = async ({ name, digest }: Saved): Promise<boolean> => {
    const known = await saved(name)
    return known?.name === name && known.digest === digest
  }

  const save = async (image: Saved): Promise<void> => {
    await mkdir(join(buildah.folder, 'archives'), { recursive: true })
    const previous = await saved(image.name)
    await rm(recordOf(image.name), { force: true })
    await buildah.save(image.name, archiveOf(image.name))
    await writeFile(recordOf(image.name), JSON.stringify(image))
    if (previous && previous.name !== image.name) await buildah.forget(previous.name)
  }

  const ensureBases = async (dockerfile: string): Promise<readonly string[]> => {
    const names = baseNames(await readFile(dockerfile, 'utf8'))
    for (const name of names) {
      const base = baseImage(name)
      if (base) await ensureBaseImage(buildah, base, progress)
    }
    return Promise.all(
      names.map(async (name) => (await buildah.imageId(baseImage(name)?.name ?? name)) ?? name),
    )
  }

  /** Builds and saves an image; does nothing when neither the Dockerfile nor anything it copies has changed. */
  const build = (source: ImageSource): Promise<BuiltImage> =>
    withLock(buildah.folder, async () => {
      const { dockerfile, context } = source
      const digest = await digestOfInputs({ dockerfile, context, bases: await ensureBases(dockerfile) })
      const name = withTag(source.name, digest)
      const image = { name, archive: archiveOf(name), digest }
      if (await isSaved({ name, digest })) {
        progress.line(`${name} … cached`)
        return image
      }
      const start = performance.now()
      const mounts = await npmMounts(buildah, env)
      const bases = baseArguments(await readFile(dockerfile, 'utf8')).flatMap((base) => ['--build-arg', base])
      const bud = ['bud', '--pull-never', '--layers', '--quiet', ...mounts, ...bases]
      await during(progress, `building ${name}`, async () => {
        await buildah.buildah(...bud, '--tag', name, '--file', dockerfile, context)
        await save({ name, digest })
      })
      progress.line(`${name} … built in ${Math.round((performance.now() - start) / 1000)} s`)
      return image
    })

  /** The pause image, made once. It waits for no other build, or a cluster could not start beside one. */
  const ensurePause = async (): Promise<BuiltImage> => {
    const { name, digest } = pause
    if (!(await isSaved({ name, digest }))) {
      await ensureBaseImage(buildah, pause, progress)
      await save({ name, digest })
    }
    return { name, archive: archiveOf(name), digest }
  }

  /** Imports a built image into the running cluster, unless this very image is there. @throws Error when it was never built */
  const load = async (name: string): Promise<void> => {
    const image = await saved(name)
    if (image?.name !== name)
      throw new Error(`image ${name} has not been built${image ? `; ${image.name} was` : ''}`)
    const loaded = await readFile(loadedFileOf(name), 'utf8').catch(() => '')
    if (loaded === image.digest && (await isImported(layout, name))) return
    const start = performance.now()
    await during(progress, `loading ${name} into the cluster`, () =>
      run('ctr', ['-a', layout.containerdSocket, '-n', 'k8s.io', 'images', 'import', archiveOf(name)]),
    )
    await mkdir(join(layout.root, 'images'), { recursive: true })
    await writeFile(loadedFileOf(name), image.digest)
    progress.line(`${name} … loaded in ${Math.round((performance.now() - start) / 1000)} s`)
  }

  /** Unmounts the store, once no build is using it; the images stay. */
  const close = (): Promise<void> => withLock(buildah.folder, buildah.unmount)

  return { build, wasBuilt, ensurePause, load, close }
}
