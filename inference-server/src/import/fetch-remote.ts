/** Stages what a remote source has, whichever kind it is of. */
import { inputName } from './export-input.ts'
import { isClutterPath } from './folder-listing.ts'
import { checkNames } from './source-names.ts'
import { insidePath } from './sources/entry-path.ts'
import { inParallel } from './sources/in-parallel.ts'
import { Passing } from './sources/passing.ts'
import { patience } from './sources/patience.ts'
import { mostFiles, type RemoteFile, type RemoteFolder } from './sources/remote.ts'
import { BeginAnew, checked, openTransfer, type TransferOptions } from './sources/transfer.ts'
import { reuseFiles, stageFile } from './stage-remote-file.ts'
import { type Staging, tooManyFiles } from './staging.ts'

/**
 * Files that come at the same time. A small file waits for its connection more than for its bytes: a hundred of them over a way of 50 ms take a quarter
 * of the time. Each takes less than a megabyte of memory.
 */
const atOnce = 4

export interface RemoteOptions extends TransferOptions {
  /** Whether the source is a model of another library; undefined: it has a graph. */
  readonly export?: boolean | undefined
}

export interface Fetched {
  /** What the source was when it was read: a commit, a digest, an ETag; undefined where it has no such name. */
  readonly revision: string | undefined
}

/**
 * Stages all files. What breaks off goes on where it ended; a source that was changed in between is read anew.
 * @param resolve asks the source what it has; the signal ends its connections
 * @throws ImportError
 */
export const fetchRemote = async (
  resolve: (signal: AbortSignal) => Promise<RemoteFolder>,
  options: RemoteOptions,
  staging: Staging,
): Promise<Fetched> => {
  const attempts = patience(options)
  for (;;) {
    const failed = new AbortController()
    const signal = AbortSignal.any([options.signal, failed.signal])
    try {
      const folder = await resolve(signal)
      return await stageFolder(folder, { ...options, signal }, staging, () => failed.abort())
    } catch (error) {
      await attempts.pause(error)
      await staging.clear()
    }
  }
}

/** @param onFailure ends the connections of the folder */
const stageFolder = async (
  folder: RemoteFolder,
  options: RemoteOptions,
  staging: Staging,
  onFailure: () => void,
): Promise<Fetched> => {
  const { revision, form, stage } = folder
  const files = named(folder, options)
  options.progress.begin(sizeOf(files))
  // It may keep a part of what it reads: most of an image is not the model.
  if (stage) {
    const bytesOf = async (file: RemoteFile) => checked(file, await openTransfer(file, options))
    await stage(bytesOf, staging).catch((error: unknown) => {
      throw error instanceof BeginAnew ? unresumed(error) : error
    })
    return { revision }
  }
  let validator: string | undefined
  const bring = async (file: RemoteFile): Promise<void> => {
    validator = await stageFile(file, form, options, staging)
  }
  const bringAll = async (all: readonly RemoteFile[]): Promise<void> => {
    const missing = await reuseFiles(all, options, staging)
    const missingBytes = sizeOf(missing)
    if (missingBytes !== undefined) await staging.reserve(missingBytes)
    await inParallel(missing, atOnce, bring, onFailure)
  }
  await bringAll(files)
  await bringAll(named({ ...folder, files: folder.more?.(staging.dir) ?? [] }, options))
  return { revision: revision ?? (form === 'file' ? validator : undefined) }
}

/** The files with the paths that they get. A folder that stages by itself names its files by itself. */
const named = ({ form, files, stage }: RemoteFolder, options: RemoteOptions): readonly RemoteFile[] => {
  if (stage) return files
  if (form === 'file')
    return files.map((file) => ({
      ...file,
      path: inputName(file.path, options.export ?? false) ?? 'model.onnx',
    }))
  // A name that begins with two dots is clutter, so names that lead out of the folder are refused before.
  const kept = files.filter(({ path }) => !isClutterPath(insidePath(path, 'a file of the source')))
  if (kept.length > mostFiles) throw tooManyFiles()
  const names = checkNames(kept.map(({ path }) => path))
  return kept.map((file, index) => ({ ...file, path: names[index] ?? file.path }))
}

/** @returns undefined where the size of a file is not known */
const sizeOf = (files: readonly RemoteFile[]): number | undefined =>
  files.reduce<number | undefined>(
    (sum, { sizeBytes }) => (sum === undefined || sizeBytes === undefined ? undefined : sum + sizeBytes),
    0,
  )

const unresumed = (cause: BeginAnew): Passing =>
  new Passing('the connection broke off, and the source cannot go on where it did', { cause })
