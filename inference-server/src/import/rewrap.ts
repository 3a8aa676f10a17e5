/** `import --rewrap`: the keys of encrypted versions are wrapped by another master key. */
import { ImportError } from '../failures/import-error.ts'
import type { KeyPlace } from '../sealing/master-keys.ts'
import type { Imported } from './add-version.ts'
import { encryptionOf, rewrapVersions } from './encryption.ts'
import { readVersions, writeIndex } from './volume/volume.ts'

export interface RewrapOptions {
  /** Absolute. */
  readonly volume: string
  readonly encryption: KeyPlace
}

/**
 * The command `import --rewrap`.
 * @returns a report of the newest encrypted version, and of all that the newest master key wraps now
 * @throws ImportError where no version is encrypted, or a key is of no use
 */
export const rewrapAll = async ({ volume, encryption }: RewrapOptions): Promise<Imported> => {
  const encrypting = encryptionOf(encryption)
  if (encrypting) await rewrapVersions(volume, encrypting)
  await writeIndex(volume)
  const encrypted = (await readVersions(volume)).filter(({ encryptionKey }) => encryptionKey !== undefined)
  const version = encrypted.at(-1)
  if (!version)
    throw new ImportError(
      'ImportFailed',
      `no version in ${volume} is encrypted; import one with --encryption-keys`,
    )
  return { outcome: 'imported', version, pruned: [], existed: true, rewrapped: encrypted.map(({ id }) => id) }
}
