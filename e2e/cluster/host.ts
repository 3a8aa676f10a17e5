import { access, mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layout } from './layout.ts'
import { bootId } from './process-identity.ts'

/** Settings of the kernel that the kubelet or `ensureNodeNetwork` change. */
const settings = [
  'net/ipv4/ip_forward',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
] as const

/** Places that the kubelet, containerd or libcni create whatever they are told. */
const folders = [
  '/var/lib/kubelet',
  '/var/lib/cni',
  '/var/log/containers',
  '/run/containerd',
  '/etc/cni',
] as const

type HostRecord = {
  readonly bootId: string
  readonly settings: Readonly<Record<string, string>>
  /** Those of `folders` that were not there before the cluster. */
  readonly newFolders: readonly string[]
}

const settingPath = (name: string): string => join('/proc/sys', name)

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

const read = async (layout: Layout): Promise<HostRecord | undefined> => {
  const text = await readFile(layout.host, 'utf8').catch(() => '')
  return text ? (JSON.parse(text) as HostRecord) : undefined
}

const observe = async (newFolders: readonly string[]): Promise<HostRecord> => {
  const values: Record<string, string> = {}
  for (const name of settings) {
    const value = await readFile(settingPath(name), 'utf8').catch(() => undefined)
    if (value !== undefined) values[name] = value.trim()
  }
  return { bootId: bootId(), settings: values, newFolders }
}

/**
 * Remembers, before anything is changed, how the host was. After a reboot the settings are the host's own again,
 * so they are read anew, and what the last boot left in the run folder is removed.
 */
export const rememberHost = async (layout: Layout): Promise<void> => {
  const known = await read(layout)
  if (known?.bootId === bootId()) return
  const absent: string[] = []
  for (const folder of folders) if (!(await isThere(folder))) absent.push(folder)
  await rm(layout.run, { recursive: true, force: true })
  await mkdir(layout.root, { recursive: true, mode: 0o700 })
  await writeFile(layout.host, JSON.stringify(await observe(known?.newFolders ?? absent), null, 2))
}

/** Pods' cgroups, in every hierarchy there is. A folder of /sys/fs/cgroup can only be removed when empty. */
const removeCgroups = async (): Promise<void> => {
  const removeTree = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name))
    await rmdir(folder).catch(() => undefined)
  }
  await removeTree('/sys/fs/cgroup/kubepods')
  const hierarchies = await readdir('/sys/fs/cgroup', { withFileTypes: true })
  for (const { name } of hierarchies) await removeTree(join('/sys/fs/cgroup', name, 'kubepods'))
}

/** libcni caches each pod's network by name; ours is `gantry`. */
const removeCniResults = async (): Promise<void> => {
  const results = '/var/lib/cni/results'
  for (const file of await readdir(results).catch(() => [] as string[])) {
    if (file.startsWith('gantry-')) await rm(join(results, file), { force: true })
  }
}

/** Puts the host's settings back and removes what only the cluster brought. */
export const restoreHost = async (layout: Layout): Promise<void> => {
  await removeCgroups()
  await removeCniResults()
  const known = await read(layout)
  for (const folder of known?.newFolders ?? []) await rm(folder, { recursive: true, force: true })
  if (known?.bootId !== bootId()) return
  for (const [name, value] of Object.entries(known.settings)) {
    await writeFile(settingPath(name), value).catch(() => undefined)
  }
}
