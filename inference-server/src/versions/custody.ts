/** Whether the files that a version is loaded from are those of its import: looked at before it is loaded, and again when a file was written. */
import { createHash, randomUUID } from 'node:crypto'
import { lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestMismatchExit } from '@gantry/contract/server.ts'
import { StartError } from '../failures/errors.ts'
import {
  type Difference,
  differencesIn,
  type FoundFile,
  foundFiles,
  isListOf,
  openedByKeys,
  type Recorded,
  recordedFiles,
  sayDifferences,
} from '../import/version-check.ts'
import type { Log } from '../process/log.ts'
import type { VersionFolder } from './version-folders.ts'

export interface Custody {
  /** Settles once the files may be loaded. @throws StartError where they are not those of the import */
  readonly checked: Promise<void>
  /** What of the files differs since they were loaded; undefined where nothing does. */
  readonly damage: () => string | undefined
  readonly close: () => void
}

export interface CustodyOptions {
  readonly folder: VersionFolder
  /** sha256:… that the version must have; undefined: what metadata.json says, where there is one. */
  readonly digest: string | undefined
  /** Whether there are keys: then every file has to be encrypted, and is opened by them. */
  readonly isEncrypted?: boolean
  /** sha256:… that the rest of its metadata.json must have; undefined: it is believed. */
  readonly recordDigest?: string | undefined
  readonly log: Log
  /** Time between looks at whether files were written, milliseconds. Tests choose a shorter one. */
  readonly lookEveryMs?: number
}

/** Looks ask for names and times of files only, which costs a millisecond for a usual version. */
const usualLookMs = 30_000

const next =
  'look at the whole volume with `gantry fsck`, find out who wrote to it, and import the model again with another spec.model.version'

/** The files cannot be those of the import. */
const mismatch = (version: string, what: string, detail?: string): StartError =>
  new StartError(
    `the files of ${version} are not those that were imported: ${what}; ${next}`,
    digestMismatchExit,
    {
      detail,
    },
  )

const listed = (differences: readonly Difference[]): string =>
  differences
    .slice(0, 20)
    .map(({ kind, path }) => `${kind}: ${JSON.stringify(path)}`)
    .join(', ')

const printOf = (found: readonly FoundFile[]): string => {
  const hash = createHash('sha256')
  for (const { path, print } of found) hash.update(`${path}\0${print}\n`)
  return hash.digest('hex')
}

/**
 * The result of a pod's first check, for containers that start after it: the pod's own folder for temporary files goes with the pod.
 * A folder that another user has made is left alone.
 */
const keptFolder = async (): Promise<string | undefined> => {
  const path = join(tmpdir(), `gantry-checked-${process.getuid?.() ?? 0}`)
  await mkdir(path, { mode: 0o700 }).catch(() => undefined)
  const stats = await lstat(path).catch(() => undefined)
  const isOurs = stats?.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o022) === 0
  return isOurs ? path : undefined
}

const keptPath = async (digest: string): Promise<string | undefined> => {
  const folder = await keptFolder()
  return folder && join(folder, digest.slice('sha256:'.length))
}

const wasChecked = async (digest: string, print: string): Promise<boolean> => {
  const path = await keptPath(digest)
  return path !== undefined && (await readFile(path, 'utf8').catch(() => '')) === print
}

const keep = async (digest: string, print: string): Promise<void> => {
  const path = await keptPath(digest)
  if (path === undefined) return
  const temporary = `${path}-${randomUUID()}`
  await writeFile(temporary, print, { mode: 0o600 }).then(() => rename(temporary, path))
}

/** @returns undefined for a folder that no import has written, where no digest is asked for */
const expected = async ({ folder, digest, recordDigest }: CustodyOptions): Promise<Recorded | undefined> => {
  const { version, dir } = folder
  const recorded = await recordedFiles(dir)
  if (!recorded) {
    if (digest === undefined) return undefined
    throw mismatch(version, 'metadata.json is missing, or is not what an import has written')
  }
  if (digest !== undefined && !isListOf(recorded, digest))
    throw mismatch(version, `metadata.json does not describe the version with the digest ${digest}`)
  if (!isListOf(recorded, recorded.digest))
    throw mismatch(version, 'the digest in metadata.json is not that of the files that it lists')
  if (recordDigest !== undefined && recorded.recordDigest !== recordDigest)
    throw mismatch(version, 'metadata.json has another task, graph or proof of rows than the import wrote')
  return recorded
}

const lookAt = (dir: string, version: string): Promise<readonly FoundFile[]> =>
  foundFiles(dir).catch((error: Error) => {
    throw mismatch(version, 'its folder cannot be read', error.message)
  })

/** @returns what the folder looked like, for later looks; undefined where nothing is to be checked */
const check = async (options: CustodyOptions): Promise<string | undefined> => {
  const { folder, digest, log } = options
  const { version, dir } = folder
  const recorded = await expected(options)
  if (!recorded) return undefined
  const found = await lookAt(dir, version)
  const print = printOf(found)
  if (digest !== undefined && (await wasChecked(digest, print))) return print
  const startMs = performance.now()
  const differences = await differencesIn(
    dir,
    recorded,
    found,
    options.isEncrypted ? openedByKeys : undefined,
  )
  if (differences.length > 0) throw mismatch(version, sayDifferences(differences), listed(differences))
  log.info('the files are those of the import', {
    version,
    digest: recorded.digest,
    ms: Math.round(performance.now() - startMs),
  })
  if (digest !== undefined) await keep(digest, print).catch(() => undefined) // it is checked again then
  return print
}

/** Begins to check at once. */
export const openCustody = (options: CustodyOptions): Custody => {
  const { folder, log, lookEveryMs = usualLookMs } = options
  let damage: string | undefined
  let seen: string | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  /** A file that was written is hashed again; what was loaded goes on serving. */
  const look = async (): Promise<void> => {
    const now = await foundFiles(folder.dir).then(printOf, () => 'unreadable')
    if (now === seen) return
    try {
      seen = (await check(options)) ?? now
      if (damage !== undefined)
        log.info('the files are those of the import again', { version: folder.version })
      damage = undefined
    } catch (error) {
      seen = now
      damage = (error as Error).message
      log.error(damage, { version: folder.version, detail: (error as StartError).detail })
    }
  }

  const again = (): void => {
    if (isClosed) return
    timer = setTimeout(() => void look().finally(again), lookEveryMs)
    timer.unref()
  }

  const checked = check(options).then((print) => {
    seen = print
    if (print !== undefined) again()
  })
  checked.catch(() => {})
  return {
    checked,
    damage: () => damage,
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
