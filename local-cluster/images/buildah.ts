import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run, tryRun } from '../machine/command.ts'
import { unmountBelow } from '../machine/mounts.ts'
import type { Paths } from '../paths.ts'

/** buildah with a store of its own in the cache: no registry, no daemon, nothing of the host's images touched. */
export const buildahIn = (paths: Paths) => {
  const folder = join(paths.cache, 'images')
  const policy = join(folder, 'policy.json')
  const storage = [
    '--root',
    join(folder, 'storage'),
    '--runroot',
    join(folder, 'run'),
    '--storage-driver',
    'overlay',
  ]
  // chroot: the builds need no cgroups or network of their own, and work where user namespaces do not.
  const env = { ...process.env, BUILDAH_ISOLATION: 'chroot' }

  const buildah = async (...args: readonly string[]): Promise<string> =>
    (await run('buildah', [...storage, ...args], { env })).trim()

  /** Id of an image, or undefined when the store does not have it. */
  const imageId = async (name: string): Promise<string | undefined> => {
    const format = ['inspect', '--type', 'image', '--format', '{{.FromImageID}}', name]
    return (await tryRun('buildah', [...storage, ...format]))?.trim()
  }

  /** Runs `work` on a working container that is gone afterwards. @param from an image of the store, or `scratch` */
  const withContainer = async (from: string, work: (container: string) => Promise<void>): Promise<void> => {
    const container = await buildah('from', '--pull-never', from)
    try {
      await work(container)
    } finally {
      await buildah('rm', container)
    }
  }

  /** Writes an image as a docker archive that containerd can import; whole or not at all. */
  const save = async (name: string, archive: string): Promise<void> => {
    await mkdir(folder, { recursive: true })
    await writeFile(policy, JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] })) // nothing is pulled
    const unfinished = `${archive}.${process.pid}`
    await rm(unfinished, { force: true })
    await buildah(
      'push',
      '--quiet',
      '--signature-policy',
      policy,
      name,
      `docker-archive:${unfinished}:${name}`,
    )
    await rename(unfinished, archive)
  }

  /** Removes a name, and the image with it unless another name or a build's cache needs it. */
  const forget = async (name: string): Promise<void> => {
    await tryRun('buildah', [...storage, 'rmi', name])
  }

  /** buildah leaves its store mounted on itself. */
  const unmount = (): Promise<void> => unmountBelow(join(folder, 'storage'))

  return { folder, buildah, imageId, withContainer, save, forget, unmount }
}

export type Buildah = ReturnType<typeof buildahIn>
