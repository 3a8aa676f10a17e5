/** Brings a version to the volume, whole or not at all: what an import of a source and the commit of an optimization have in common. */
import { join } from 'node:path'
import type { ImportReport } from '@gantry/contract/importing.ts'
import type { Task } from '@gantry/contract/server.ts'
import type { IndexedVersion, KeptProof, Requester } from '@gantry/contract/versions.ts'
import { ImportError, TooLarge, volumeError } from '../failures/import-error.ts'
import { readDeeper } from '../onnx/not-onnx.ts'
import type { Log } from '../process/log.ts'
import type { KeyPlace } from '../sealing/master-keys.ts'
import { keptProof, proveFor } from '../sharing/kept-proof.ts'
import { type KnownFiles, shareFile } from './blobs.ts'
import { collectBlobs } from './collect-blobs.ts'
import { byPath, digestOf, recordDigestOf } from './digest.ts'
import { type Encrypting, encryptionOf, rewrapVersions } from './encryption.ts'
import { knownFiles } from './known-files.ts'
import { asExpected, findRevision } from './known-version.ts'
import { openStaging, type Staging } from './staging.ts'
import { openWorkspace, othersAtWork, removeLeftovers, type Workspace } from './volume/leftovers.ts'
import { commit, type Naming, type NewVersion, openVolume, prune, writeIndex } from './volume/volume.ts'

export interface VersionOptions {
  /** Absolute. */
  readonly volume: string
  readonly task: Task
  readonly revision: string
  /** How many versions stay on the volume; undefined: all. */
  readonly historyLimit: number | undefined
  /** Most bytes that the files may have together, unpacked; undefined: what the volume has free. */
  readonly maxBytes: number | undefined
  /** Ids of versions that stay, beyond the limit too. */
  readonly keep: readonly string[]
  /** Where the keys are that the files are encrypted under; undefined: they are not encrypted. */
  readonly encryption?: KeyPlace | undefined
  /** Ids of versions that stay and do not count for the limit. */
  readonly pinned: readonly string[]
  /** Id of the version, where each pod imports by itself. */
  readonly naming?: Naming | undefined
  /** `sha256:<hex>` that the version has to have, since an earlier import of the same found it; undefined: it is the first. */
  readonly expectedDigest?: string | undefined
  /**
   * PEM of the key that the source has to be signed with. A version of this revision that is on the volume already says only by itself that its
   * files were signed, and whoever can write to the volume can make one: the source is read anew, and the version is taken where it has the same files.
   */
  readonly publicKey?: string | undefined
  /** The object that asks for the version; undefined: a person at a terminal does. */
  readonly requestedBy?: Requester | undefined
  readonly log: Log
  readonly signal: AbortSignal
  readonly now: () => Date
}

export type Imported = Omit<Extract<ImportReport, { outcome: 'imported' }>, 'version'> & {
  readonly version: IndexedVersion
  /** The revision was on the volume already, for the same task, and nothing was brought. */
  readonly existed: boolean
  /** Ids of encrypted versions whose keys are now wrapped by the key of this import. */
  readonly rewrapped?: readonly string[]
}

/** What the files in the staging folder are. */
export interface Staged {
  /** Paths of the graphs that a server opens, relative to the folder. */
  readonly graphs: readonly string[]
  readonly version: Omit<
    NewVersion,
    'revision' | 'digest' | 'task' | 'sizeBytes' | 'files' | 'rows' | 'linksRefused'
  >
  /** Rejects where what the version was made of has gone; called last, since proofs of rows take minutes. */
  readonly stands?: () => Promise<unknown>
}

/**
 * @param stage brings the files to the staging folder and checks them
 * @throws ImportError
 */
export const addVersion = async (
  options: VersionOptions,
  stage: (staging: Staging) => Promise<Staged>,
): Promise<Imported> => {
  const { volume, log } = options
  let workspace: Workspace | undefined
  try {
    await openVolume(volume)
    const leftovers = await removeLeftovers(volume)
    if (leftovers.length > 0) log.info('removed what killed imports left', { leftovers })
    const encrypting = encryptionOf(options.encryption)
    const known = options.publicKey === undefined ? await findRevision(options) : undefined
    if (known) return await settle(asExpected(known, options), true, options, encrypting)
    workspace = await openWorkspace(volume)
    return await settle(await makeVersion(workspace, options, stage, encrypting), false, options, encrypting)
  } catch (error) {
    throw await explained(error, volume, workspace?.dir)
  } finally {
    // What cannot be removed, the next import removes; it decides nothing about how this one went.
    await workspace
      ?.close()
      .catch((error: unknown) => log.warn('the temporary folder stays', { error: `${error}` }))
  }
}

/** Row proofs of the graphs that a server opens, so that the start of the server does not repeat them. */
const provenRows = async (
  dir: string,
  task: Task,
  graphs: readonly string[],
): Promise<Readonly<Record<string, KeptProof>>> => {
  const proofs = graphs.map(
    async (path) => [path, keptProof(await readDeeper(() => proveFor(task, join(dir, path))))] as const,
  )
  return Object.fromEntries(await Promise.all(proofs))
}

/** @returns what the volume said to a hard link; undefined where all files are shared */
const shareFiles = async (
  { volume, log, signal }: VersionOptions,
  staging: Staging,
  known: KnownFiles,
): Promise<string | undefined> => {
  let refused: string | undefined
  for (const file of staging.files()) {
    signal.throwIfAborted()
    const shared = await shareFile(volume, join(staging.dir, file.path), file, known)
    if (shared.kind === 'own') refused = shared.code
  }
  if (refused !== undefined)
    log.warn('the volume refuses hard links, so files of the version take room of their own', {
      code: refused,
    })
  return refused
}

const makeVersion = async (
  workspace: Workspace,
  options: VersionOptions,
  stage: (staging: Staging) => Promise<Staged>,
  encrypting: Encrypting | undefined,
): Promise<IndexedVersion> => {
  const dir = join(workspace.dir, 'version')
  const known = knownFiles(options.volume)
  const { signal, maxBytes } = options
  // What is on the volume in the clear is no part of an encrypted version, whose files no other version can read either.
  const staging = await openStaging(dir, signal, maxBytes, encrypting ?? { known })
  try {
    return await makeStaged(staging, options, stage, encrypting ?? { known })
  } finally {
    staging.close()
  }
}

const makeStaged = async (
  staging: Staging,
  options: VersionOptions,
  stage: (staging: Staging) => Promise<Staged>,
  how: Encrypting | { readonly known: KnownFiles },
): Promise<IndexedVersion> => {
  const { volume, task, revision, log, signal, now } = options
  const staged = await stage(staging)
  const { digest } = asExpected({ digest: digestOf(staging.files()) }, options) // before anything is shared with other versions
  const rows = await provenRows(staging.dir, task, staged.graphs)
  log.info('checked whether requests may share runs of the model', { rows })
  const linksRefused = 'known' in how ? await shareFiles(options, staging, how.known) : undefined
  await staging.sync()
  signal.throwIfAborted()
  await staged.stands?.()
  const files = staging.files().toSorted(byPath)
  const version = {
    ...staged.version,
    revision,
    digest,
    recordDigest: recordDigestOf({ ...staged.version, task, rows }),
    task,
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    files,
    rows,
    ...(linksRefused !== undefined && { linksRefused }),
  }
  // Another import of the same revision may have been faster.
  const faster = await findRevision(options, options.publicKey === undefined ? {} : version)
  if (faster) return faster
  const encrypt = 'wrap' in how ? { encrypt: how.wrap } : {}
  const made = await commit(volume, staging.dir, version, now(), { ...options.naming, ...encrypt })
  const { files: _, rows: __, wrappedKey: ___, linksRefused: ____, ...committed } = made
  return committed
}

/** Cleans up the volume after the version is complete. */
const settle = async (
  version: IndexedVersion,
  existed: boolean,
  options: VersionOptions,
  encrypting: Encrypting | undefined,
): Promise<Imported> => {
  const { volume, historyLimit, keep } = options
  const staying = { keep: new Set([...keep, version.id]), pinned: new Set(options.pinned) }
  const pruned = historyLimit === undefined ? [] : await prune(volume, historyLimit, staying)
  const rewrapped = encrypting ? await rewrapVersions(volume, encrypting) : []
  await writeIndex(volume)
  await collect(options)
  const wrapped = rewrapped.includes(version.id)
    ? { ...version, encryptionKey: encrypting?.keys.wrapping.name ?? '' }
    : version
  return {
    ...{ outcome: 'imported', version: wrapped, pruned, existed },
    ...(rewrapped.length > 0 && { rewrapped }),
  }
}

/** The version is complete, so a failure here fails nothing: blobs that stay are collected by the next import. */
const collect = async ({ volume, log }: VersionOptions): Promise<void> => {
  try {
    const collected = await collectBlobs(volume)
    if (collected.length > 0) log.info('deleted blobs that no version needs', { blobs: collected.length })
  } catch (error) {
    log.warn('blobs that no version needs stay', { error: `${error}` })
  }
}

/** A full volume may only be full of what another import is about to finish, or left a moment ago. */
const explained = async (error: unknown, volume: string, own: string | undefined): Promise<ImportError> => {
  const known = error instanceof ImportError ? error : volumeError(error, volume, undefined, 0)
  if (known.reason !== 'VolumeFull' || known instanceof TooLarge || !(await othersAtWork(volume, own)))
    return known
  return new ImportError(
    'VolumeFull',
    `${known.message}; another import is at work on the volume or was just killed`,
    'backoff',
    { cause: known, detail: known.detail },
  )
}
