import { access, mkdir, readdir, readFile, readlink, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Layout } from '../layout.ts'
import { unmountBelow } from './mounts.ts'
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

/** Folders that the kubelet, containerd or libcni create at fixed places; no option moves them. */
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

const ownerFile = ({ run }: Layout): string => join(run, 'state-folder')

/**
 * There is one cluster per machine: its bridge, ports and run folder have fixed names.
 * @throws Error naming the state folder of the cluster that has them, when it is another than ours
 */
export const requireOwnCluster = async (layout: Layout): Promise<void> => {
  const owner = await readFile(ownerFile(layout), 'utf8').catch(() => layout.root)
  if (owner === layout.root || !(await isThere(owner))) return
  throw new Error(
    `another local cluster of this machine has its state in ${owner}. ` +
      `Use that one, or end it with GANTRY_STATE=${dirname(owner)} npm run cluster -- down`,
  )
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
  await unmountBelow(layout.run) // else removing it could remove what is mounted there
  await rm(layout.run, { recursive: true, force: true })
  await mkdir(layout.run, { recursive: true, mode: 0o700 })
  await writeFile(ownerFile(layout), layout.root)
  await mkdir(layout.root, { recursive: true, mode: 0o700 })
  await writeFile(layout.host, JSON.stringify(await observe(known?.newFolders ?? absent), null, 2))
}

/** Removes folders that hold nothing but folders. */
const removeEmpty = async (folder: string): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeEmpty(join(folder, entry.name))
  await rmdir(folder).catch(() => undefined) // it holds something that is not ours
}

/** Pods' cgroups, in every hierarchy there is. Such a folder can be removed although it seems to hold files. */
const removeCgroups = async (): Promise<void> => {
  await removeEmpty('/sys/fs/cgroup/kubepods')
  const hierarchies = await readdir('/sys/fs/cgroup', { withFileTypes: true })
  for (const { name } of hierarchies) await removeEmpty(join('/sys/fs/cgroup', name, 'kubepods'))
}

/** libcni keeps a file per pod and network: `gantry-ID-eth0` for ours, and `cni-loopback-ID-lo` beside it. */
const removeCniResults = async (): Promise<void> => {
  const results = '/var/lib/cni/results'
  const files = await readdir(results).catch(() => [] as string[])
  const ours = files.flatMap((file) => /^gantry-([0-9a-f]{64})-/.exec(file)?.[1] ?? [])
  for (const file of files) {
    if (ours.some((id) => file.includes(id))) await rm(join(results, file), { force: true })
  }
}

/** The kubelet links every container's log into a folder of the host. */
const removeLogLinks = async (layout: Layout): Promise<void> => {
  const links = '/var/log/containers'
  for (const file of await readdir(links).catch(() => [] as string[])) {
    const target = await readlink(join(links, file)).catch(() => '')
    if (target.startsWith(`${layout.root}/`)) await rm(join(links, file), { force: true })
  }
}

/** What those who made the new folders leave in them: sockets, a checkpoint, locks. */
const leftovers = [
  '/var/lib/kubelet/device-plugins',
  '/var/lib/cni/results/cni.lock',
  '/etc/cni/net.d/cni.lock',
] as const

const removeNewFolders = async (newFolders: readonly string[]): Promise<void> => {
  for (const path of leftovers) {
    const isNew = newFolders.some((folder) => path.startsWith(`${folder}/`))
    if (isNew) await rm(path, { recursive: true, force: true })
  }
  for (const folder of newFolders) await removeEmpty(folder)
}

/** Puts the host's settings back and removes what only the cluster brought. */
export const restoreHost = async (layout: Layout): Promise<void> => {
  await removeCgroups()
  await removeCniResults()
  await removeLogLinks(layout)
  const known = await read(layout)
  await removeNewFolders(known?.newFolders ?? [])
  if (known?.bootId !== bootId()) return
  for (const [name, value] of Object.entries(known.settings)) {
    await writeFile(settingPath(name), value).catch(() => undefined)
  }
}
