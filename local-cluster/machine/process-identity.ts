import { readFileSync } from 'node:fs'

/** What tells a process from a later one that got the same number. */
export type ProcessIdentity = {
  readonly pid: number
  /** Clock ticks from boot to the start of the process: field 22 of /proc/PID/stat. */
  readonly startTicks: string
  readonly bootId: string
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

export const bootId = (): string => (read('/proc/sys/kernel/random/boot_id') ?? '').trim()

/** Fields after the command name, which is in brackets and may itself hold spaces and brackets. */
const statFields = (pid: number): readonly string[] | undefined => {
  const text = read(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** @returns undefined when no process has this number, or only a zombie has it */
export const identify = (pid: number): ProcessIdentity | undefined => {
  const fields = statFields(pid)
  const startTicks = fields?.[19]
  if (!startTicks || fields?.[0] === 'Z') return undefined
  return { pid, startTicks, bootId: bootId() }
}

/** Parent of a process, or undefined when it is gone. */
export const parentOf = (pid: number): number | undefined => {
  const parent = statFields(pid)?.[1]
  return parent === undefined ? undefined : Number(parent)
}

/** The command line, words separated by one space. */
export const commandLine = (pid: number): string =>
  (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim()

/** True while exactly this process lives: pids are reused, and after a reboot all of them start over. */
export const isAlive = (identity: ProcessIdentity): boolean => {
  const now = identify(identity.pid)
  return now?.startTicks === identity.startTicks && now.bootId === identity.bootId
}
