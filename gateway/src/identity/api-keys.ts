/** API keys of the gateway: one file for each client in a mounted Secret, replaced without a restart. The files are those of spec.serve.auth. */
import { hash, timingSafeEqual } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiKeyTrouble } from '@gantry/contract/api-keys.ts'
import type { Clock } from '@gantry/kube/clock.ts'
import type { Log } from '@gantry/kube/log.ts'
import { StartError } from '../failure.ts'
import { watchFiles } from './watch-files.ts'

export interface ApiKeys {
  /** @returns the name of the file that holds the key; undefined where none does */
  readonly clientOf: (key: string) => string | undefined
  readonly close: () => void
}

export interface ApiKeysOptions {
  readonly dir: string
  readonly clock: Clock
  readonly log: Log
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')

interface Found {
  readonly digests: ReadonlyMap<string, Buffer>
  /** Why files count for nothing. */
  readonly troubles: readonly string[]
}

/** The kubelet keeps the present state in a hidden folder that links lead to. @throws Error where the folder cannot be read */
const keysIn = (dir: string): Found => {
  const digests = new Map<string, Buffer>()
  const troubles: string[] = []
  const names = readdirSync(dir).filter((name) => !name.startsWith('.'))
  let lost = 0
  for (const name of names.sort()) {
    try {
      const key = readFileSync(join(dir, name), 'utf8').trimEnd()
      const trouble = apiKeyTrouble(name, key)
      if (trouble === undefined) digests.set(name, digest(key))
      else troubles.push(trouble)
    } catch (error) {
      // The kubelet takes a key's content away before the link that leads to it.
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') lost += 1
      else troubles.push(`API key "${name}" cannot be read: ${message}`)
    }
  }
  if (lost > 0 && lost === names.length) throw new Error(`the files of ${dir} lead nowhere`)
  return { digests, troubles }
}

/** @throws StartError where not every file is a usable key, or there is none */
const keysAtStart = (dir: string): Found['digests'] => {
  let found: Found
  try {
    found = keysIn(dir)
  } catch (error) {
    const sentence = `--api-keys ${dir} cannot be read (${(error as Error).message})`
    throw new StartError(`${sentence}; give the folder that holds one file for each key`, 2, {
      cause: error,
    })
  }
  if (found.troubles.length > 0) throw new StartError(found.troubles.join('; '))
  if (found.digests.size === 0)
    throw new StartError(`the folder ${dir} has no file; it needs one for each client`)
  return found.digests
}

const isSame = (one: Found['digests'], other: Found['digests']): boolean =>
  one.size === other.size && [...one].every(([name, bytes]) => other.get(name)?.equals(bytes))

/** A key ends with its file. While the folder cannot be read, which says nothing of any key, those of before stay valid. */
export const createApiKeys = ({ dir, clock, log }: ApiKeysOptions): ApiKeys => {
  let known = keysAtStart(dir)
  let told = ''
  const tell = (message: string, trouble: string): void => {
    if (trouble !== '' && trouble !== told) log.error(message, { error: trouble })
    told = trouble
  }
  const look = (): void => {
    try {
      const { digests, troubles } = keysIn(dir)
      if (!isSame(digests, known)) log.info('the API keys have changed', { keys: [...digests.keys()] })
      known = digests
      tell('a file of the API keys does not admit callers', troubles.join('; '))
    } catch (error) {
      tell('the API keys before are kept', (error as Error).message)
    }
  }
  return {
    clientOf: (key) => {
      // Digests have one length, and all of them are compared: how long it takes tells nothing about a key.
      const offered = digest(key)
      let client: string | undefined
      for (const [name, bytes] of known) if (timingSafeEqual(bytes, offered)) client = name
      return client
    },
    close: watchFiles(clock, look),
  }
}
