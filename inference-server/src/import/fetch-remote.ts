/** Stages what a remote source has, whichever kind it is of. */
import { inputName } from './export-input.ts'
import { isClutterPath } from './folder-listing.ts'
import { stagePayload } from './payload.ts'
import { insidePath } from './sources/entry-path.ts'
import { Passing } from './sources/passing.ts'
import { patience } from './sources/patience.ts'
import type { RemoteFile, RemoteFolder } from './sources/remote.ts'
import {
  BeginAnew,
  checkDigest,
  checked,
  openTransfer,
  type Transfer,
  type TransferOptions,
} from './sources/transfer.ts'
import type { Staging } from './staging.ts'

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
 * @param resolve asks the source what it has
 * @throws ImportError
 */
export const fetchRemote = async (
  resolve: () => Promise<RemoteFolder>,
  options: RemoteOptions,
  staging: Staging,
): Promise<Fetched> => {
  const attempts = patience(options)
  for (;;) {
    try {
      return await stageFolder(await resolve(), options, staging)
    } catch (error) {
      await attempts.pause(error)
      await staging.clear()
    }
  }
}

const stageFolder = async (
  { revision, form, files: listed, more, stage }: RemoteFolder,
  options: RemoteOptions,
  staging: Staging,
): Promise<Fetched> => {
  const files = form === 'file' ? listed : listed.filter(({ path }) => !isClutterPath(path))
  const sizes = files.map(({ sizeBytes }) => sizeBytes)
  const totalBytes = sizes.reduce<number | undefined>((sum, size) => add(sum, size), 0)
  options.progress.begin(totalBytes)
  // What stages by itself may keep a part of what it reads: most of an image is not the model.
  if (totalBytes !== undefined && !stage) await staging.reserve(totalBytes)
  if (stage) {
    const bytesOf = async (file: RemoteFile) => checked(file, await openTransfer(file, options))
    await stage(bytesOf, staging).catch((error: unknown) => {
      throw error instanceof BeginAnew ? unresumed(error) : error
    })
    return { revision }
  }
  let validator: string | undefined
  for (const file of files) validator = await stageFile(file, form, options, staging)
  for (const file of more?.(staging.dir) ?? []) await stageFile(file, 'folder', options, staging)
  return { revision: revision ?? (form === 'file' ? validator : undefined) }
}

const add = (sum: number | undefined, size: number | undefined): number | undefined =>
  sum === undefined || size === undefined ? undefined : sum + size

const unresumed = (cause: BeginAnew): Passing =>
  new Passing('the connection broke off, and the source cannot go on where it did', { cause })

/** @returns its validator, such as an ETag */
const stageFile = async (
  file: RemoteFile,
  form: RemoteFolder['form'],
  options: RemoteOptions,
  staging: Staging,
): Promise<string | undefined> => {
  const attempts = patience(options)
  const path =
    form === 'file'
      ? (inputName(file.path, options.export ?? false) ?? 'model.onnx')
      : insidePath(file.path, 'a file of the source')
  for (;;) {
    const { recording, paths } = record(staging)
    const transfer = await openTransfer(file, options, attempts)
    try {
      if (file.sizeBytes === undefined && transfer.sizeBytes !== undefined) {
        await staging.reserve(transfer.sizeBytes)
        if (form === 'file') options.progress.begin(transfer.sizeBytes)
      }
      await stageBytes({ ...file, path }, transfer, recording)
      return transfer.validator
    } catch (error) {
      if (!(error instanceof BeginAnew)) throw error
      await staging.remove(paths())
    }
  }
}

/** Notes which files come, so that they can be taken back where their archive is read anew. */
const record = (staging: Staging) => {
  const added: string[] = []
  const recording: Staging = {
    ...staging,
    add: async (path, ...rest) => {
      await staging.add(path, ...rest)
      added.push(path)
    },
  }
  return { recording, paths: (): readonly string[] => added }
}

const stageBytes = async (file: RemoteFile, transfer: Transfer, staging: Staging): Promise<void> => {
  const { path, form, digest } = file
  const { sizeBytes } = transfer
  // The sha256 of what is written is known anyway, so nothing is hashed twice for it.
  const chunks = digest?.algorithm === 'sha256' ? transfer.chunks : checked(file, transfer)
  if (form === 'file') await staging.add(path, chunks, sizeBytes)
  const sha256 =
    form === 'file'
      ? staging.files().find((staged) => staged.path === path)?.sha256
      : await stagePayload(chunks, staging, { sizeBytes, name: path })
  if (digest?.algorithm === 'sha256') checkDigest(path, digest, sha256 ?? '')
}
