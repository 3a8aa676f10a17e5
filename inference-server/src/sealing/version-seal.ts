/** The key of a version: random, and kept in metadata.json wrapped by a master key. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { type MasterKeys, notAKey } from './master-keys.ts'
import { SealError } from './seal-error.ts'
import { cipherName, keyBytes, nonceBytes, tagBytes } from './sealed-format.ts'

/** What metadata.json says of a version's key. */
export interface Encryption {
  /** Name of the master key that wraps it. */
  readonly encryptionKey: string
  /** Nonce, encrypted key and tag, in base64. */
  readonly wrappedKey: string
}

/** What a version is, as far as its encryption vouches for it: which files it has, and how they are read. */
export type Sealed = Pick<VersionMetadata, 'id' | 'task' | 'file' | 'files' | 'rows' | 'input'>

export const newVersionKey = (): Buffer => randomBytes(keyBytes)

/** The master key wraps through a key of its own, so that another use of it could never reveal anything here. */
const wrappingKey = (masterKey: Uint8Array): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, '', 'gantry version key 1', keyBytes))

/** Bytes that the tag of the wrapped key covers. JSON keeps the order of members, so they are the same when metadata.json was read. */
const vouchedFor = (key: string, { id, task, file, files, rows, input }: Sealed): Buffer =>
  Buffer.from(
    JSON.stringify([
      'gantry version 1',
      key,
      id,
      task,
      file ?? null,
      files.map(({ path, sizeBytes, sha256, seal }) => [path, sizeBytes, sha256, seal ?? null]),
      rows ?? null,
      input ?? null,
    ]),
  )

/** Wraps by the newest master key. @param version as metadata.json will say it */
export const wrapVersionKey = (versionKey: Uint8Array, version: Sealed, keys: MasterKeys): Encryption => {
  const { name, key } = keys.wrapping
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(cipherName, wrappingKey(key), nonce, { authTagLength: tagBytes })
  cipher.setAAD(vouchedFor(name, version))
  const wrapped = Buffer.concat([nonce, cipher.update(versionKey), cipher.final(), cipher.getAuthTag()])
  return { encryptionKey: name, wrappedKey: wrapped.toString('base64') }
}

/** @throws SealError where the key is missing, is another one, or metadata.json is not as it was written */
export const unwrapVersionKey = (
  encryption: Encryption,
  version: Sealed,
  entries: MasterKeys['entries'],
): Buffer => {
  const { encryptionKey: name } = encryption
  const masterKey = entries.get(name)
  if (!masterKey && entries.has(name)) throw new SealError(notAKey(name))
  if (!masterKey)
    throw new SealError(
      `the version is encrypted under the key ${name}, which the Secret does not have; put that entry back, or import the model anew`,
    )
  const wrapped = Buffer.from(encryption.wrappedKey, 'base64')
  const unwrapped = openWrapped(wrappingKey(masterKey), wrapped, vouchedFor(name, version))
  if (unwrapped) return unwrapped
  throw new SealError(
    `the key ${name} does not open the version: it is another key than the one that encrypted it, or the version's metadata.json was changed; put the key back, or import the model anew`,
  )
}

const openWrapped = (key: Uint8Array, wrapped: Buffer, vouched: Buffer): Buffer | undefined => {
  if (wrapped.length !== nonceBytes + keyBytes + tagBytes) return undefined
  const decipher = createDecipheriv(cipherName, key, wrapped.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(vouched)
  decipher.setAuthTag(wrapped.subarray(-tagBytes))
  const content = decipher.update(wrapped.subarray(nonceBytes, -tagBytes))
  try {
    decipher.final()
    return content
  } catch {
    return undefined
  }
}
