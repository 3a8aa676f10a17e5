import type { ImportFailure } from '@gantry/contract/importing.ts'

/** Whether time may mend it, or only a person. */
export type Retry = 'never' | 'backoff'

/** Why an import failed. Its message is a sentence for whoever owns the model, and says what to do next. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly reason: ImportFailure
  readonly retry: Retry

  constructor(reason: ImportFailure, message: string, retry: Retry = 'never', options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
    this.retry = retry
  }
}

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

/** Whatever was thrown, as an ImportError. */
export const asImportError = (error: unknown): ImportError => {
  if (error instanceof ImportError) return error
  if (error instanceof Error && error.name === 'AbortError')
    return new ImportError('ImportFailed', 'the import was interrupted; it has to run again', 'backoff', {
      cause: error,
    })
  const message = error instanceof Error ? error.message : String(error)
  const retry = passing.has(codeOf(error) ?? '') ? 'backoff' : 'never'
  return new ImportError('ImportFailed', `the import failed: ${message}`, retry, { cause: error })
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
    `the model volume has ${showBytes(free)} free, but the model needs ${needed === undefined ? 'more' : showBytes(needed)}; ` +
      'enlarge spec.storage.size or lower spec.versionHistoryLimit (on the command line --history-limit)',
    'never',
    { cause },
  )

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1536` -> `1.5 KiB` */
export const showBytes = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
