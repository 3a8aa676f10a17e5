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
  /**
   * All that read; undefined for an entry that is no key. Such an entry stops only what needs it: pods of other models and of
   * versions under other keys share the Secret.
   */
  readonly entries: ReadonlyMap<string, Buffer | undefined>
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

const readKey = (content: Buffer): Buffer | undefined => {
  const text = content.toString('latin1')
  const key = base64Key.test(text) ? Buffer.from(text, 'base64') : undefined
  return key?.length === keyBytes ? key : undefined
}

/** What to do with an entry that is no key. */
export const notAKey = (name: string): string =>
  `the encryption key ${name} is not 32 bytes in base64; make one with: openssl rand -base64 32`

/** All keys that open versions, by name. @param dir absolute @throws StartError where the folder cannot be used */
export const readOpeningKeys = (dir: string): MasterKeys['entries'] =>
  new Map([...readSecretFolder(dir)].map(([name, content]) => [name, readKey(content)]))

/** @throws StartError where the folder or the key that wraps cannot be used */
export const readMasterKeys = ({ dir, wrapping }: KeyPlace): MasterKeys => {
  const entries = readOpeningKeys(dir)
  const [only, ...others] = entries.keys()
  if (wrapping === undefined && others.length > 0)
    throw new StartError(
      `there are several encryption keys: ${[...entries.keys()].join(', ')}; say which one encrypts new versions`,
    )
  const name = wrapping ?? only ?? ''
  const key = entries.get(name)
  if (!key && entries.has(name)) throw new StartError(notAKey(name))
  if (!key)
    throw new StartError(
      `there is no encryption key ${name}; there are ${[...entries.keys()].join(', ')}: add the entry, or name another`,
    )
  return { entries, wrapping: { name, key } }
}
