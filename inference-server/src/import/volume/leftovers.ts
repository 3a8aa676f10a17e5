import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { versionsFile } from '@gantry/contract/versions.ts'
import { codeOf, folderError } from '../../failures/import-error.ts'
import { syncPath } from './sync.ts'

/**
 * Folders on the volume that are not versions: `.import-…` while one is made, `.removed-…` while one is deleted.
 * The process that makes one keeps its file `owner` fresh, so that the next import can tell work in progress from what a killed one left.
 */
const workPrefix = '.import-'
const removedPrefix = '.removed-'
const ownerFile = 'owner'

/** What writeIndex writes before it renames it. */
export const temporaryIndex = `.${versionsFile}-`

/** Time between two touches of the file `owner`, and the age from which its process counts as ended. */
const beatMs = 5_000
const silenceMs = 60_000

export interface Workspace {
  /** Absolute. */
  readonly dir: string
  /** Deletes the folder. */
  readonly close: () => Promise<void>
}

/**
 * A folder of this process alone, on the volume, so that a finished version only has to be renamed.
 * @param prefix of its name, which says what is made in it
 */
export const openWorkspace = async (volume: string, prefix = workPrefix): Promise<Workspace> => {
  const dir = join(volume, `${prefix}${randomUUID()}`)
  await mkdir(dir, { mode: 0o700 }).catch((error: unknown) => {
    throw folderError(error, volume)
  })
  const owner = join(dir, ownerFile)
  const self = { host: hostname(), pid: process.pid, started: await startOf(process.pid) }
  await writeFile(owner, JSON.stringify(self)).catch(async (error: unknown) => {
    await rm(dir, { recursive: true, force: true }) // without an owner it would be taken for work in progress for a minute
    throw folderError(error, volume)
  })
  const beat = setInterval(() => {
    const now = new Date()
    utimes(owner, now, now).catch(() => undefined) // a folder that is gone shows itself in the next write
  }, beatMs)
  beat.unref()
  const close = async (): Promise<void> => {
    clearInterval(beat)
    await rm(dir, { recursive: true, force: true })
  }
  return { dir, close }
}

/** Names of what killed imports left. */
export const findLeftovers = async (volume: string): Promise<readonly string[]> => {
  const found: string[] = []
  for (const name of await readdir(volume)) {
    const isRemoved = name.startsWith(removedPrefix)
    if (!isRemoved && !name.startsWith(workPrefix) && !name.startsWith(temporaryIndex)) continue
    if (isRemoved || !(await isAlive(join(volume, name)))) found.push(name)
  }
  return found
}

/**
 * Deletes what killed imports left.
 * @returns their names
 */
export const removeLeftovers = async (volume: string): Promise<readonly string[]> => {
  const found = await findLeftovers(volume)
  for (const name of found) await removeFolder(volume, name)
  return found
}

/** Whether another import is at work here, or was killed so recently that the two cannot be told apart. */
export const othersAtWork = async (volume: string, own: string | undefined): Promise<boolean> =>
  (await readdir(volume)).some((name) => name.startsWith(workPrefix) && join(volume, name) !== own)

/**
 * Renamed first: while its files disappear, a folder never looks like a version, or like the work of another import. The new name is on the
 * disk before they disappear, so that a machine that loses power does not come back with half a version.
 */
export const removeFolder = async (volume: string, name: string): Promise<void> => {
  const renamed = join(volume, name.startsWith(removedPrefix) ? name : `${removedPrefix}${randomUUID()}`)
  try {
    await rename(join(volume, name), renamed)
    await syncPath(volume)
    await rm(renamed, { recursive: true, force: true })
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error // another import was faster
  }
}

/** Whether the process that made a workspace still works in it. @param dir absolute */
export const isAlive = async (dir: string): Promise<boolean> => {
  const owner = await readFile(join(dir, ownerFile), 'utf8').catch(() => '')
  const { host, pid, started } = parse(owner)
  // The process id decides on the same machine; elsewhere only the age of the file `owner` does.
  if (host === hostname() && pid !== undefined && started) return started === (await startOf(pid))
  const seen = await stat(join(dir, ownerFile))
    .catch(() => stat(dir))
    .catch(() => undefined)
  return seen !== undefined && Date.now() - seen.mtimeMs < silenceMs
}

const parse = (text: string): { host?: string; pid?: number; started?: string } => {
  try {
    const owner = JSON.parse(text)
    return typeof owner === 'object' && owner !== null ? owner : {}
  } catch {
    return {} // killed while it wrote its name
  }
}

/** When a process began, in the kernel's ticks: a pid alone is given again. '' where there is none, or no /proc. */
const startOf = async (pid: number): Promise<string> => {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
