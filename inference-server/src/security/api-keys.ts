/** API keys for inference: read from a mounted Secret, and replaced without a restart. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { apiKeyTrouble, bearerOf } from '@gantry/contract/api-keys.ts'
import { Failure, StartError } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import { lookIntoSecretFolder, readSecretFolder, watchFiles } from './secret-folder.ts'

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

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** @throws StartError where the key could never be sent, or could be guessed */
const digestOf = (name: string, content: Buffer): Buffer => {
  const key = content.toString().trimEnd()
  const trouble = apiKeyTrouble(name, key)
  if (trouble !== undefined) throw new StartError(trouble)
  return digest(key)
}

type Digests = ReadonlyMap<string, Buffer>

/** @throws StartError where one of them is of no use */
const allDigests = (dir: string): Digests =>
  new Map([...readSecretFolder(dir)].map(([name, key]) => [name, digestOf(name, key)]))

interface Found {
  readonly digests: Digests
  /** Why a file counts for nothing. */
  readonly troubles: readonly string[]
}

/** @throws StartError where the folder cannot be read */
const usableDigests = (dir: string): Found => {
  const digests = new Map<string, Buffer>()
  const troubles: string[] = []
  for (const [name, content] of lookIntoSecretFolder(dir)) {
    try {
      if (content instanceof StartError) throw content
      digests.set(name, digestOf(name, content))
    } catch (error) {
      troubles.push((error as Error).message)
    }
  }
  return { digests, troubles }
}

const isSame = (one: Digests, other: Digests): boolean =>
  one.size === other.size && [...one].every(([name, bytes]) => other.get(name)?.equals(bytes))

/**
 * A key ends with its file, the last one too; a file without a usable key admits no caller and leaves the others alone. Only
 * where the folder itself cannot be read, which says nothing of any key, the keys of before stay valid.
 * @throws StartError where not every file is a usable key, or there is none, yet
 */
export const createApiKeys = ({ dir, clock, log }: ApiKeysOptions): ApiKeys => {
  let known = allDigests(dir)
  let told = ''
  const tell = (message: string, troubles: readonly string[]): void => {
    const trouble = troubles.join('; ')
    if (trouble !== told && trouble !== '') log.error(message, { error: trouble })
    told = trouble
  }
  const look = (): void => {
    try {
      const { digests, troubles } = usableDigests(dir)
      if (!isSame(digests, known)) log.info('the API keys have changed', { keys: [...digests.keys()] })
      known = digests
      tell('a file of the API keys does not admit callers', troubles)
    } catch (error) {
      tell('the API keys before are kept', [(error as Error).message])
    }
  }
  return {
    admit: (authorization, apiKey) => {
      const given = bearerOf(authorization) ?? apiKey
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

/** What may be read without an API key: probes, metrics and descriptions, which hold nothing of any request. */
const openPaths =
  /^\/(v2(\/health\/(live|ready)|\/models(\/[^/]+(\/versions\/[^/]+)?(\/ready)?)?)?|metrics|stats|openapi\.json)\/?$/

export const isOpen = (method: string | undefined, path: string): boolean =>
  (method === 'GET' || method === 'HEAD') && openPaths.test(path)
