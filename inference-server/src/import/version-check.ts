/** Whether the files of a version are those that were imported, by the digests that metadata.json records. */
import { createHash } from 'node:crypto'
import { type FileHandle, lstat, open, readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { driftReferenceFile } from '@gantry/contract/drift.ts'
import { metadataFile } from '@gantry/contract/versions.ts'
import { isObject } from '../json/json-object.ts'
import { isTemporaryName } from './blobs.ts'
import { digestOf, recordDigestOf } from './digest.ts'
import { isClutter, maxDepth } from './folder-listing.ts'
import type { StagedFile } from './staged-file.ts'

/** `added`: is there, and was not imported. A link counts as changed, or as added: an import leaves none. */
export interface Difference {
  readonly kind: 'changed' | 'missing' | 'added'
  /** Relative to the version's folder. */
  readonly path: string
  /** Why the bytes of a changed file could not be compared. */
  readonly why?: string
}

/**
 * Compares one file with what was recorded of it.
 * @param path absolute
 * @returns undefined where it is the same
 */
export type Compare = (
  file: StagedFile,
  found: FoundFile,
  path: string,
) => Promise<Pick<Difference, 'kind' | 'why'> | undefined>

/** What metadata.json says of the files. */
export interface Recorded {
  /** sha256:… */
  readonly digest: string
  readonly files: readonly StagedFile[]
  /** sha256:… of what else it says that decides about answers. */
  readonly recordDigest: string
}

/** A folder of a version has 10,000 files at most; what has more was not imported. */
const mostEntries = 20_000
/** The list of 10,000 files with long names. */
const mostMetadataBytes = 16 * 2 ** 20
/** Bytes that are hashed at a time: others get their turn on the thread after less than a millisecond. */
const chunkBytes = 2 ** 20

/** Whether a path of metadata.json stays inside the version. */
export const isPathInside = (path: unknown): path is string =>
  typeof path === 'string' &&
  path !== '' &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

const isRecordedFile = (file: unknown): file is StagedFile =>
  isObject(file) &&
  isPathInside(file['path']) &&
  Number.isSafeInteger(file['sizeBytes']) &&
  typeof file['sha256'] === 'string' &&
  /^[0-9a-f]{64}$/.test(file['sha256'])

/**
 * What an import recorded of the folder's files.
 * @param dir absolute
 * @returns undefined where there is no metadata.json, or none that an import has written
 */
export const recordedFiles = async (dir: string): Promise<Recorded | undefined> => {
  const path = join(dir, metadataFile)
  const stats = await lstat(path).catch(() => undefined)
  if (!stats?.isFile() || stats.size > mostMetadataBytes) return undefined
  const metadata: unknown = await readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined)
  if (!isObject(metadata)) return undefined
  const { digest, files } = metadata
  if (typeof digest !== 'string' || !Array.isArray(files) || !files.every(isRecordedFile)) return undefined
  const { task, file, rows } = metadata
  return { digest, files, recordDigest: recordDigestOf({ task, file, rows }) }
}

/** Whether the list of files is the one that the digest was made of. */
export const isListOf = ({ files }: Pick<Recorded, 'files'>, digest: string): boolean =>
  digestOf(files) === digest

/** A file of a folder, by what changes when anybody writes to it. */
export interface FoundFile {
  readonly path: string
  readonly isFile: boolean
  readonly sizeBytes: number
  /** Device, inode, size, time of change: nobody but the file system sets the last. */
  readonly print: string
}

/** Names that NFS and FUSE give to a file that was deleted while a program had it open. */
const isDeleted = (path: string): boolean => /(^|\/)\.(nfs|fuse_hidden)[0-9a-f]+$/i.test(path)

/** Whether a file has a name that it keeps only until it is complete, as files of `fsck --repair` and of evaluations do. */
export const isPassing = ({ path }: Pick<FoundFile, 'path'>): boolean => isTemporaryName(basename(path))

/** Files that are written beside those of an import: what an evaluation records decides nothing about answers. */
const isBeside = (path: string): boolean =>
  path === driftReferenceFile || isPassing({ path }) || isDeleted(path)

/** @throws Error where a folder cannot be read, or there are more entries than any version has */
export const foundFiles = async (dir: string): Promise<readonly FoundFile[]> => {
  const found: FoundFile[] = []
  const walk = async (prefix: string, depth: number): Promise<void> => {
    for (const entry of await readdir(join(dir, prefix), { withFileTypes: true })) {
      if (isClutter(entry.name, prefix)) continue
      const path = prefix + entry.name
      if (entry.isDirectory() && depth < maxDepth) {
        await walk(`${path}/`, depth + 1)
        continue
      }
      if (found.length >= mostEntries) throw new Error(`there are more than ${mostEntries} files`)
      const { dev, ino, size, ctimeNs } = await lstat(join(dir, path), { bigint: true })
      const print = [dev, ino, size, ctimeNs].join(' ')
      found.push({ path, isFile: entry.isFile(), sizeBytes: Number(size), print })
    }
  }
  await walk('', 0)
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** The next chunk is read while the last one is hashed. */
const sha256Of = async (file: FileHandle): Promise<string> => {
  const hash = createHash('sha256')
  let [buffer, spare] = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)]
  let reading = file.read(buffer, 0, chunkBytes)
  for (;;) {
    const { bytesRead } = await reading
    if (bytesRead === 0) return hash.digest('hex')
    const full = buffer
    ;[buffer, spare] = [spare, full]
    reading = file.read(buffer, 0, chunkBytes)
    hash.update(full.subarray(0, bytesRead))
  }
}

/** What cannot be read cannot be loaded either. */
const hasDigest = async (path: string, sha256: string): Promise<boolean> => {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return false
  try {
    return (await sha256Of(file)) === sha256
  } catch {
    return false
  } finally {
    await file.close()
  }
}

const byDigest: Compare = async ({ sizeBytes, sha256 }, found, path) =>
  found.sizeBytes === sizeBytes && (await hasDigest(path, sha256)) ? undefined : { kind: 'changed' }

/**
 * For a reader that opens files by keys, and so finds by itself what was changed. What metadata.json says of it counts for nothing: who changed
 * a file may have changed that, too.
 */
export const openedByKeys: Compare = async () => undefined

/**
 * Compares every file once.
 * @param dir absolute
 * @param found of the same folder
 */
export const differencesIn = async (
  dir: string,
  { files }: Pick<Recorded, 'files'>,
  found: readonly FoundFile[],
  compare: Compare = byDigest,
): Promise<readonly Difference[]> => {
  const there = new Map(found.map((file) => [file.path, file]))
  const differences: Difference[] = []
  for (const file of files) {
    const { path } = file
    const one = there.get(path)
    there.delete(path)
    // A reference for drift is replaced by the one of a later evaluation.
    if (one && path === driftReferenceFile) continue
    if (!one) differences.push({ kind: 'missing', path })
    else if (!one.isFile) differences.push({ kind: 'changed', path, why: 'it is no file' })
    else {
      const difference = await compare(file, one, join(dir, path))
      if (difference) differences.push({ ...difference, path })
    }
  }
  const added = [...there.keys()].filter((path) => !isBeside(path))
  return [...differences, ...added.map((path) => ({ kind: 'added' as const, path }))]
}

const saidOf = { changed: 'changed', missing: 'missing', added: 'not of the import' } as const

/** How many files differ and in what way: `1 file was changed, 2 files are missing`. */
export const sayDifferences = (differences: readonly Difference[]): string =>
  (['changed', 'missing', 'added'] as const)
    .map((kind) => ({ kind, count: differences.filter((one) => one.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => {
      const [files, verb] = count === 1 ? ['1 file', 'is'] : [`${count} files`, 'are']
      return `${files} ${verb} ${saidOf[kind]}`
    })
    .join(', ')
