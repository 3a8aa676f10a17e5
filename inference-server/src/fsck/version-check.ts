/** Whether a version is what its metadata.json says: every file, every digest. */
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { metadataFile, type VersionMetadata } from '@gantry/contract/versions.ts'
import { blobPath, shareFile } from '../import/blobs.ts'
import { knownFiles } from '../import/known-files.ts'
import type { StagedFile } from '../import/staged-file.ts'
import {
  type Compare,
  type Difference,
  differencesIn,
  foundFiles,
  isListOf,
  isPassing,
  isPathInside,
} from '../import/version-check.ts'
import { readVersion } from '../import/volume/volume.ts'
import type { Contents } from './contents.ts'
import { restoreFile } from './damaged-file.ts'
import { bySeal, type Keys, openVersion } from './encrypted-files.ts'
import type { Problem } from './problem.ts'

/** What is done where no file of the volume has the right bytes. */
const importAgain =
  'import the source again under another name of yours (spec.model.version; --label at a terminal), then run fsck with --repair, which gives this version the same bytes'

const restorable =
  'run fsck with --repair: another file of the volume has the right bytes; then start the pods of the version anew'

interface Checking {
  readonly volume: string
  readonly contents: Contents
  /** Keys of encrypted versions; undefined where there are none. */
  readonly keys?: Keys | undefined
}

const wrongContent = ({ kind, why }: Difference): Pick<Problem, 'problem' | 'message'> => {
  if (kind === 'missing') return { problem: 'FileMissing', message: 'the file is missing' }
  return why === undefined
    ? { problem: 'FileDamaged', message: 'the file has other bytes than were imported' }
    : { problem: 'FileUnreadable', message: `the file cannot be read: ${why}` }
}

/** Names of one file are read once, however many versions share it. */
const byContents =
  (contents: Contents): Compare =>
  async ({ sha256, sizeBytes }, _, path) => {
    const found = await contents.of(path)
    if (found.kind === 'missing') return { kind: 'missing' }
    if (found.kind === 'unreadable') return { kind: 'changed', why: found.why }
    return found.sha256 === sha256 && found.sizeBytes === sizeBytes ? undefined : { kind: 'changed' }
  }

const fileProblem = async (
  { volume }: Checking,
  { id, files }: VersionMetadata,
  difference: Difference,
): Promise<Problem> => {
  const { kind, path } = difference
  const at = { version: id, path: `${id}/${path}` }
  if (kind === 'added')
    return {
      ...{ problem: 'FileUnknown', ...at },
      message: 'no import has written the file, and a server may read it',
      advice: 'find out who wrote it, and delete it',
      repair: 'none',
    }
  const wrong = { ...wrongContent(difference), ...at }
  const file = files.find((one) => one.path === path)
  const isElsewhere = file && file.seal === undefined && (await knownFiles(volume).find(file)) !== undefined
  return isElsewhere
    ? { ...wrong, advice: restorable, repair: () => restoreFile(volume, id, file) }
    : { ...wrong, advice: importAgain, repair: 'none' }
}

const unshared = async (
  { volume, contents }: Checking,
  id: string,
  file: StagedFile,
): Promise<readonly Problem[]> => {
  const path = join(volume, id, file.path)
  const [own, blob] = [await contents.of(path), await contents.of(blobPath(volume, file.sha256))]
  // A newer reference for drift is none of what was imported, and stays.
  if (own.kind !== 'read' || own.sha256 !== file.sha256) return []
  if (blob.kind === 'read' && blob.inode === own.inode) return []
  const message = 'the file takes room of its own'
  const advice = 'nothing has to be done; fsck --repair shares it, where the volume has hard links'
  const repair = async (): Promise<boolean> =>
    (await shareFile(volume, path, file, knownFiles(volume))).kind === 'shared'
  return [{ problem: 'BlobMissing', version: id, path: `${id}/${file.path}`, message, advice, repair }]
}

/** A process that writes a file of a version gives it its name within this time. */
const writingMs = 60_000

const leftName = async ({ volume }: Checking, id: string, inside: string): Promise<readonly Problem[]> => {
  const path = join(volume, id, inside)
  const stats = await stat(path).catch(() => undefined)
  if (!stats || Date.now() - stats.ctimeMs < writingMs) return []
  return [
    {
      ...{ problem: 'LeftByImport', version: id, path: `${id}/${inside}` },
      message: 'a killed process has left the name',
      advice: 'nothing reads it; fsck --repair deletes it',
      repair: () => rm(path, { force: true }).then(() => true),
    },
  ]
}

const unreadable = (id: string, message: string): Problem => ({
  ...{ problem: 'MetadataUnreadable', version: id, path: `${id}/${metadataFile}`, message },
  advice: `nothing serves the folder; bring metadata.json back from a backup, or delete ${id} and import its source again`,
  repair: 'none',
})

const checkFiles = async (checking: Checking, version: VersionMetadata): Promise<readonly Problem[]> => {
  const { volume, contents, keys } = checking
  const { id, files, linksRefused } = version
  const dir = join(volume, id)
  const found = await foundFiles(dir).catch((error: Error) => error)
  if (found instanceof Error) return [unreadable(id, `the folder cannot be read: ${found.message}`)]
  const { versionKey, problems: ofKeys } = openVersion(version, keys)
  const [digests, seals] = [byContents(contents), bySeal(contents, versionKey)]
  const differences = await differencesIn(dir, version, found, (file, ...rest) =>
    file.seal === undefined ? digests(file, ...rest) : seals(file, ...rest),
  )
  const problems: Problem[] = [...ofKeys]
  for (const { path } of found.filter(isPassing)) problems.push(...(await leftName(checking, id, path)))
  for (const difference of differences) problems.push(await fileProblem(checking, version, difference))
  const differing = new Set(differences.map(({ path }) => path))
  const same = files.filter(({ path, seal }) => seal === undefined && !differing.has(path))
  if (linksRefused === undefined)
    for (const file of same) problems.push(...(await unshared(checking, id, file)))
  return problems
}

const checkSums = (version: VersionMetadata, ids: ReadonlySet<string>): readonly Problem[] => {
  const { id, files, digest, parent } = version
  const problems: Problem[] = []
  if (!isListOf({ files }, digest))
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
  if (!version.files.every(({ path }) => isPathInside(path)))
    return { files: 0, problems: [unreadable(id, 'metadata.json names files outside of the version')] }
  const problems = [...checkSums(version, ids), ...(await checkFiles(checking, version))]
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
