/** Memory of a program with all the processes it started. */
import { readdirSync, readFileSync } from 'node:fs'

const statusOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return '' // it has ended meanwhile
  }
}

const numberIn = (status: string, member: string): number =>
  Number(new RegExp(`^${member}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)

/** Resident memory in MB; pages that processes share count for each of them. */
export const residentMb = (root: number): number => {
  const statuses = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => ({ pid: Number(entry), status: statusOf(Number(entry)) }))
  const kibibytesOf = (pid: number): number =>
    statuses
      .filter(({ status }) => numberIn(status, 'PPid') === pid)
      .reduce((sum, child) => sum + kibibytesOf(child.pid), numberIn(statusOf(pid), 'VmRSS'))
  return (kibibytesOf(root) * 1024) / 1e6
}

/** The kernel counts processor time in hundredths of a second (USER_HZ). */
const ticksPerSecond = 100

/** Processor time of a process and all its threads since its start. */
export const cpuSeconds = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}
