/** A Secret mounted as a folder: one file per key. The kubelet replaces the files when the Secret changes. */
import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../failures/errors.ts'
import type { Clock } from '../process/clock.ts'

/** Name of a Secret's key -> its bytes, of a text without the line break that editors leave at its end. */
export type SecretEntries = ReadonlyMap<string, Buffer>

/**
 * The entries of the folder, in the order of their names.
 * @throws StartError where there are none
 */
export const readSecretFolder = (dir: string): SecretEntries => {
  const names = keyNames(dir)
  if (names.length === 0) throw new StartError(`the folder ${dir} has no file; it needs one for each key`)
  return new Map(names.map((name) => [name, readKey(join(dir, name))]))
}

/**
 * One entry for each file there is now, in the order of their names: its value, or why it cannot be read.
 * @throws StartError where the folder itself, or what all its files link to, cannot be read
 */
export const lookIntoSecretFolder = (dir: string): ReadonlyMap<string, Buffer | StartError> => {
  const found = new Map<string, Buffer | StartError>()
  const names = keyNames(dir)
  for (const name of names) {
    try {
      found.set(name, readKey(join(dir, name)))
    } catch (error) {
      // The kubelet takes a key's content away before the link that leads to it.
      if (((error as StartError).cause as NodeJS.ErrnoException).code !== 'ENOENT')
        found.set(name, error as StartError)
    }
  }
  if (found.size === 0 && names.length > 0)
    throw new StartError(
      `the files of ${dir} lead nowhere, as while it is exchanged; look whether it is mounted`,
    )
  return found
}

/** The kubelet keeps the present state in a hidden folder that links lead to. */
const keyNames = (dir: string): readonly string[] =>
  readable(dir, () => readdirSync(dir))
    .filter((name) => !name.startsWith('.'))
    .sort()

/** What Python's `bytes.rstrip()` takes away: space, tab, line feed, vertical tab, form feed, carriage return. */
const asciiSpaces = new Set([0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d])

/** Random bytes are a key to the last: only of a text does white space at the end say nothing. */
const keyOf = (content: Buffer): Buffer => {
  if (!isUtf8(content)) return content
  let { length } = content
  while (length > 0 && asciiSpaces.has(content[length - 1] as number)) length -= 1
  return content.subarray(0, length)
}

const readKey = (path: string): Buffer => keyOf(readable(path, () => readFileSync(path)))

/** What to do about a folder or a file in it that cannot be read, by the system's code. */
const advice: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; give the folder that holds one file for each key',
  ENOTDIR: 'is not a folder; give the folder that holds one file for each key',
  EISDIR: 'is a folder; give the folder whose files are the keys',
  EACCES: 'may not be read by this user; change its owner or its mode',
}

/** @throws StartError where the system refuses */
const readable = <Content>(path: string, read: () => Content): Content => {
  try {
    return read()
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new StartError(`${path} ${advice[code] ?? `cannot be read: ${message}`}`, 1, { cause: error })
  }
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
