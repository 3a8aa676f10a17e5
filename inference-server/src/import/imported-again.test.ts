/** Imports of a version that another volume has already, as each pod does where there is no storage. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, test } from 'node:test'
import { startHub } from '../../../local-cluster/hub/hub.ts'
import { failing, importOptions, model, placesIn, temporaryFolder } from '../testing/imports.ts'
import { type ImportOptions, importModel } from './import-model.ts'

const folder = temporaryFolder()
after(folder.remove)
const newPlace = placesIn(folder.path)
const revision = '0123456789abcdef'
const importing = async (source: string, change: Partial<ImportOptions> = {}) => {
  const volume = newPlace()
  const { version } = await importModel(importOptions({ source, volume, revision, ...change }))
  return { version, volume }
}

test('have the id and the digest of the first, also where the container starts again', async () => {
  const source = newPlace({ 'model.onnx': model, 'labels.json': '["a"]' })
  const { version: first } = await importing(source)
  const again = { naming: { id: 'v_20250101_000000_2' }, expectedDigest: first.digest }
  const { version, volume } = await importing(source, again)
  assert.deepEqual([version.id, version.digest], ['v_20250101_000000_2', first.digest])
  const restarted = await importModel(importOptions({ source, volume, revision, ...again }))
  assert.equal(restarted.existed, true)
})

test('are refused where the source has other files, and leave nothing', async () => {
  const { version: first } = await importing(newPlace({ 'model.onnx': model }))
  const source = newPlace({ 'model.onnx': model, 'labels.json': '["a"]' })
  const volume = newPlace()
  const options = importOptions({ source, volume, expectedDigest: first.digest, naming: { id: first.id } })
  await assert.rejects(
    importModel(options),
    failing('DigestMismatch', /other files than.*spec\.model\.version/),
  )
  const files = readdirSync(volume, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  assert.deepEqual(files, [])
})

test('get an id after the newest that the model has, whatever the clock says', async () => {
  const source = newPlace({ 'model.onnx': model })
  const { version } = await importing(source, { naming: { newerThan: 'v_99990101_000000' } })
  assert.equal(version.id, 'v_99990101_000000_2')
})

test('bring the commit that the first found, however far the branch has moved', async () => {
  const hub = await startHub()
  try {
    const pinned = hub.push('acme/encoder', { 'model.onnx': model })
    hub.push('acme/encoder', { 'model.onnx': model, 'config.json': '{}' })
    const access = { endpoint: new URL(hub.endpoint), token: undefined }
    const [old, current] = await Promise.all([
      importing('hf://acme/encoder@main', { hub: { ...access, pinned } }),
      importing('hf://acme/encoder@main', { hub: access }),
    ])
    assert.equal(old.version.sourceRevision, pinned)
    assert.notEqual(old.version.digest, current.version.digest)
  } finally {
    await hub.close()
  }
})
