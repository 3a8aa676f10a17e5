/** Makes contents unreadable: by a keyed hash, or by a cipher. */
import { createHmac } from 'node:crypto'
import type { RequestLogMode } from '@gantry/contract/server.ts'
import { StartError } from '../failures/errors.ts'
import type { SecretEntries } from '../security/secret-folder.ts'
import { fernetToken, readFernetKey } from './fernet.ts'

/** Makes a text unreadable. */
export interface Cover {
  /** Name of the key that is used, so that readers know which one to take. */
  readonly keyId: string
  readonly text: (text: string) => string
}

/** RFC 2104 asks for keys as long as the hash at best; below this they can be guessed. */
const leastHashKeyBytes = 16

/**
 * Uses the last of the keys in the order of their names, so that a new one called by its date takes over and the old
 * ones stay to read with.
 * @throws StartError where that key is of the wrong kind
 */
export const coverOf = (mode: 'hashed' | 'encrypted', keys: SecretEntries): Cover => {
  const [keyId, key] = [...keys].at(-1) ?? ['', Buffer.alloc(0)]
  if (mode === 'encrypted') {
    const fernet = readFernetKey(key.toString('latin1'))
    if (fernet) return { keyId, text: (text) => fernetToken(fernet, text) }
    throw new StartError(
      `key "${keyId}" of the request log is no Fernet key; make one with: openssl rand -base64 32 | tr +/ -_`,
    )
  }
  if (key.length < leastHashKeyBytes)
    throw new StartError(
      `key "${keyId}" of the request log is shorter than ${leastHashKeyBytes} bytes; make one with: openssl rand -hex 32`,
    )
  return {
    keyId,
    text: (text) => `hmac-sha256:${createHmac('sha256', key).update(text).digest('hex')}`,
  }
}

export const needsKeys = (mode: RequestLogMode): mode is 'hashed' | 'encrypted' =>
  mode === 'hashed' || mode === 'encrypted'

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')

/** Texts one by one, so that equal ones can be found; everything else by its JSON. */
export const covered = (value: unknown, cover: Cover): unknown => {
  if (typeof value === 'string') return cover.text(value)
  return isTexts(value) ? value.map(cover.text) : cover.text(JSON.stringify(value))
}
