/** `fsck` of encrypted versions: everything with their keys, and what can be told without. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { importModel } from '../import/import-model.ts'
import { readOpeningKeys } from '../sealing/master-keys.ts'
import { importOptions, model, placesIn, temporaryFolder } from '../testing/imports.ts'
import { fsck } from './fsck.ts'

const folder = temporaryFolder()
after(folder.remove)
const place = placesIn(folder.path)

const key = (): string => randomBytes(32).toString('base64')
const keys = place({ k1: key() })
const encryption = { dir: keys, wrapping: 'k1' }

/** A version in the clear and the same one encrypted. */
const sealedVolume = async () => {
  const volume = place()
  const source = place({ 'model.onnx': model, 'labels.json': '["a","b"]' })
  await importModel(importOptions({ source, volume }))
  const { version } = await importModel(importOptions({ source, volume, encryption }))
  const look = async (dir?: string) => {
    const keys = dir === undefined ? undefined : readOpeningKeys(dir)
    const report = await fsck({ volume, repair: true, keys, signal: new AbortController().signal })
    return report.findings.map(({ state, problem, path }) => `${state} ${problem} ${path}`)
  }
  const [id, path] = [version.id, join(volume, version.id, 'labels.json')]
  return { volume, look, id, path }
}

test('fsck tells without the keys which encrypted file was cut or exchanged, and repairs none', async () => {
  const { look, id, path } = await sealedVolume()
  const notOpened = `harmless NotOpened ${id}/metadata.json`
  assert.deepEqual(await look(), [notOpened])
  writeFileSync(path, '["a","b"]')
  assert.deepEqual(await look(), [notOpened, `broken FileDamaged ${id}/labels.json`])
  assert.equal(readFileSync(path, 'utf8'), '["a","b"]')
})

test('fsck reads every encrypted file with the keys, and tells a flipped bit and keys that do not open', async () => {
  const { volume, look, id, path } = await sealedVolume()
  assert.deepEqual(await look(keys), [])
  assert.deepEqual(await look(place({ k2: key() })), [`broken KeyUnusable ${id}/metadata.json`])
  const bytes = readFileSync(path)
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
  writeFileSync(path, bytes)
  assert.deepEqual(await look(keys), [`broken FileDamaged ${id}/labels.json`])
  assert.deepEqual(await look(), [`harmless NotOpened ${id}/metadata.json`])
  const metadata = join(volume, id, 'metadata.json')
  writeFileSync(metadata, readFileSync(metadata, 'utf8').replace('"wrappedKey"', '"former"'))
  assert.ok((await look(keys)).includes(`broken KeyUnusable ${id}/metadata.json`))
})

test('the command fsck takes the folder of the keys, and an empty one as none', async () => {
  const { volume } = await sealedVolume()
  const main = join(import.meta.dirname, '../main.ts')
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [main, 'fsck', '--models', volume, ...args], { encoding: 'utf8' })
  assert.doesNotMatch(run('--encryption-keys', keys).stdout, /NotOpened/)
  assert.match(run('--encryption-keys', place()).stdout, /^harmless: .*NotOpened.*--encryption-keys/m)
  assert.equal(run('--encryption-keys', '/gone').status, 1)
})
