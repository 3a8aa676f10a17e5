/**
 * What a disk may hold when a machine loses power: names of a folder that was not synced, and bytes of a file that was not synced, may be
 * there or not. Modules that import node:fs/promises are watched, whenever they were loaded.
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import promises, { type FileHandle } from 'node:fs/promises'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { join, relative } from 'node:path'

interface FileNode {
  readonly kind: 'file'
  /** What is on the disk for certain. */
  synced: Buffer
}
interface FolderNode {
  readonly kind: 'folder'
  live: Map<string, Node>
  durable: Map<string, Node>
}
type Node = FileNode | FolderNode

/** Contents by their paths, relative to the volume. */
export type Disk = ReadonlyMap<string, Buffer>

const folder = (): FolderNode => ({ kind: 'folder', live: new Map(), durable: new Map() })

/** What the disk may have of the names of a folder: none of the changes since the last sync, all, or a part of them. */
const views: Readonly<Record<string, (node: FolderNode) => ReadonlyMap<string, Node>>> = {
  'what was synced': ({ durable }) => durable,
  'all names': ({ live }) => live,
  'deletions only': ({ durable, live }) => new Map([...durable].filter(([name]) => live.has(name))),
  'some deletions': ({ durable, live }) =>
    new Map([...durable].filter(([name], index) => live.has(name) || index % 2 === 0)),
  'new names only': ({ durable, live }) => new Map([...durable, ...live]),
}

const load = (path: string, inodes: Map<number, Node>): Node => {
  const stats = statSync(path)
  const known = inodes.get(stats.ino)
  if (known) return known
  if (stats.isFile()) {
    const file: Node = { kind: 'file', synced: readFileSync(path) }
    inodes.set(stats.ino, file)
    return file
  }
  const entries = readdirSync(path).map((name) => [name, load(join(path, name), inodes)] as const)
  return { kind: 'folder', live: new Map(entries), durable: new Map(entries) }
}

const forget = (node: Node | undefined): void => {
  if (node?.kind !== 'folder') return
  for (const child of node.live.values()) forget(child)
  node.live = new Map()
}

/** The volume as calls change it. @param volume absolute */
const model = (volume: string) => {
  const root = load(volume, new Map()) as FolderNode
  const parts = (path: string): readonly string[] | undefined => {
    const inside = relative(volume, path)
    return inside.startsWith('..') ? undefined : inside.split('/').filter((part) => part !== '')
  }
  const find = (path: string): Node | undefined =>
    parts(path)?.reduce<Node | undefined>(
      (node, part) => (node?.kind === 'folder' ? node.live.get(part) : undefined),
      root,
    )
  const place = (path: string): readonly [FolderNode, string] | undefined => {
    const [parent, name] = [find(join(path, '..')), parts(path)?.at(-1)]
    return parent?.kind === 'folder' && name !== undefined ? [parent, name] : undefined
  }
  const set = (path: string, node: Node): void => void place(path)?.[0].live.set(place(path)?.[1] ?? '', node)
  const remove = (path: string): void => void place(path)?.[0].live.delete(place(path)?.[1] ?? '')
  const emptied = (path: string): void => {
    const there = find(path)
    if (there?.kind === 'file') there.synced = Buffer.alloc(0)
    else if (place(path)) set(path, { kind: 'file', synced: Buffer.alloc(0) })
  }
  return {
    root,
    emptied,
    mkdir: (path: string): void => {
      const all = parts(path) ?? []
      for (const [index] of all.entries()) {
        const made = join(volume, ...all.slice(0, index + 1))
        if (!find(made)) set(made, folder())
      }
    },
    link: (from: string, to: string): void => {
      const node = find(from)
      if (node) set(to, node)
    },
    rename: (from: string, to: string): void => {
      const node = find(from)
      if (!node || node === find(to)) return
      set(to, node)
      remove(from)
    },
    remove: (path: string): void => {
      forget(find(path))
      remove(path)
    },
    sync: (path: string): void => {
      const node = find(path)
      if (node?.kind === 'file') node.synced = readFileSync(path)
      else if (node) node.durable = new Map(node.live)
    },
  }
}

type View = (node: FolderNode) => ReadonlyMap<string, Node>

/** @param top view of the volume's own folder @param deep of all others, which are synced apart from it */
const contents = (node: Node, top: View, deep: View, path = ''): Disk => {
  if (node.kind === 'file') return new Map([[path, node.synced]])
  const inside = [...top(node)].map(([name, child]) => [...contents(child, deep, deep, join(path, name))])
  return new Map(inside.flat())
}

const states = Object.entries(views).flatMap(([top, topView]) =>
  Object.entries(views).map(([deep, deepView]) => ({
    state: `${top}, and below ${deep}`,
    topView,
    deepView,
  })),
)

// biome-ignore lint/suspicious/noExplicitAny: calls of any kind are passed on as they are
type Call = (...args: any[]) => any

/**
 * @param volume absolute
 * @param look told what the disk may have after each call that changes the volume, and in which of its states
 * @returns what the work came to, and what is on the disk for certain at its end
 */
export const withPowerLoss = async <Result>(
  volume: string,
  work: () => Promise<Result>,
  look: (disk: Disk, state: string) => void,
): Promise<{ readonly result: Result; readonly disk: Disk; readonly calls: number }> => {
  const disk = model(volume)
  const undo: (() => void)[] = []
  let calls = 0
  const wrap = (
    owner: Record<string, Call>,
    name: string,
    note: (self: unknown, args: unknown[]) => void,
  ): void => {
    const original = owner[name] as Call
    owner[name] = async function (this: unknown, ...args: unknown[]) {
      const result = await original.apply(this, args)
      note(this, args)
      calls += 1
      for (const { state, topView, deepView } of states)
        look(contents(disk.root, topView, deepView), `call ${calls}: ${name}, ${state}`)
      return result
    }
    undo.push(() => {
      owner[name] = original
    })
  }
  const module = createRequire(import.meta.url)('node:fs/promises') as Record<string, Call>
  for (const name of ['mkdir', 'emptied'] as const)
    wrap(module, name === 'mkdir' ? 'mkdir' : 'writeFile', (_, [path]) => disk[name](`${path}`))
  for (const name of ['link', 'rename'] as const)
    wrap(module, name, (_, [from, to]) => disk[name](`${from}`, `${to}`))
  for (const name of ['rm', 'rmdir', 'unlink'] as const)
    wrap(module, name, (_, [path]) => disk.remove(`${path}`))
  wrap(module, 'open', (_, [path, flags]) => {
    if (typeof flags === 'string' && /[wa+]/.test(flags)) disk.emptied(`${path}`)
  })
  wrap(handlePrototype as unknown as Record<string, Call>, 'sync', (self) =>
    disk.sync(readlinkSync(`/proc/self/fd/${(self as FileHandle).fd}`)),
  )
  syncBuiltinESMExports()
  try {
    const result = await work()
    return {
      result,
      disk: contents(
        disk.root,
        ({ durable }) => durable,
        ({ durable }) => durable,
      ),
      calls,
    }
  } finally {
    for (const one of undo) one()
    syncBuiltinESMExports()
  }
}

const anyHandle = await promises.open(import.meta.filename)
const handlePrototype = Object.getPrototypeOf(anyHandle) as FileHandle
await anyHandle.close()
