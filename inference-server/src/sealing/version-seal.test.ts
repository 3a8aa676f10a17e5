import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { type MasterKeys, readMasterKeys, readOpeningKeys } from './master-keys.ts'
import { newVersionKey, type Sealed, unwrapVersionKey, wrapVersionKey } from './version-seal.ts'

const version: Sealed = {
  id: 'v_20261123_101500',
  task: 'text-classification',
  files: [
    { path: 'model.onnx', sizeBytes: 9, sha256: 'a'.repeat(64), seal: `${'A'.repeat(43)}=` },
    { path: 'tokenizer.json', sizeBytes: 9, sha256: 'b'.repeat(64), seal: `${'B'.repeat(43)}=` },
  ],
  rows: { 'model.onnx': { proofVersion: 1, verdict: 'unproven', reason: 'a loop' } },
}
const [model, tokenizer] = version.files as [Sealed['files'][number], Sealed['files'][number]]

const keysOf = (wrapping: string, entries: Record<string, Buffer>): MasterKeys => ({
  entries: new Map(Object.entries(entries)),
  wrapping: { name: wrapping, key: entries[wrapping] as Buffer },
})
const [first, second] = [randomBytes(32), randomBytes(32)]
const keys = keysOf('k1', { k1: first })

test('the key of a version opens with the master key that wrapped it, after metadata.json went through JSON', () => {
  const versionKey = newVersionKey()
  const written = { ...version, ...wrapVersionKey(versionKey, version, keys) }
  const read = JSON.parse(JSON.stringify({ ...written, createdAt: 'later', changed: [] })) as typeof written
  assert.deepEqual(unwrapVersionKey(read, read, keys.entries), versionKey)
})

test('every member of metadata.json that decides what is loaded, and how, is vouched for', () => {
  const encryption = wrapVersionKey(newVersionKey(), version, keys)
  const changes: Record<string, Partial<Sealed>> = {
    'another version': { id: 'v_20261123_101501' },
    'another task': { task: 'tensor' },
    'another graph': { file: 'other.onnx' },
    'two files swapped': {
      files: [
        { ...model, seal: tokenizer.seal as string },
        { ...tokenizer, seal: model.seal as string },
      ],
    },
    'two names swapped': {
      files: [
        { ...model, path: tokenizer.path },
        { ...tokenizer, path: model.path },
      ],
    },
    'a file left out': { files: [model] },
    'a file cut': { files: [{ ...model, sizeBytes: 8 }, tokenizer] },
    'a friendlier proof': { rows: { 'model.onnx': { proofVersion: 1, verdict: 'independent' } } },
  }
  for (const [change, changed] of Object.entries(changes))
    assert.throws(
      () => unwrapVersionKey(encryption, { ...version, ...changed }, keys.entries),
      /the key k1 does not open the version/,
      change,
    )
})

test('another key of the same name, and a wrapped key that was changed, are refused', () => {
  const encryption = wrapVersionKey(newVersionKey(), version, keys)
  assert.throws(
    () => unwrapVersionKey(encryption, version, keysOf('k1', { k1: second }).entries),
    /it is another key/,
  )
  const flipped = Buffer.from(encryption.wrappedKey, 'base64')
  flipped[20] = (flipped[20] as number) ^ 1
  const changed = { ...encryption, wrappedKey: flipped.toString('base64') }
  assert.throws(() => unwrapVersionKey(changed, version, keys.entries), /does not open the version/)
  assert.throws(
    () => unwrapVersionKey({ ...encryption, wrappedKey: '' }, version, keys.entries),
    /does not open/,
  )
})

test('older keys still read, and a key that was taken away is named', () => {
  const versionKey = newVersionKey()
  const encryption = wrapVersionKey(versionKey, version, keys)
  const both = keysOf('k2', { k1: first, k2: second })
  assert.deepEqual(unwrapVersionKey(encryption, version, both.entries), versionKey)
  assert.equal(wrapVersionKey(versionKey, version, both).encryptionKey, 'k2')
  assert.throws(
    () => unwrapVersionKey(encryption, version, keysOf('k2', { k2: second }).entries),
    /encrypted under the key k1, which the Secret does not have; put that entry back/,
  )
})

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keys-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('a key is 32 bytes in base64, as openssl rand -base64 32 writes it', () => {
  writeFileSync(join(dir, 'k1'), `${first.toString('base64')}\n`)
  writeFileSync(join(dir, 'k2'), second.toString('base64url'))
  const read = readMasterKeys({ dir, wrapping: 'k2' })
  assert.deepEqual(Object.fromEntries(read.entries), { k1: first, k2: second })
  assert.deepEqual(read.wrapping, { name: 'k2', key: second })
  for (const wrong of [
    first,
    'a passphrase',
    first.subarray(1).toString('base64'),
    first.toString('hex'),
    '',
  ]) {
    writeFileSync(join(dir, 'k1'), wrong)
    assert.throws(
      () => readMasterKeys({ dir, wrapping: 'k1' }),
      /the encryption key k1 is not 32 bytes in base64/,
    )
  }
})

test('an entry that is no key keeps nobody from the others, and is told where it is needed', () => {
  writeFileSync(join(dir, 'k1'), first.toString('base64'))
  const versionKey = newVersionKey()
  const encryption = wrapVersionKey(versionKey, version, readMasterKeys({ dir, wrapping: 'k1' }))
  writeFileSync(join(dir, 'k2'), 'a passphrase')
  const { entries } = readMasterKeys({ dir, wrapping: 'k1' })
  assert.deepEqual(unwrapVersionKey(encryption, version, entries), versionKey)
  assert.deepEqual(unwrapVersionKey(encryption, version, readOpeningKeys(dir)), versionKey)
  assert.throws(
    () => unwrapVersionKey({ ...encryption, encryptionKey: 'k2' }, version, entries),
    /the encryption key k2 is not 32 bytes in base64/,
  )
})

test('which of several keys encrypts has to be said, and has to be there', () => {
  writeFileSync(join(dir, 'k1'), first.toString('base64'))
  assert.equal(readMasterKeys({ dir, wrapping: undefined }).wrapping.name, 'k1')
  assert.throws(() => readMasterKeys({ dir, wrapping: 'k3' }), /there is no encryption key k3; there are k1/)
  writeFileSync(join(dir, 'k2'), second.toString('base64'))
  assert.throws(() => readMasterKeys({ dir, wrapping: undefined }), /several encryption keys: k1, k2/)
})
