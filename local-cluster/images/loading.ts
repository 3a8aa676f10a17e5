import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layout } from '../layout.ts'
import { run, tryRun } from '../machine/command.ts'
import { during, type Progress } from '../progress.ts'
import { type ImageArchives, slug } from './archives.ts'

const isImported = async (layout: Layout, name: string): Promise<boolean> => {
  const list = await tryRun('ctr', ['-a', layout.containerdSocket, '-n', 'k8s.io', 'images', 'ls', '-q'])
  return (list ?? '').split('\n').includes(name)
}

/** Imports a built image into the running cluster, unless this very image is there. @throws Error when it was never built */
export const loadImage = async (
  archives: ImageArchives,
  layout: Layout,
  progress: Progress,
  name: string,
): Promise<void> => {
  const image = await archives.saved(name)
  if (image?.name !== name)
    throw new Error(`image ${name} has not been built${image ? `; ${image.name} was` : ''}`)
  const loadedFile = join(layout.root, 'images', `${slug(name)}.digest`)
  const loaded = await readFile(loadedFile, 'utf8').catch(() => '')
  if (loaded === image.digest && (await isImported(layout, name))) return
  const start = performance.now()
  const archive = archives.archiveOf(name)
  await during(progress, `loading ${name} into the cluster`, () =>
    run('ctr', ['-a', layout.containerdSocket, '-n', 'k8s.io', 'images', 'import', archive]),
  )
  await mkdir(join(layout.root, 'images'), { recursive: true })
  await writeFile(loadedFile, image.digest)
  progress.line(`${name} … loaded in ${Math.round((performance.now() - start) / 1000)} s`)
}
