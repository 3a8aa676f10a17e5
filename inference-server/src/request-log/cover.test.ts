import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { coverOf } from './cover.ts'

const keysOf = (...entries: readonly (readonly [string, string])[]): ReadonlyMap<string, Buffer> =>
  new Map(entries.map(([name, key]) => [name, Buffer.from(key)]))
const keys = keysOf(['2026-10', 'o'.repeat(32)], ['2026-11', 'n'.repeat(32)])

test('the last key by name is used, and says so', () => {
  assert.equal(coverOf('hashed', keys).keyId, '2026-11')
})

test('equal texts have equal hashes under one key, and other ones under another', () => {
  const one = coverOf('hashed', keys)
  const other = coverOf('hashed', new Map([...keys].slice(0, 1)))
  assert.equal(one.text('a'), one.text('a'))
  assert.notEqual(one.text('a'), one.text('b'))
  assert.notEqual(one.text('a'), other.text('a'))
})

test('a hash is HMAC-SHA256 of the text, as Python computes it', () => {
  const { text } = coverOf('hashed', keysOf(['k', 'a key that is long enough']))
  assert.equal(
    text('what do ya want for nothing?'),
    'hmac-sha256:d77c383840a164feae45cac1c83347de546108397b9da860eb67e95ef3611728',
  )
})

test('two keys of random bytes that differ in one byte have different hashes', () => {
  const bytes = Buffer.alloc(32, 0xff)
  const other = Buffer.from(bytes).fill(0xfe, 31)
  const hashOf = (key: Buffer): string => coverOf('hashed', new Map([['k', key]])).text('a')
  assert.notEqual(hashOf(bytes), hashOf(other))
})

test('a key that can be guessed, or is no Fernet key, is refused with a command that makes one', () => {
  const refused = (mode: 'hashed' | 'encrypted', key: string, sentence: RegExp): void =>
    assert.throws(
      () => coverOf(mode, keysOf(['k', key])),
      (error) => error instanceof StartError && sentence.test(error.message),
    )
  refused('hashed', 'short', /key "k".*openssl rand/)
  refused('encrypted', 'x'.repeat(32), /no Fernet key.*openssl rand/)
})
