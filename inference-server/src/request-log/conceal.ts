/** What of a request's and an answer's content may be read in the log. */
import { createHmac } from 'node:crypto'
import type { RequestLogMode } from '@gantry/contract/server.ts'
import { StartError } from '../errors.ts'
import { isObject, type JsonObject } from '../json-object.ts'
import type { SecretEntries } from '../secret-folder.ts'
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
  const [keyId, key] = [...keys].at(-1) ?? ['', '']
  if (mode === 'encrypted') {
    const fernet = readFernetKey(key)
    if (fernet) return { keyId, text: (text) => fernetToken(fernet, text) }
    throw new StartError(
      `key "${keyId}" of the request log is no Fernet key; make one with: openssl rand -base64 32 | tr +/ -_`,
    )
  }
  if (Buffer.byteLength(key) < leastHashKeyBytes)
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
const covered = (value: unknown, cover: Cover): unknown => {
  if (typeof value === 'string') return cover.text(value)
  return isTexts(value) ? value.map(cover.text) : cover.text(JSON.stringify(value))
}

/** What texts are called at the doors that do not use the task's own names. */
const otherNames = new Set(['messages', 'prompt', 'input', 'choices'])

/** A lone BYTES input may be a text under a wrong name: such a request is refused, and logged. */
const isLone = (tensor: JsonObject, among: readonly unknown[]): boolean =>
  among.length === 1 && tensor['datatype'] === 'BYTES'

/**
 * Covers the members and tensors with the given names, wherever they are. Items that have no name because they stand
 * for the task's main field count as named.
 * @param names empty: everything is covered, as a whole
 */
export const conceal = (content: unknown, names: readonly string[], cover: Cover): unknown => {
  if (names.length === 0) return covered(content, cover)
  const sensitive = new Set(names)
  const isSensitive = (name: string): boolean => sensitive.has(name) || otherNames.has(name)
  const tensor = (value: unknown, among: readonly unknown[]): unknown => {
    if (!isObject(value) || !('data' in value)) return walk(value)
    const named = typeof value['name'] === 'string' && sensitive.has(value['name'])
    return named || isLone(value, among) ? { ...value, data: covered(value['data'], cover) } : value
  }
  const member = (name: string, value: unknown): unknown => {
    if (isSensitive(name)) return covered(value, cover)
    if (name === 'inputs' && Array.isArray(value)) return value.map((item) => tensor(item, value))
    if (name === 'outputs' && Array.isArray(value)) return value.map((item) => tensor(item, []))
    if (name === 'instances' && Array.isArray(value))
      return value.map((item) => (isObject(item) ? walk(item) : covered(item, cover)))
    return walk(value)
  }
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, member(name, one)]))
  }
  return walk(content)
}
