/** Brings a data set to a folder: a local one is read where it is, others are fetched as an import fetches them. */
import { open, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { EvaluationDataset, EvaluationFailure } from '@gantry/contract/evaluation.ts'
import type { ImportFailure } from '@gantry/contract/importing.ts'
import { mounts } from '@gantry/contract/server.ts'
import { shownSource } from '@gantry/contract/source.ts'
import { DatasetError } from '../datasets/dataset-error.ts'
import { asImportError, codeOf, type ImportError } from '../failures/import-error.ts'
import { checkBoundary, fetchSource } from '../import/fetch-source.ts'
import { boundaryOf, parseSource, type Source } from '../import/sources/source.ts'
import { openStaging } from '../import/staging.ts'
import type { Fetching } from './candidate-folder.ts'
import { fileDigest } from './file-digest.ts'

/** What an import's failure means for a data set. */
const reasons: Readonly<Record<ImportFailure, EvaluationFailure>> = {
  SourceUnreachable: 'DatasetUnreachable',
  SourceNotFound: 'DatasetNotFound',
  SourceForbidden: 'DatasetForbidden',
  SourceNotAllowed: 'DatasetNotAllowed',
  SourceUnsupported: 'DatasetInvalid',
  DigestMismatch: 'DatasetInvalid',
  SignatureInvalid: 'DatasetInvalid',
  NotOnnx: 'DatasetInvalid',
  UnsafePath: 'DatasetInvalid',
  ModelIncomplete: 'DatasetInvalid',
  ModelUnsupported: 'DatasetInvalid',
  VolumeFull: 'EvaluationFailed',
  EncryptionKeyUnusable: 'EvaluationFailed',
  ImportFailed: 'EvaluationFailed',
}

const asDatasetError = ({ reason, message, retry, cause }: ImportError): DatasetError =>
  new DatasetError(
    reasons[reason],
    `the data set: ${message.replaceAll('spec.model.source', 'spec.dataset')}`,
    { retry, cause },
  )

const isText = (path: string): boolean => /\.(jsonl|ndjson|csv)$/i.test(path)

const checkDigest = async (path: string, sha256: string): Promise<void> => {
  const found = (await fileDigest(path)).sha256
  if (found !== sha256)
    throw new DatasetError(
      'DatasetInvalid',
      `the data set does not have the sha256 ${sha256} that was asked for, but ${found}; it was changed, or spec.dataset.sha256 is out of date`,
    )
}

/** @returns undefined where it has to be fetched: an archive, or an address */
const localPath = async (dataset: EvaluationDataset): Promise<string | undefined> => {
  const source = parseSource(dataset.source)
  if (source.kind === 'oci')
    throw new DatasetError(
      'DatasetInvalid',
      'the data set is in a registry, of which only models are read; give https://, http:// or a path',
    )
  if (source.kind !== 'local') return undefined
  const shownAs = shownSource(dataset.sourceName ?? dataset.source)
  const path = await realpath(source.path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error
    throw new DatasetError('DatasetNotFound', `the data set ${shownAs} does not exist; correct its path`)
  })
  await checkBoundary(path, { boundary: boundaryOf(dataset.source, mounts.dataset), shownAs })
  const isFolder = (await stat(path)).isDirectory()
  if (!isFolder && !isText(path)) return undefined
  if (dataset.sha256 === undefined) return path
  if (isFolder)
    throw new DatasetError(
      'DatasetInvalid',
      `the data set ${shownAs} is a folder, but sha256 is the digest of one file; leave sha256 out, or give one file`,
    )
  await checkDigest(path, dataset.sha256)
  return path
}

/** The name under which an import stages what is neither archive nor folder. */
const stagedFile = 'model.onnx'

const pathOf = (source: Source): string => {
  if (source.kind === 'local') return source.path
  if (source.kind === 's3') return source.address.key
  if (source.kind === 'oci') return source.reference
  return source.kind === 'http' ? source.url.pathname : source.address.path
}

/** The name of the file of an address, which says its format. */
const nameOf = ({ source, format = 'jsonl' }: EvaluationDataset): string => {
  const name = basename(pathOf(parseSource(source))).replace(/\.gz$/i, '')
  return isText(name) ? name : `dataset.${format}`
}

/** What a zip archive begins with. */
const zipMark = Buffer.from('PK\u0003\u0004')

/** @throws DatasetError: the lines of an archive would say nothing */
const refuseZip = async (path: string): Promise<void> => {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(zipMark.length), 0, zipMark.length, 0)
    if (!buffer.equals(zipMark)) return
  } finally {
    await file.close()
  }
  throw new DatasetError('DatasetInvalid', 'the data set is a zip archive; pack it as .tar or .tar.gz')
}

const fetched = async (
  dataset: EvaluationDataset,
  workspace: string,
  fetching: Fetching,
): Promise<string> => {
  const staging = await openStaging(join(workspace, 'dataset'), fetching.signal, fetching.maxBytes)
  const shownAs = shownSource(dataset.sourceName ?? dataset.source)
  await fetchSource(
    {
      ...fetching,
      ...{ source: dataset.source, shownAs, sha256: dataset.sha256, volume: workspace },
      boundary: boundaryOf(dataset.source, mounts.dataset),
    },
    staging,
  )
  const [file, ...others] = staging.files()
  if (file?.path !== stagedFile || others.length > 0) {
    if (dataset.file === undefined) await staging.hoist('')
    return staging.dir
  }
  await refuseZip(join(staging.dir, stagedFile))
  const name = nameOf(dataset)
  await staging.move(stagedFile, name)
  return join(staging.dir, name)
}

/**
 * @param workspace absolute folder that is removed afterwards
 * @returns absolute path of the file with the samples, or of a folder that has it
 * @throws DatasetError
 */
export const openDataset = async (
  dataset: EvaluationDataset,
  workspace: string,
  fetching: Fetching,
): Promise<string> => {
  try {
    return (await localPath(dataset)) ?? (await fetched(dataset, workspace, fetching))
  } catch (error) {
    fetching.signal.throwIfAborted()
    throw error instanceof DatasetError ? error : asDatasetError(asImportError(error))
  }
}
