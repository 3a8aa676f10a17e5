import { join } from 'node:path'
import type { ImportReport } from '@gantry/contract/importing.ts'
import type { Task } from '@gantry/contract/server.ts'
import type { IndexedVersion, KeptProof } from '@gantry/contract/versions.ts'
import { ImportError, TooLarge, volumeError } from '../failures/import-error.ts'
import { readDeeper } from '../onnx/not-onnx.ts'
import { keptProof, proveFor } from '../sharing/kept-proof.ts'
import { byPath, digestOf } from './digest.ts'
import { type FetchOptions, fetchSource } from './fetch-source.ts'
import { openWorkspace, othersAtWork, removeLeftovers, type Workspace } from './leftovers.ts'
import { stageModel } from './staged-model.ts'
import { openStaging } from './staging.ts'
import { checkAssumptions } from './strict.ts'
import { commit, openVolume, prune, readVersions, writeIndex } from './volume.ts'

export interface ImportOptions extends FetchOptions {
  readonly task: Task
  /** Whether a folder that leaves open what its task needs is refused. */
  readonly strict: boolean
  /** The graph that the user chose; relative to the model's folder. */
  readonly file: string | undefined
  readonly revision: string
  readonly label: string | undefined
  /** How many versions stay on the volume; undefined: all. */
  readonly historyLimit: number | undefined
  /** Most bytes that the source's files may have together, unpacked; undefined: what the volume has free. */
  readonly maxBytes: number | undefined
  /** Ids of versions that stay, beyond the limit too. */
  readonly keep: readonly string[]
  readonly now: () => Date
}

export type Imported = Omit<Extract<ImportReport, { outcome: 'imported' }>, 'version'> & {
  readonly version: IndexedVersion
  /** The revision was on the volume already, for the same task, and nothing was downloaded. */
  readonly existed: boolean
}

/**
 * Brings a model from its source to the volume as a new version: whole, or not at all.
 * @throws ImportError
 */
export const importModel = async (options: ImportOptions): Promise<Imported> => {
  const { volume, log } = options
  let workspace: Workspace | undefined
  try {
    await openVolume(volume)
    const leftovers = await removeLeftovers(volume)
    if (leftovers.length > 0) log.info('removed what killed imports left', { leftovers })
    const known = await findRevision(options)
    if (known) return await settle(known, true, options)
    workspace = await openWorkspace(volume)
    return await settle(await makeVersion(workspace, options), false, options)
  } catch (error) {
    throw await explained(error, volume, workspace?.dir)
  } finally {
    await workspace?.close()
  }
}

/** A version is found for its task only: the same files are checked anew for another task, and the server reads the task there. */
const findRevision = async ({ volume, revision, task }: ImportOptions): Promise<IndexedVersion | undefined> =>
  (await readVersions(volume)).findLast((version) => version.revision === revision && version.task === task)

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

const makeVersion = async (workspace: Workspace, options: ImportOptions): Promise<IndexedVersion> => {
  const { volume, task, strict, file, label, revision, shownAs, log, signal, now } = options
  const staging = await openStaging(join(workspace.dir, 'version'), signal, options.maxBytes)
  await fetchSource(options, staging)
  const { summary, changes, graphs } = await stageModel(staging, { task, file })
  const { inputs, outputs, opsets, irVersion, external } = summary
  const graph = { inputs, outputs, opsets, irVersion, external: external.length }
  log.info('the source is a model', { ...graph, ...changes })
  const assumptions = await checkAssumptions(staging.dir, task, strict)
  if (assumptions.length > 0) log.warn('the source leaves open what the task needs', { assumptions })
  const rows = await provenRows(staging.dir, task, graphs)
  log.info('checked whether requests may share runs of the model', { rows })
  await staging.sync()
  signal.throwIfAborted()
  const files = staging.files().toSorted(byPath)
  const version = {
    ...(label === undefined ? {} : { label }),
    revision,
    source: shownAs,
    digest: digestOf(files),
    task,
    ...changes,
    sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    files,
    rows,
  }
  // Another import of the same revision may have been faster.
  const known = await findRevision(options)
  if (known) return known
  const { files: _, rows: __, ...committed } = await commit(volume, staging.dir, version, now())
  return committed
}

/** Cleans up the volume after the version is complete. */
const settle = async (
  version: IndexedVersion,
  existed: boolean,
  options: ImportOptions,
): Promise<Imported> => {
  const { volume, historyLimit, keep } = options
  const kept = new Set([...keep, version.id])
  const pruned = historyLimit === undefined ? [] : await prune(volume, historyLimit, kept)
  await writeIndex(volume)
  return { outcome: 'imported', version, pruned, existed }
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
