/** The folder of a candidate: fetched as an import fetches it, or one of a volume, as it is. */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { EvaluationCandidate } from '@gantry/contract/evaluation.ts'
import { mounts } from '@gantry/contract/server.ts'
import { shownSource } from '@gantry/contract/source.ts'
import { metadataFile, versionIdPattern } from '@gantry/contract/versions.ts'
import { codeOf, ImportError } from '../failures/import-error.ts'
import { byPath, digestOf } from '../import/digest.ts'
import { listFolder } from '../import/folder-listing.ts'
import { type ImportOptions, importModel } from '../import/import-model.ts'
import { revisionOf } from '../import/revision.ts'
import { boundaryOf } from '../import/sources/source.ts'
import type { StagedFile } from '../import/staged-file.ts'
import { isObject } from '../json/json-object.ts'
import { unlockFolder } from '../sealing/locked-folder.ts'
import { fileDigest } from './file-digest.ts'
import { checkMade } from './made-folder.ts'

/** What of an import is the same for all candidates. */
export type Fetching = Pick<
  ImportOptions,
  | 'secret'
  | 'allowHttpCredentials'
  | 'timeouts'
  | 'addresses'
  | 'proxies'
  | 'caFile'
  | 'retryDelaysMs'
  | 'maxBytes'
  | 'log'
  | 'signal'
>

export interface CandidateFolder {
  /** Absolute. */
  readonly dir: string
  /** sha256:… of its files. */
  readonly digest: string
  readonly sizeBytes: number
}

/** Digest and size of a version, as its import wrote them; undefined where the folder is none: an optimizer may write anything into its own. */
const recorded = async (dir: string): Promise<Omit<CandidateFolder, 'dir'> | undefined> => {
  if (!versionIdPattern.test(basename(dir))) return undefined
  try {
    const metadata: unknown = JSON.parse(await readFile(join(dir, metadataFile), 'utf8'))
    if (!isObject(metadata)) return undefined
    const { digest, sizeBytes } = metadata
    return typeof digest === 'string' && typeof sizeBytes === 'number' ? { digest, sizeBytes } : undefined
  } catch {
    return undefined
  }
}

const filesOf = async (dir: string): Promise<readonly StagedFile[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const files: StagedFile[] = []
  for (const path of paths) files.push({ path: path.slice(dir.length + 1), ...(await fileDigest(path)) })
  return files.toSorted(byPath)
}

const unreadable = (dir: string, error: unknown): ImportError => {
  const code = codeOf(error) ?? 'error'
  const what = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`
  return new ImportError('SourceNotFound', `the folder ${dir} ${what}; import the model again`, 'never', {
    cause: error,
  })
}

/** A folder that is there. @throws ImportError */
export const existingFolder = async (dir: string): Promise<CandidateFolder> => {
  const known = await recorded(dir)
  if (known) return { dir, ...known }
  const files = await filesOf(dir).catch((error: unknown) => {
    throw unreadable(dir, error)
  })
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  return { dir, digest: digestOf(files), sizeBytes }
}

/**
 * @param volume absolute; versions that are fetched lie in it
 * @throws ImportError; CandidateError where an optimizer has not made the folder
 */
export const openCandidate = async (
  candidate: EvaluationCandidate,
  volume: string,
  fetching: Fetching,
): Promise<CandidateFolder> => {
  const { folder, digest, encryptionKeys, optimizationReport, source, sourceName, file, sha256, task } =
    candidate
  if (folder !== undefined) {
    if (optimizationReport !== undefined) await checkMade(folder, optimizationReport)
    const found = await existingFolder(folder)
    // The names of classes are read here, too, and not by the server alone.
    if (encryptionKeys !== undefined) await unlockFolder(folder, await listFolder(folder), encryptionKeys)
    // The server that is measured compares the files with the digest that its metadata.json names.
    if (digest === undefined || found.digest === digest) return found
    throw new ImportError(
      'DigestMismatch',
      `${basename(folder)} is not the version that was imported: its metadata.json does not describe the digest ${digest}; look at the volume with \`gantry fsck\`, and import the model again`,
    )
  }
  if (source === undefined)
    throw new ImportError('SourceUnsupported', 'the candidate has no source; give source or folder')
  const { version } = await importModel({
    ...fetching,
    source,
    boundary: boundaryOf(source, mounts.source),
    shownAs: shownSource(sourceName ?? source),
    sha256,
    file,
    task,
    volume,
    strict: false,
    revision: revisionOf({ uri: source, file, sha256, label: undefined }),
    label: undefined,
    historyLimit: undefined,
    keep: [],
    pinned: [],
    now: () => new Date(),
  })
  return { dir: join(volume, version.id), digest: version.digest, sizeBytes: version.sizeBytes }
}
