/** The master keys: a folder with one file for each, as a mounted Secret is. */
import { StartError } from '../failures/errors.ts'
import { readSecretFolder } from '../security/secret-folder.ts'
import { keyBytes } from './sealed-format.ts'

export interface MasterKey {
  /** Name of its entry in the Secret; metadata.json names it. */
  readonly name: string
  /** 32 bytes. */
  readonly key: Buffer
}

export interface MasterKeys {
  /** All that read. */
  readonly entries: ReadonlyMap<string, Buffer>
  /** The one that new versions are encrypted under. */
  readonly wrapping: MasterKey
}

/** Where the keys are. */
export interface KeyPlace {
  /** Absolute. */
  readonly dir: string
  /** Name of the entry that wraps; undefined where there is only one. */
  readonly wrapping: string | undefined
}

/** 32 bytes in base64, with either alphabet. */
const base64Key = /^[A-Za-z0-9+/_-]{43}=?$/

const readKey = (name: string, content: Buffer): Buffer => {
  const text = content.toString('latin1')
  const key = base64Key.test(text) ? Buffer.from(text, 'base64') : undefined
  if (key?.length === keyBytes) return key
  throw new StartError(
    `the encryption key ${name} is not 32 bytes in base64; make one with: openssl rand -base64 32`,
  )
}

/** All keys that open versions, by name. @param dir absolute @throws StartError where the folder or a key in it cannot be used */
export const readOpeningKeys = (dir: string): MasterKeys['entries'] =>
  new Map([...readSecretFolder(dir)].map(([name, content]) => [name, readKey(name, content)]))

/** @throws StartError where the folder or a key in it cannot be used */
export const readMasterKeys = ({ dir, wrapping }: KeyPlace): MasterKeys => {
  const entries = readOpeningKeys(dir)
  const [only, ...others] = entries.keys()
  if (wrapping === undefined && others.length > 0)
    throw new StartError(
      `there are several encryption keys: ${[...entries.keys()].join(', ')}; say which one encrypts new versions`,
    )
  const name = wrapping ?? only ?? ''
  const key = entries.get(name)
  if (!key)
    throw new StartError(
      `there is no encryption key ${name}; there are ${[...entries.keys()].join(', ')}: add the entry, or name another`,
    )
  return { entries, wrapping: { name, key } }
}
