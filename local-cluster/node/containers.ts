import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layout } from '../layout.ts'
import { commandLine, identify, isAlive, parentOf } from '../machine/process-identity.ts'
import { waitFor } from '../machine/wait.ts'

const allPids = async (): Promise<readonly number[]> =>
  (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number)

/** The command line of a shim names the socket of its containerd, which tells this cluster's shims from others. */
export const isOurShim = (command: string, socket: string): boolean =>
  /^\S*containerd-shim\S* /.test(command) && command.split(' ').includes(socket)

/** All processes that stem from `roots`, without these. @param parents the parent of every process */
export const descendants = (
  parents: ReadonlyMap<number, number>,
  roots: ReadonlySet<number>,
): readonly number[] => {
  const belongs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (roots.has(pid) || belongs(parents.get(pid)))
  return [...parents.keys()].filter((pid) => !roots.has(pid) && belongs(parents.get(pid)))
}

/** Pids of this cluster's shims, and of everything that runs in their containers. */
const ourContainers = async (socket: string): Promise<{ shims: number[]; contained: readonly number[] }> => {
  const pids = await allPids()
  const shims = pids.filter((pid) => isOurShim(commandLine(pid), socket))
  const parents = new Map(pids.map((pid) => [pid, parentOf(pid) ?? 0]))
  return { shims, contained: descendants(parents, new Set(shims)) }
}

const killAll = async (pids: readonly number[]): Promise<void> => {
  const identities = pids.map(identify).filter((identity) => identity !== undefined)
  for (const identity of identities) {
    try {
      if (isAlive(identity)) process.kill(identity.pid, 'SIGKILL')
    } catch {
      // It ended between the look and the signal.
    }
  }
  const gone = async (): Promise<boolean> => !identities.some(isAlive)
  await waitFor(`containers (pids ${pids.join(', ')}) end`, gone, { timeoutMs: 20_000, intervalMs: 20 })
}

/** Shims put their sockets beside those of every other containerd; each says in its folder which one is its own. */
const removeShimSockets = async (layout: Layout): Promise<void> => {
  const tasks = join(layout.run, 'containerd', 'io.containerd.runtime.v2.task', 'k8s.io')
  for (const id of await readdir(tasks).catch(() => [] as string[])) {
    const address = await readFile(join(tasks, id, 'address'), 'utf8').catch(() => '')
    const socket = address.trim().replace(/^unix:\/\//, '')
    if (socket.startsWith('/run/containerd/s/')) await rm(socket, { force: true })
  }
}

/** Ends every container of this cluster. The kubelet must be stopped before, or it would start them anew. */
export const endContainers = async (layout: Layout): Promise<void> => {
  const { shims, contained } = await ourContainers(layout.containerdSocket)
  await killAll(contained)
  await killAll(shims)
  await removeShimSockets(layout)
}
