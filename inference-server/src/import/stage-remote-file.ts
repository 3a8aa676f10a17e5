/** Stages the files of a remote source. A file that the volume has already is taken from there. */
import { stagePayload } from './payload.ts'
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

/**
 * Takes from the volume what it has already, by the sha256 that the source tells. An archive is no file of a version, so it comes anew.
 * @param files with checked paths
 * @returns those that have to come from the source
 */
export const reuseFiles = async (
  files: readonly RemoteFile[],
  { progress, log }: Pick<TransferOptions, 'progress' | 'log'>,
  staging: Pick<Staging, 'reuse'>,
): Promise<readonly RemoteFile[]> => {
  const missing: RemoteFile[] = []
  let reusedBytes = 0
  for (const file of files) {
    const { path, form, digest, sizeBytes } = file
    const isFile = form === 'file' && digest?.algorithm === 'sha256'
    const reused = isFile ? await staging.reuse(path, { sha256: digest.hex, sizeBytes }) : undefined
    if (!reused) missing.push(file)
    progress.came(reused?.sizeBytes ?? 0)
    reusedBytes += reused?.sizeBytes ?? 0
  }
  const count = files.length - missing.length
  if (count > 0)
    log.info('files are on the volume already, and are not downloaded', { files: count, bytes: reusedBytes })
  return missing
}

/**
 * Stages one file; from its beginning again where its connection broke off and the server cannot go on there.
 * @param file its path is checked
 * @returns its validator, such as an ETag
 */
export const stageFile = async (
  file: RemoteFile,
  form: RemoteFolder['form'],
  options: TransferOptions,
  staging: Staging,
): Promise<string | undefined> => {
  const attempts = patience(options)
  for (;;) {
    const { recording, paths } = record(staging)
    const transfer = await openTransfer(file, options, attempts)
    try {
      if (file.sizeBytes === undefined && transfer.sizeBytes !== undefined) {
        await staging.reserve(transfer.sizeBytes)
        if (form === 'file') options.progress.begin(transfer.sizeBytes)
      }
      await stageBytes(file, transfer, recording)
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
