/** The encrypted folder of a version, opened before anything else reads it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isVersionMetadata } from '@gantry/contract/documents.ts'
import { metadataFile, type VersionMetadata } from '@gantry/contract/versions.ts'
import { StartError } from '../failures/errors.ts'
import { readOpeningKeys } from '../sealing/master-keys.ts'
import { SealError } from '../sealing/seal-error.ts'
import type { SealedEntry } from '../sealing/sealed-file.ts'
import { openSealedFolder } from '../sealing/sealed-folders.ts'
import { unwrapVersionKey } from '../sealing/version-seal.ts'

/** A folder whose files are encrypted, and the folder of keys that there are for it. */
interface Locked {
  readonly metadata: VersionMetadata
  readonly encryptionKeys: string
}

/**
 * With keys every folder has to be encrypted: otherwise whoever can write to the volume could put another model, in the clear, in the place of
 * an encrypted one.
 * @param encryptionKeys folder of the keys
 * @returns undefined for a folder in the clear
 * @throws StartError where it is encrypted and there are no keys, or the other way round
 */
export const lockedFolder = async (
  dir: string,
  encryptionKeys: string | undefined,
): Promise<Locked | undefined> => {
  const metadata = await readMetadata(dir)
  if (metadata?.wrappedKey !== undefined) {
    if (encryptionKeys !== undefined) return { metadata, encryptionKeys }
    throw new StartError(
      `${dir} is encrypted under the key ${metadata.encryptionKey}; give the folder of the keys with --encryption-keys, on a cluster spec.storage.encryptionKeySecretRef`,
    )
  }
  if (encryptionKeys === undefined) return undefined
  throw new StartError(
    `${dir} is not encrypted, but the server has encryption keys and takes encrypted versions only; import the model anew`,
  )
}

/**
 * Opens an encrypted folder for this thread.
 * @param paths of its files, relative to it
 * @returns whether it is encrypted
 * @throws StartError where it cannot be opened
 */
export const unlockFolder = async (
  dir: string,
  paths: readonly string[],
  encryptionKeys: string | undefined,
): Promise<boolean> => {
  const locked = await lockedFolder(dir, encryptionKeys)
  if (!locked) return false
  try {
    unlock(dir, paths, locked)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new StartError(`${dir} cannot be opened: ${error.message}`, 1, { cause: error })
  }
  return true
}

const unlock = (dir: string, paths: readonly string[], { metadata, encryptionKeys }: Locked): void => {
  const { encryptionKey = '', wrappedKey = '', files } = metadata
  const versionKey = unwrapVersionKey(
    { encryptionKey, wrappedKey },
    metadata,
    readOpeningKeys(encryptionKeys),
  )
  checkListing(paths, files)
  const entries: readonly SealedEntry[] = files.map(({ path, sizeBytes, seal = '' }) => ({
    ...{ path, sizeBytes, seal },
  }))
  openSealedFolder({ dir, versionKey, entries: () => entries })
}

/** A file that went, or one that was never encrypted, says that someone has changed the folder. @throws SealError */
const checkListing = (paths: readonly string[], files: VersionMetadata['files']): void => {
  const known = new Set(files.map(({ path }) => path))
  const there = new Set(paths)
  const strange = paths.find((path) => !known.has(path))
  const gone = files.find(({ path }) => !there.has(path))
  const what = strange !== undefined ? `a file ${strange} came to it` : `its file ${gone?.path} is gone`
  if (strange === undefined && gone === undefined) return
  throw new SealError(
    `${what} after it was encrypted; import the model anew, and look who can write to the volume`,
  )
}

const readMetadata = async (dir: string): Promise<VersionMetadata | undefined> => {
  try {
    const metadata: unknown = JSON.parse(await readFile(join(dir, metadataFile), 'utf8'))
    return isVersionMetadata(metadata) ? (metadata as VersionMetadata) : undefined
  } catch {
    return undefined // a folder of no import
  }
}
