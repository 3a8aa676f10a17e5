/** Versions that the volume has already, as answers to an import of the same. */
import type { Task } from '@gantry/contract/server.ts'
import type { IndexedVersion } from '@gantry/contract/versions.ts'
import { ImportError } from '../failures/import-error.ts'
import { readVersions } from './volume/volume.ts'

interface Asked {
  /** Absolute. */
  readonly volume: string
  readonly revision: string
  readonly task: Task
  /** Undefined: the files are not encrypted. */
  readonly encryption?: object | undefined
}

/**
 * A version is found for its task only: the same files are checked anew for another task, and the server reads the task there.
 * @param same the version has to have these digests too
 */
export const findRevision = async (
  { volume, revision, task, encryption }: Asked,
  same: Partial<Pick<IndexedVersion, 'digest' | 'recordDigest'>> = {},
): Promise<IndexedVersion | undefined> =>
  (await readVersions(volume)).findLast(
    (version) =>
      version.revision === revision &&
      version.task === task &&
      (same.digest ?? version.digest) === version.digest &&
      (same.recordDigest ?? version.recordDigest) === version.recordDigest &&
      (version.encryptionKey !== undefined) === (encryption !== undefined),
  )

/** @throws ImportError DigestMismatch where an earlier import of the same source found other files */
export const asExpected = <Version extends { readonly digest: string }>(
  version: Version,
  { expectedDigest }: { readonly expectedDigest?: string | undefined },
): Version => {
  if (expectedDigest === undefined || version.digest === expectedDigest) return version
  throw new ImportError(
    'DigestMismatch',
    'the source has other files than when this version was imported first; bring those back, or change spec.model.version, so that what is there now becomes a version of its own',
    'never',
    { detail: `the files have the digest ${version.digest}, and ${expectedDigest} was asked for` },
  )
}
