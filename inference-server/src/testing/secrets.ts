/** Secrets as the kubelet mounts them. */
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface MountedSecret extends AsyncDisposable {
  readonly dir: string
  /** Exchanges all entries at once. */
  readonly put: (entries: Readonly<Record<string, string>>) => Promise<void>
}

/** A folder of links into a hidden folder that is exchanged as a whole. */
export const mountedSecret = async (entries: Readonly<Record<string, string>>): Promise<MountedSecret> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-secret-'))
  let count = 0
  const put: MountedSecret['put'] = async (next) => {
    count += 1
    const hidden = join(dir, `..${count}`)
    await mkdir(hidden)
    for (const [name, value] of Object.entries(next)) {
      await writeFile(join(hidden, name), value)
      await symlink(`..data/${name}`, join(dir, name)).catch(() => {})
    }
    await symlink(`..${count}`, join(dir, '..new'))
    await rename(join(dir, '..new'), join(dir, '..data'))
    for (const name of await readdir(dir))
      if (!name.startsWith('.') && !(name in next)) await rm(join(dir, name))
  }
  await put(entries)
  return { dir, put, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}
