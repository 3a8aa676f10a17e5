import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../machine/command.ts'

/** `folder`: shares the host's disk, without a limit. `limited`: an ext4 file system of exactly the requested size. */
export type VolumeKind = 'folder' | 'limited'

const isMounted = async (path: string): Promise<boolean> => {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8')
  return mounts.split('\n').some((line) => line.split(' ')[4] === path)
}

/** Folders that become PersistentVolumes. Everything can be repeated: half-made volumes are finished, not found twice. */
export const volumeStore = (root: string) => {
  const folder = (name: string): string => join(root, name)
  const image = (name: string): string => join(root, `${name}.ext4`)

  const mount = async (name: string): Promise<void> => {
    await mkdir(folder(name), { recursive: true })
    if (!(await isMounted(folder(name)))) await run('mount', ['-o', 'loop', image(name), folder(name)])
  }

  const createLimited = async (name: string, bytes: number): Promise<void> => {
    const unfinished = `${image(name)}.new`
    await writeFile(unfinished, '')
    await truncate(unfinished, bytes)
    // Neither a journal nor blocks for root: nearly all of a tiny volume is then the user's.
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-O', '^has_journal', unfinished])
    await rename(unfinished, image(name))
  }

  /** @returns the path of the volume, owned by root as on a fresh disk: pods write to it by their `fsGroup` */
  const create = async (name: string, kind: VolumeKind, bytes: number): Promise<string> => {
    await mkdir(root, { recursive: true })
    if (kind === 'limited') {
      const made = (await readdir(root)).includes(`${name}.ext4`)
      if (!made) await createLimited(name, bytes)
      await mount(name)
    }
    await mkdir(folder(name), { recursive: true })
    return folder(name)
  }

  const remove = async (name: string): Promise<void> => {
    if (await isMounted(folder(name))) await run('umount', [folder(name)])
    await rm(folder(name), { recursive: true, force: true })
    await rm(image(name), { force: true })
  }

  /** Mounts the file systems of limited volumes again, which a reboot has unmounted. */
  const remount = async (): Promise<void> => {
    const images = (await readdir(root).catch(() => [] as string[])).filter((file) => file.endsWith('.ext4'))
    for (const file of images) await mount(file.slice(0, -'.ext4'.length))
  }

  /** Names of all volumes, whether the cluster still knows them or not. */
  const names = async (): Promise<readonly string[]> => {
    const files = await readdir(root).catch(() => [] as string[])
    return [...new Set(files.map((file) => file.replace(/\.ext4(\.new)?$/, '')))]
  }

  return { create, remove, remount, names }
}

export type VolumeStore = ReturnType<typeof volumeStore>
