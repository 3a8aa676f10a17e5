/** A Secret mounted as a folder: one file per key. The kubelet replaces the files when the Secret changes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import { StartError } from './errors.ts'

/** Name of a Secret's key -> its value, without the line break that editors leave at its end. */
export type SecretEntries = ReadonlyMap<string, string>

/**
 * The entries of the folder, in the order of their names.
 * @throws StartError where there are none
 */
export const readSecretFolder = (dir: string): SecretEntries => {
  let names: string[]
  try {
    // The kubelet keeps the present state in a hidden folder that links lead to.
    names = readdirSync(dir).filter((name) => !name.startsWith('.'))
  } catch (error) {
    throw new StartError(`the folder ${dir} cannot be read: ${(error as Error).message}`)
  }
  if (names.length === 0)
    throw new StartError(`the folder ${dir} has no file; it needs one for each key of the Secret`)
  return new Map(names.sort().map((name) => [name, readFileSync(join(dir, name), 'utf8').trimEnd()]))
}

/** How often files that may change are looked at; the kubelet itself takes up to a minute. */
const lookMs = 5000

/**
 * Looks now and again whether something changed, without keeping the process alive.
 * @param look reads, and acts on a change @returns ends it
 */
export const watchFiles = (clock: Clock, look: () => void): (() => void) => {
  let cancel = (): void => {}
  const again = (): void => {
    cancel = clock.after(lookMs, () => {
      look()
      again()
    })
  }
  again()
  return () => cancel()
}
