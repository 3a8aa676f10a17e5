/**
 * Files of versions by their content: `blobs/sha256/HH/HEX` on the volume. A blob is another name of a file of a version, a hard link:
 * the same bytes are on the volume once, and deleting a blob takes nothing from a version.
 */
import { randomUUID } from 'node:crypto'
import { chmod, link, lstat, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../failures/import-error.ts'
import { fileDigest } from './digest.ts'
import type { StagedFile } from './staged-file.ts'

/** What a file consists of; its size in bytes. */
export type Content = Pick<StagedFile, 'sha256' | 'sizeBytes'>

/** Content that is looked for; a source may tell a digest without a size. */
export type Wanted = Pick<Content, 'sha256'> & { readonly sizeBytes?: number | undefined }

export const blobsFolder = join('blobs', 'sha256')

/** Absolute path of a blob. 256 folders keep the listing of each short. */
export const blobPath = (volume: string, sha256: string): string =>
  join(volume, blobsFolder, sha256.slice(0, 2), sha256)

/** Nothing edits a blob, since all versions with it would change. The kubelet may give the group more where it sets fsGroup. */
const blobMode = 0o444

/** A file system without hard links says one of these, or the kernel for files of another user; EMLINK: the file has as many as it can have. */
const refusals: ReadonlySet<string | undefined> = new Set([
  ...['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'ENOTDIR'],
])

export interface KnownFiles {
  /** @returns absolute path of a file with exactly that content, read to be sure; undefined where there is none */
  readonly find: (content: Wanted) => Promise<string | undefined>
}

/** Whether a file has that content. Its size tells most differences without reading. @param path absolute */
export const hasContent = async (path: string, { sha256, sizeBytes }: Wanted): Promise<boolean> => {
  // A link to such a file is none: it may lead out of the volume, and a hard link to it is a link again.
  const stats = await lstat(path).catch(() => undefined)
  if (!stats?.isFile() || stats.size !== (sizeBytes ?? stats.size)) return false
  return (await fileDigest(path).catch(() => undefined)) === sha256 // a disk that cannot read it has it no more
}

type Linked = { readonly kind: 'linked' | 'gone' } | { readonly kind: 'refused'; readonly code: string }

/** @throws Error of the file system, such as ENOSPC */
const tryLink = async (from: string, to: string): Promise<Linked> => {
  try {
    await link(from, to)
    return { kind: 'linked' }
  } catch (error) {
    const code = codeOf(error) ?? ''
    if (code === 'ENOENT') return { kind: 'gone' }
    if (refusals.has(code)) return { kind: 'refused', code }
    throw error
  }
}

/** A name that no file of a model has, for one that is on its way to another name. */
export const temporaryName = (): string => `.${randomUUID()}`
export const isTemporaryName = (name: string): boolean =>
  /^\.(.+-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)

/** Gives a file another name that may be taken; a reader of that name sees the old file or the new one. */
export const linkOver = async (from: string, to: string, through = dirname(to)): Promise<Linked> => {
  const temporary = join(through, temporaryName())
  try {
    const linked = await tryLink(from, temporary)
    if (linked.kind === 'linked') await rename(temporary, to)
    return linked
  } finally {
    await rm(temporary, { force: true }) // rename leaves both names where they are of one file already
  }
}

/** What became of a file that was to be shared: `code` says why it has room of its own. */
type Shared = { readonly kind: 'shared' } | { readonly kind: 'own'; readonly code: string }

/** Gives a file one more name. @returns undefined where that name is taken */
export const linkNew = async (from: string, to: string): Promise<Linked | undefined> => {
  try {
    await mkdir(dirname(to), { recursive: true })
    return await tryLink(from, to)
  } catch (error) {
    const code = codeOf(error) ?? ''
    if (code === 'EEXIST') return undefined
    if (refusals.has(code)) return { kind: 'refused', code }
    throw error
  }
}

/**
 * Gives a finished file the blob of its content, or makes it that blob. A blob that is damaged, or can have no further name, becomes this
 * file: versions that have the old one keep it.
 * @param path absolute, on the volume, with its content on the disk
 * @param known where files of that content are
 */
export const shareFile = async (
  volume: string,
  path: string,
  content: Content,
  known: KnownFiles,
): Promise<Shared> => {
  const blob = blobPath(volume, content.sha256)
  await chmod(path, blobMode).catch(() => undefined) // not every file system keeps modes
  const other = await known.find(content)
  if (other !== undefined) {
    if (other !== blob) await linkNew(other, blob) // an importer that knew no blobs has made that version
    const taken = await linkOver(other, path)
    if (taken.kind === 'linked') return { kind: 'shared' }
    if (taken.kind === 'refused' && taken.code !== 'EMLINK') return { kind: 'own', code: taken.code }
  }
  const made = (await linkNew(path, blob)) ?? (await linkOver(path, blob, dirname(path)))
  return made.kind === 'refused' ? { kind: 'own', code: made.code } : { kind: 'shared' }
}
