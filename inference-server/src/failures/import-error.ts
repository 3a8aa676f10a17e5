import type { ImportFailure } from '@gantry/contract/importing.ts'
import { plainText } from '@gantry/contract/plain-text.ts'

/** Whether time may mend it, or only a person. */
export type Retry = 'never' | 'backoff'

export interface ImportErrorOptions extends ErrorOptions {
  /** What the source holds: names of its files, words of its content, hosts that an answer named. */
  readonly detail?: string | undefined
}

/**
 * Why an import failed. Its message is a sentence for the owner of the model, and says what to do next. It becomes a condition, which
 * people may read who may not read the source: what the source holds belongs into `detail`, which stays in the import's log.
 */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly reason: ImportFailure
  readonly retry: Retry
  readonly detail: string | undefined

  constructor(
    reason: ImportFailure,
    message: string,
    retry: Retry = 'never',
    options: ImportErrorOptions = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.reason = reason
    this.retry = retry
    this.detail = options.detail
  }
}

/** The message with its detail, for readers who may read the source. */
export const inFull = ({ message, detail }: ImportError): string =>
  detail === undefined ? message : `${message} (${detail})`

/** Errors of a file system that may be gone a minute later: a disk, a network file system or the process ran into them. */
const passing = new Set([
  'EIO',
  'ESTALE',
  'EBUSY',
  'EAGAIN',
  'EMFILE',
  'ENFILE',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'ENOMEM',
])

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

/** Any thrown value, as an ImportError. */
export const asImportError = (error: unknown): ImportError => {
  if (error instanceof ImportError) return error
  if (error instanceof Error && error.name === 'AbortError')
    return new ImportError('ImportFailed', 'the import was interrupted; it has to run again', 'backoff', {
      cause: error,
    })
  const code = codeOf(error)
  const detail = plainText(error instanceof Error ? error.message : String(error))
  const retry = passing.has(code ?? '') ? 'backoff' : 'never'
  const why = code === undefined ? '' : ` (${code})`
  return new ImportError('ImportFailed', `the import failed${why}`, retry, { cause: error, detail })
}

/**
 * What went wrong on the model volume, in words.
 * @param needed bytes that were to be written, where known
 * @param free bytes that are left
 */
export const volumeError = (
  error: unknown,
  dir: string,
  needed: number | undefined,
  free: number,
): ImportError => {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return volumeFull(needed, free, error)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new ImportError(
      'ImportFailed',
      `${dir} cannot be written (${code}); check that the volume is mounted writable and belongs to the group of the process`,
      'never',
      { cause: error },
    )
  return asImportError(error)
}

/** Why a folder cannot be made: something else has its name, or its parent keeps no folders. */
const unmakeable = new Set(['ENOENT', 'ENOTDIR', 'EEXIST', 'EINVAL', 'ENOSYS'])

/** What went wrong when a folder was made on the model volume, or the volume itself. */
export const folderError = (error: unknown, volume: string): ImportError => {
  const code = codeOf(error) ?? ''
  if (!unmakeable.has(code)) return volumeError(error, volume, undefined, 0)
  return new ImportError(
    'ImportFailed',
    `${volume} cannot hold models (${code}); give a folder, or a place where one can be made`,
    'never',
    { cause: error },
  )
}

/** @param needed bytes, where known */
export const volumeFull = (needed: number | undefined, free: number, cause?: unknown): ImportError =>
  new ImportError(
    'VolumeFull',
    `the model volume has ${showBytes(free)} free, but the model needs ${needed === undefined ? 'more' : showBytes(needed)}`,
    'never',
    { cause },
  )

/** The source has more than a version may have, however much is free: other imports make no difference. */
export class TooLarge extends ImportError {
  constructor(maxBytes: number) {
    super(
      'VolumeFull',
      `the source unpacks to more than the ${showBytes(maxBytes)} of spec.storage.size; give an archive of the model only, or allow more`,
      'never',
      { detail: 'on the command line, --max-bytes' },
    )
  }
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1536` -> `1.5 KiB` */
export const showBytes = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
