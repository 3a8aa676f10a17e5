/** The options of `import` about encrypted versions. */
import { resolve } from 'node:path'
import type { KeyPlace } from '../../sealing/master-keys.ts'
import type { RewrapOptions } from '../rewrap.ts'

interface Given {
  readonly 'encryption-keys'?: string | undefined
  readonly 'encryption-key'?: string | undefined
  readonly export?: boolean | undefined
  readonly commit?: string | undefined
  readonly source?: string | undefined
}

type Wrong = (problem: string) => Error

/** @param wrong makes the error of a wrong command line */
export const encryptionPlace = (values: Given, wrong: Wrong): KeyPlace | undefined => {
  const { 'encryption-keys': dir, 'encryption-key': wrapping } = values
  if (dir === undefined && wrapping !== undefined)
    throw wrong('--encryption-key names a key in the folder of --encryption-keys, which is missing')
  if (dir === undefined) return undefined
  if (values.export || values.commit !== undefined)
    throw wrong(
      '--encryption-keys goes with no --export and no --commit: the optimizer reads files as they are',
    )
  return { dir: resolve(dir), wrapping }
}

/** Options of `import --rewrap`. @param shared by all kinds of imports @param wrong makes the error of a wrong command line */
export const rewrapOptions = (
  values: Given,
  { volume, encryption }: { readonly volume: string; readonly encryption: KeyPlace | undefined },
  wrong: Wrong,
): { readonly kind: 'rewrap'; readonly shownAs: string } & RewrapOptions => {
  if (values.source !== undefined || values.commit !== undefined)
    throw wrong('--rewrap reads no source and no folder; leave --source and --commit out')
  if (!encryption) throw wrong('--rewrap needs --encryption-keys with the folder of the keys')
  return { kind: 'rewrap' as const, shownAs: volume, volume, encryption }
}
