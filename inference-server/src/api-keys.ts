/** Who may ask for inference: API keys out of a mounted Secret, exchanged without a restart. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from './clock.ts'
import { Failure, StartError } from './errors.ts'
import type { Log } from './log.ts'
import { readSecretFolder, type SecretEntries, watchFiles } from './secret-folder.ts'

export interface ApiKeys {
  /**
   * @param authorization value of the header, `Bearer KEY`
   * @param apiKey value of the header x-api-key
   * @returns the name of the key, as the Secret calls it
   * @throws Failure unauthenticated
   */
  readonly admit: (authorization: string | undefined, apiKey: string | undefined) => string
  readonly close: () => void
}

export interface ApiKeysOptions {
  /** One file per key. */
  readonly dir: string
  readonly clock: Clock
  readonly log: Log
}

/** Shorter keys can be guessed. */
const leastCharacters = 16

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** @throws StartError where a key could never be sent, or could be guessed */
const digestsOf = (entries: SecretEntries): ReadonlyMap<string, Buffer> => {
  for (const [name, key] of entries) {
    if (!/^[\x21-\x7e]*$/.test(key))
      throw new StartError(
        `API key "${name}" holds a space, a line break or another sign that no header carries`,
      )
    if (key.length < leastCharacters)
      throw new StartError(
        `API key "${name}" is shorter than ${leastCharacters} characters; make one with: openssl rand -hex 24`,
      )
  }
  return new Map([...entries].map(([name, key]) => [name, digest(key)]))
}

const isSame = (one: ReadonlyMap<string, Buffer>, other: ReadonlyMap<string, Buffer>): boolean =>
  one.size === other.size && [...one].every(([name, bytes]) => other.get(name)?.equals(bytes))

/** @throws StartError where there is no usable key yet */
export const createApiKeys = ({ dir, clock, log }: ApiKeysOptions): ApiKeys => {
  let known = digestsOf(readSecretFolder(dir))
  let trouble: string | undefined
  const look = (): void => {
    try {
      const found = digestsOf(readSecretFolder(dir))
      if (!isSame(found, known)) log.info('the API keys have changed', { keys: [...found.keys()] })
      known = found
      trouble = undefined
    } catch (error) {
      const { message } = error as Error
      if (message !== trouble) log.error('the API keys before are kept', { error: message })
      trouble = message
    }
  }
  return {
    admit: (authorization, apiKey) => {
      const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? apiKey
      if (given === undefined || given === '')
        throw new Failure(
          'unauthenticated',
          'this model asks for an API key; send it as "Authorization: Bearer KEY" or "x-api-key: KEY"',
        )
      // Digests have one length, and all of them are compared: how long it takes tells nothing about a key.
      const offered = digest(given)
      let caller: string | undefined
      for (const [name, bytes] of known) if (timingSafeEqual(bytes, offered)) caller = name
      if (caller === undefined)
        throw new Failure(
          'unauthenticated',
          'the API key is not known here; ask the owner of the model for one',
        )
      return caller
    },
    close: watchFiles(clock, look),
  }
}

/** What anybody may read: probes, metrics and descriptions, which hold nothing of any request. */
const openPaths =
  /^\/(v2(\/health\/(live|ready)|\/models(\/[^/]+(\/versions\/[^/]+)?(\/ready)?)?)?|metrics|stats|openapi\.json)\/?$/

export const isOpen = (method: string | undefined, path: string): boolean =>
  (method === 'GET' || method === 'HEAD') && openPaths.test(path)
