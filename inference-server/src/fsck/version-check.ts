/** Whether a version is what its metadata.json says: every file, every digest. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { driftReferenceFile } from '@gantry/contract/drift.ts'
import { metadataFile, type VersionMetadata } from '@gantry/contract/versions.ts'
import { codeOf } from '../failures/import-error.ts'
import { blobPath, isTemporaryName, shareFile } from '../import/blobs.ts'
import { digestOf } from '../import/digest.ts'
import { knownFiles } from '../import/known-files.ts'
import type { StagedFile } from '../import/staged-file.ts'
import { readVersion } from '../import/volume.ts'
import { SealError } from '../sealing/seal-error.ts'
import { checkSealedFile, type SealedEntry } from '../sealing/sealed-file.ts'
import type { Content, Contents } from './contents.ts'
import { restoreFile } from './damaged-file.ts'
import type { Problem } from './problem.ts'

/** What is done where no file of the volume has the right bytes. */
const importAgain =
  'import the source again under another name of yours (spec.model.version; --label at a terminal), then run fsck with --repair, which gives this version the same bytes'

const restorable =
  'run fsck with --repair: another file of the volume has the right bytes; then start the pods of the version anew'

interface Checking {
  readonly volume: string
  readonly contents: Contents
}

/** Not written by an import, and known: measurements of the version. */
const besides: ReadonlySet<string> = new Set([metadataFile, driftReferenceFile])

const isInside = (path: string): boolean =>
  !posix.isAbsolute(path) && posix.normalize(path) === path && !path.split('/').includes('..')

const wrongContent = (
  found: Exclude<Content, { kind: 'read' }> | { readonly kind: 'differs' },
): Pick<Problem, 'problem' | 'message'> => {
  switch (found.kind) {
    case 'missing':
      return { problem: 'FileMissing', message: 'the file is missing' }
    case 'unreadable':
      return { problem: 'FileUnreadable', message: `the file cannot be read: ${found.why}` }
    case 'differs':
      return { problem: 'FileDamaged', message: 'the file has other bytes than were imported' }
  }
}

/** What can be told of an encrypted file without its key: its name, its size, and the salt in its header. A server finds the rest. */
const checkSealed = (volume: string, id: string, file: SealedEntry): readonly Problem[] => {
  try {
    checkSealedFile(join(volume, id, file.path), file)
    return []
  } catch (error) {
    const found = error instanceof SealError ? ({ kind: 'differs' } as const) : contentOf(error)
    const at = { version: id, path: `${id}/${file.path}` }
    return [{ ...wrongContent(found), ...at, advice: importAgain, repair: 'none' }]
  }
}

const contentOf = (error: unknown): Exclude<Content, { kind: 'read' }> =>
  codeOf(error) === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', why: codeOf(error) ?? `${error}` }

const checkFile = async (
  { volume, contents }: Checking,
  { id, linksRefused }: VersionMetadata,
  file: StagedFile,
): Promise<readonly Problem[]> => {
  const path = `${id}/${file.path}`
  if (file.seal !== undefined) return checkSealed(volume, id, { ...file, seal: file.seal })
  const found = await contents.of(join(volume, path))
  const at = { version: id, path }
  if (found.kind !== 'read' || found.sha256 !== file.sha256 || found.sizeBytes !== file.sizeBytes) {
    const wrong = wrongContent(found.kind === 'read' ? { kind: 'differs' } : found)
    const isElsewhere = (await knownFiles(volume).find(file)) !== undefined
    const advice = isElsewhere ? restorable : importAgain
    return [{ ...wrong, ...at, advice, repair: isElsewhere ? () => restoreFile(volume, id, file) : 'none' }]
  }
  if (linksRefused !== undefined) return []
  const blob = await contents.of(blobPath(volume, file.sha256))
  if (blob.kind === 'read' && blob.inode === found.inode) return []
  const message = 'the file takes room of its own'
  const advice = 'nothing has to be done; fsck --repair shares it, where the volume has hard links'
  const share = async (): Promise<boolean> =>
    (await shareFile(volume, join(volume, path), file, knownFiles(volume))).kind === 'shared'
  return [{ problem: 'BlobMissing', ...at, message, advice, repair: share }]
}

/** A process that writes a file of a version gives it its name within this time. */
const writingMs = 60_000

const unknownFile = async (volume: string, id: string, inside: string): Promise<Problem | undefined> => {
  const at = { version: id, path: `${id}/${inside}` }
  const path = join(volume, at.path)
  if (!isTemporaryName(posix.basename(inside)))
    return {
      ...{ problem: 'FileUnknown', ...at },
      message: 'no import has written the file, and a server may read it',
      advice: 'find out who wrote it, and delete it',
      repair: 'none',
    }
  const { ctimeMs } = await stat(path)
  if (Date.now() - ctimeMs < writingMs) return undefined
  return {
    ...{ problem: 'LeftByImport', ...at },
    message: 'a killed process has left the name',
    advice: 'nothing reads it; fsck --repair deletes it',
    repair: () => rm(path, { force: true }).then(() => true),
  }
}

const checkUnknown = async (
  { volume }: Checking,
  { id, files }: VersionMetadata,
): Promise<readonly Problem[]> => {
  const known = new Set(files.map(({ path }) => path))
  const entries = await readdir(join(volume, id), { recursive: true, withFileTypes: true })
  const unknown = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => posix.relative(join(volume, id), join(parentPath, name)))
    .filter((path) => !known.has(path) && !besides.has(path))
    .sort()
  const problems = await Promise.all(unknown.map((path) => unknownFile(volume, id, path)))
  return problems.filter((problem) => problem !== undefined)
}

const checkSums = (version: VersionMetadata, ids: ReadonlySet<string>): readonly Problem[] => {
  const { id, files, digest, parent } = version
  const problems: Problem[] = []
  if (digestOf(files) !== digest)
    problems.push({
      ...{ problem: 'DigestWrong', version: id, path: `${id}/${metadataFile}` },
      message: 'the digest of the version is not that of its files',
      advice: `metadata.json was changed after the import: ${importAgain}`,
      repair: 'none',
    })
  if (parent !== undefined && !ids.has(parent))
    problems.push({
      ...{ problem: 'ParentMissing', version: id, path: `${id}/${metadataFile}` },
      message: `the version that it was made of, ${parent}, is gone`,
      advice: 'nothing has to be done to serve it',
      repair: 'needless',
    })
  return problems
}

const unreadable = (id: string, message: string): Problem => ({
  ...{ problem: 'MetadataUnreadable', version: id, path: `${id}/${metadataFile}`, message },
  advice: `nothing serves the folder; bring metadata.json back from a backup, or delete ${id} and import its source again`,
  repair: 'none',
})

/** @param ids of all versions @returns undefined where the version was deleted meanwhile */
const checkWhole = async (checking: Checking, id: string, ids: ReadonlySet<string>) => {
  const { volume } = checking
  const version = await readVersion(volume, id).catch((error: Error) => error)
  if (version instanceof Error)
    return { files: 0, problems: [unreadable(id, `metadata.json cannot be read: ${version.message}`)] }
  if (!version)
    return {
      files: 0,
      problems: [unreadable(id, 'metadata.json is missing, or is not what an import writes')],
    }
  if (!version.files.every(({ path }) => isInside(path)))
    return { files: 0, problems: [unreadable(id, 'metadata.json names files outside of the version')] }
  const problems = [...checkSums(version, ids), ...(await checkUnknown(checking, version))]
  for (const file of version.files) problems.push(...(await checkFile(checking, version, file)))
  return { files: version.files.length, problems }
}

export interface CheckedVersion {
  readonly files: number
  readonly problems: readonly Problem[]
}

/** @returns undefined where an import has deleted the version meanwhile */
export const checkVersion = async (
  checking: Checking,
  id: string,
  ids: ReadonlySet<string>,
): Promise<CheckedVersion | undefined> => {
  const checked = await checkWhole(checking, id, ids).catch((error: unknown) => error as Error)
  const isThere = await stat(join(checking.volume, id)).catch(() => undefined)
  if (!isThere) return undefined
  if (checked instanceof Error) throw checked
  return checked
}
