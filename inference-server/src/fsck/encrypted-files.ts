/** What fsck tells of encrypted versions: everything with their keys, and sizes and headers without. */
import { metadataFile, type VersionMetadata } from '@gantry/contract/versions.ts'
import { codeOf } from '../failures/import-error.ts'
import type { Compare } from '../import/version-check.ts'
import type { MasterKeys } from '../sealing/master-keys.ts'
import { SealError } from '../sealing/seal-error.ts'
import { checkSealedFile, openSealedFile } from '../sealing/sealed-file.ts'
import { unwrapVersionKey } from '../sealing/version-seal.ts'
import type { Contents } from './contents.ts'
import type { Problem } from './problem.ts'

export type Keys = MasterKeys['entries']

export interface Opened {
  /** 32 bytes of the version's files; undefined where they cannot be opened, or are not encrypted. */
  readonly versionKey: Buffer | undefined
  readonly problems: readonly Problem[]
}

const problemOf = (
  { id }: VersionMetadata,
  problem: Pick<Problem, 'problem' | 'message' | 'advice' | 'repair'>,
): Opened => ({
  versionKey: undefined,
  problems: [{ version: id, path: `${id}/${metadataFile}`, ...problem }],
})

const unusable = (version: VersionMetadata, message: string): Opened =>
  problemOf(version, {
    ...{ problem: 'KeyUnusable', message, repair: 'none' },
    advice: 'no server can load the version as it is',
  })

/** @param keys undefined where there are none */
export const openVersion = (version: VersionMetadata, keys: Keys | undefined): Opened => {
  const { encryptionKey = '', wrappedKey, files } = version
  if (wrappedKey === undefined && files.every(({ seal }) => seal === undefined))
    return { versionKey: undefined, problems: [] }
  if (wrappedKey === undefined) return unusable(version, 'metadata.json has no key of its encrypted files')
  if (!keys)
    return problemOf(version, {
      ...{ problem: 'NotOpened', repair: 'needless' },
      message: `its files are encrypted under the key ${encryptionKey}: only their names, sizes and headers were checked`,
      advice:
        'to check their bytes, give the folder of the keys with --encryption-keys; on a cluster spec.storage.encryptionKeySecretRef has to name a Secret that is there',
    })
  try {
    return { versionKey: unwrapVersionKey({ encryptionKey, wrappedKey }, version, keys), problems: [] }
  } catch (error) {
    if (error instanceof SealError) return unusable(version, error.message)
    throw error
  }
}

/** The content is read with the key, as a server reads it, and compared with the digest of the import. */
export const bySeal =
  (contents: Contents, versionKey: Buffer | undefined): Compare =>
  async ({ path, sizeBytes, sha256, seal = '' }, _, file) => {
    const entry = { path, sizeBytes, seal }
    try {
      if (!versionKey) {
        checkSealedFile(file, entry)
        return undefined
      }
      const opened = openSealedFile(file, entry, versionKey)
      return (await contents.ofOpened(opened)) === sha256 ? undefined : { kind: 'changed' }
    } catch (error) {
      if (error instanceof SealError) return { kind: 'changed' }
      const code = codeOf(error)
      if (code === undefined) throw error
      return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'changed', why: code }
    }
  }
