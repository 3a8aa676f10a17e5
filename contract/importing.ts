import type { VersionMetadata } from './versions.ts'

/** Why an import failed; also the reason of the condition and of the Event. */
export const importFailures = [
  // Time may mend these: retried with backoff.
  'SourceUnreachable',
  // Someone must act on these.
  'SourceNotFound',
  'SourceForbidden',
  'SourceNotAllowed',
  'SourceUnsupported',
  'DigestMismatch',
  'NotOnnx',
  'UnsafePath',
  'ModelIncomplete',
  'ModelUnsupported',
  'VolumeFull',
  'ImportFailed',
] as const
export type ImportFailure = (typeof importFailures)[number]

/** What an import leaves as its container's termination message: JSON, at most 4096 bytes. */
export type ImportReport =
  | {
      readonly outcome: 'imported'
      readonly version: Omit<VersionMetadata, 'files' | 'changed' | 'rows'>
      /** Ids removed from the volume because of the history limit. */
      readonly pruned: readonly string[]
    }
  | {
      readonly outcome: 'failed'
      readonly reason: ImportFailure
      /** A sentence that says what to do next. */
      readonly message: string
      readonly retry: 'never' | 'backoff'
    }
