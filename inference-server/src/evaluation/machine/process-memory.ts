/** Peak memory of a process and of those it started, as the kernel counts it. */
import { readdir, readFile } from 'node:fs/promises'

const statusOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')

const numberIn = (status: string, member: string): number =>
  Number(new RegExp(`^${member}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)

/** Processes by the id of their parent. */
const children = async (): Promise<ReadonlyMap<number, readonly number[]>> => {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = await Promise.all(
    pids.map(async (pid) => [numberIn(await statusOf(pid), 'PPid'), pid] as const),
  )
  return new Map(
    [...Map.groupBy(parents, ([parent]) => parent)].map(([parent, all]) => [
      parent,
      all.map(([, pid]) => pid),
    ]),
  )
}

/**
 * Sum of the peaks (VmHWM) of a process and its descendants, in bytes. Pages that processes share count for each, and their
 * peaks need not fall together, so this is an upper bound. 0 where there is no /proc.
 */
export const peakMemoryBytes = async (root: number): Promise<number> => {
  const below = await children()
  const peakOf = async (pid: number): Promise<number> => {
    const own = numberIn(await statusOf(pid), 'VmHWM') * 1024
    const others = await Promise.all((below.get(pid) ?? []).map(peakOf))
    return others.reduce((sum, bytes) => sum + bytes, own)
  }
  return peakOf(root)
}
