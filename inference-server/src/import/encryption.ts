/** Encrypts the files of an import, and wraps the keys of earlier ones by the newest master key. */

import { StartError } from '../failures/errors.ts'
import { ImportError } from '../failures/import-error.ts'
import { type KeyPlace, type MasterKeys, readMasterKeys } from '../sealing/master-keys.ts'
import { SealError } from '../sealing/seal-error.ts'
import {
  type Encryption,
  newVersionKey,
  type Sealed,
  unwrapVersionKey,
  wrapVersionKey,
} from '../sealing/version-seal.ts'
import { readVersion, readVersions, replaceMetadata } from './volume/volume.ts'

export interface Encrypting {
  readonly keys: MasterKeys
  /** Key of the files of the version that is imported; 32 bytes. */
  readonly versionKey: Uint8Array
  readonly wrap: (version: Sealed) => Encryption
}

const unusable = (message: string, cause: unknown): ImportError =>
  new ImportError('EncryptionKeyUnusable', message, 'never', { cause })

/** @throws ImportError EncryptionKeyUnusable */
export const encryptionOf = (place: KeyPlace | undefined): Encrypting | undefined => {
  if (!place) return undefined
  const keys = keysOf(place)
  const versionKey = newVersionKey()
  return { keys, versionKey, wrap: (version) => wrapVersionKey(versionKey, version, keys) }
}

const keysOf = (place: KeyPlace): MasterKeys => {
  try {
    return readMasterKeys(place)
  } catch (error) {
    if (error instanceof StartError) throw unusable(error.message, error)
    throw error
  }
}

/**
 * Wraps the keys of all encrypted versions by the newest master key; their files stay as they are. Where this is interrupted,
 * each version is wrapped by the one key or by the other, and both read as long as both are there.
 * @returns ids of the versions whose key was another one
 * @throws ImportError EncryptionKeyUnusable where a version does not open; those before it are done
 */
export const rewrapVersions = async (volume: string, { keys }: Encrypting): Promise<readonly string[]> => {
  const older = (await readVersions(volume)).filter(
    ({ encryptionKey }) => encryptionKey !== undefined && encryptionKey !== keys.wrapping.name,
  )
  for (const { id } of older) await rewrap(volume, id, keys)
  return older.map(({ id }) => id)
}

const rewrap = async (volume: string, id: string, keys: MasterKeys): Promise<void> => {
  const metadata = await readVersion(volume, id)
  if (metadata?.encryptionKey === undefined || metadata.wrappedKey === undefined) return
  const { encryptionKey, wrappedKey } = metadata
  try {
    const versionKey = unwrapVersionKey({ encryptionKey, wrappedKey }, metadata, keys.entries)
    await replaceMetadata(volume, { ...metadata, ...wrapVersionKey(versionKey, metadata, keys) })
  } catch (error) {
    if (error instanceof SealError) throw unusable(`${id}: ${error.message}`, error)
    throw error
  }
}
