import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Buildah } from './buildah.ts'

/** What lies in the archive of a repository. */
export type Saved = { readonly name: string; readonly digest: string }

/** The repository of an image, without its tag. */
export const repositoryOf = (name: string): string => name.replace(/:[^:/]+$/, '')

/** A name as part of a file's name. */
export const slug = (name: string): string => name.replace(/[^a-zA-Z0-9.-]+/g, '_')

/** Built images as archives that containerd can import; of each repository the newest, and a record of what it is. */
export const imageArchives = (buildah: Buildah) => {
  const folder = join(buildah.folder, 'archives')
  const archiveOf = (name: string): string => join(folder, `${slug(repositoryOf(name))}.tar`)
  const recordOf = (name: string): string => `${archiveOf(name)}.json`

  /** What was saved of the image's repository. */
  const saved = async (name: string): Promise<Saved | undefined> => {
    const text = await readFile(recordOf(name), 'utf8').catch(() => '')
    return text ? (JSON.parse(text) as Saved) : undefined
  }

  const isSaved = async ({ name, digest }: Saved): Promise<boolean> => {
    const known = await saved(name)
    return known?.name === name && known.digest === digest
  }

  const save = async (image: Saved): Promise<void> => {
    await mkdir(folder, { recursive: true })
    const previous = await saved(image.name)
    await rm(recordOf(image.name), { force: true })
    await buildah.save(image.name, archiveOf(image.name))
    await writeFile(recordOf(image.name), JSON.stringify(image))
    if (previous && previous.name !== image.name) await buildah.forget(previous.name)
  }

  return { archiveOf, saved, isSaved, save }
}

export type ImageArchives = ReturnType<typeof imageArchives>
