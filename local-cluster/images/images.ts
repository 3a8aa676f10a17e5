import { readFile } from 'node:fs/promises'
import { layoutOf } from '../layout.ts'
import { withLock } from '../machine/lock.ts'
import type { Paths } from '../paths.ts'
import { during, type Progress } from '../progress.ts'
import { imageArchives, repositoryOf } from './archives.ts'
import { baseImage, ensureBaseImage, pause } from './base-images.ts'
import { type Buildah, buildahIn } from './buildah.ts'
import { baseArguments, baseNames, digestOfInputs } from './image-inputs.ts'
import { loadImage } from './loading.ts'
import { packageMounts } from './package-mounts.ts'

export type ImageSource = {
  /** Name of the image as pods write it, with a registry host. Without a tag, the image gets one that tells its content. */
  readonly name: string
  readonly dockerfile: string
  readonly context: string
}

/** A built image, saved where `load` finds it; `name` has a tag. The newest of each repository is kept. */
export type BuiltImage = { readonly name: string; readonly archive: string; readonly digest: string }

/** The tag tells the content of the image: a Deployment rolls when it changes, and is left alone when it does not. */
const withTag = (name: string, digest: string): string =>
  repositoryOf(name) === name ? `${name}:${digest.slice(0, 12)}` : name

/** @returns ids of the images that a Dockerfile begins from, which the store has then */
const ensureBases = async (
  buildah: Buildah,
  dockerfile: string,
  progress: Progress,
): Promise<readonly string[]> => {
  const names = baseNames(await readFile(dockerfile, 'utf8'))
  for (const name of names) {
    const base = baseImage(name)
    if (base) await ensureBaseImage(buildah, base, progress)
  }
  return Promise.all(
    names.map(async (name) => (await buildah.imageId(baseImage(name)?.name ?? name)) ?? name),
  )
}

/** Builds images without a registry and puts them into the cluster's containerd. */
export const imageStore = (paths: Paths, env: NodeJS.ProcessEnv, progress: Progress) => {
  const buildah = buildahIn(paths)
  const archives = imageArchives(buildah)
  const layout = layoutOf(paths)

  /** Whether an image of this repository was ever built and saved, from these sources or from others. */
  const wasBuilt = async (name: string): Promise<boolean> => (await archives.saved(name)) !== undefined

  /** Builds and saves an image; does nothing when neither the Dockerfile nor anything it copies has changed. */
  const build = (source: ImageSource): Promise<BuiltImage> =>
    withLock(buildah.folder, async () => {
      const { dockerfile, context } = source
      const bases = await ensureBases(buildah, dockerfile, progress)
      const digest = await digestOfInputs({ dockerfile, context, bases })
      const name = withTag(source.name, digest)
      const image = { name, archive: archives.archiveOf(name), digest }
      if (await archives.isSaved({ name, digest })) {
        progress.line(`${name} … cached`)
        return image
      }
      const start = performance.now()
      const mounts = await packageMounts(buildah, env)
      const from = baseArguments(await readFile(dockerfile, 'utf8')).flatMap((base) => ['--build-arg', base])
      const bud = ['bud', '--pull-never', '--layers', '--quiet', ...mounts, ...from]
      await during(progress, `building ${name}`, async () => {
        await buildah.buildah(...bud, '--tag', name, '--file', dockerfile, context)
        await archives.save({ name, digest })
      })
      progress.line(`${name} … built in ${Math.round((performance.now() - start) / 1000)} s`)
      return image
    })

  /** The pause image, made once. It waits for no other build, or a cluster could not start beside one. */
  const ensurePause = async (): Promise<BuiltImage> => {
    const { name, digest } = pause
    if (!(await archives.isSaved({ name, digest }))) {
      await ensureBaseImage(buildah, pause, progress)
      await archives.save({ name, digest })
    }
    return { name, archive: archives.archiveOf(name), digest }
  }

  /** Imports a built image into the running cluster, unless this very image is there. @throws Error when it was never built */
  const load = (name: string): Promise<void> => loadImage(archives, layout, progress, name)

  /** Unmounts the store, once no build is using it; the images stay. */
  const close = (): Promise<void> => withLock(buildah.folder, buildah.unmount)

  return { build, wasBuilt, ensurePause, load, close }
}
