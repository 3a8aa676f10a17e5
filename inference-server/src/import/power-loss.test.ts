/** A machine that loses power at any call of an import: versions are whole or not there, those of before stay, and what was reported stays. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { VersionMetadata, VersionsIndex } from '@gantry/contract/versions.ts'
import { fsck } from '../fsck/fsck.ts'
import { importOptions, model, placesIn, temporaryFolder } from '../testing/imports.ts'
import { type Disk, withPowerLoss } from '../testing/power-loss.ts'
import { importModel } from './import-model.ts'

const folder = temporaryFolder()
after(folder.remove)
const newPlace = placesIn(folder.path)
const sourceOf = (labels: string) => newPlace({ 'model.onnx': model, 'sub/labels.json': labels })

const sha256 = (content: Buffer | undefined): string | undefined =>
  content && createHash('sha256').update(content).digest('hex')
const idsOn = (disk: Disk): readonly string[] => [
  ...new Set(
    [...disk.keys()].map((path) => path.split('/')[0] ?? '').filter((name) => name.startsWith('v_')),
  ),
]

/** Every folder with the name of a version is whole. */
const checkVersions = (disk: Disk, state: string): void => {
  for (const id of idsOn(disk)) {
    const text = disk.get(`${id}/metadata.json`)?.toString()
    assert.ok(text, `${state}: ${id} has no metadata.json`)
    const { files }: VersionMetadata = JSON.parse(text)
    for (const file of files)
      assert.equal(sha256(disk.get(`${id}/${file.path}`)), file.sha256, `${state}: ${id}/${file.path}`)
  }
}

test('an import that shares, prunes and collects leaves whole versions at any moment, and what it reports is on the disk', async () => {
  const volume = newPlace()
  const importing = async (labels: string): Promise<string> =>
    (await importModel(importOptions({ source: sourceOf(labels), volume }))).version.id
  const [first, second] = [await importing('["first"]'), await importing('["second"]')]
  const source = sourceOf('["third"]')
  const { result, disk, calls } = await withPowerLoss(
    volume,
    () => importModel(importOptions({ source, volume, historyLimit: 2 })),
    (state, name) => {
      checkVersions(state, name)
      assert.ok(idsOn(state).includes(second), `${name}: ${second} is lost`)
    },
  )
  assert.ok(calls > 30, `only ${calls} calls were seen`)
  assert.deepEqual(result.pruned, [first])
  assert.deepEqual(idsOn(disk), [second, result.version.id])
  const index: VersionsIndex = JSON.parse(`${disk.get('versions.json')}`)
  assert.deepEqual(
    index.versions.map(({ id }) => id),
    [second, result.version.id],
  )
})

test('a repair makes no version worse at any moment', async () => {
  const volume = newPlace()
  const { id } = (await importModel(importOptions({ source: sourceOf('["a"]'), volume }))).version
  const other = (await importModel(importOptions({ source: sourceOf('["a"]'), volume }))).version.id
  const path = join(volume, other, 'model.onnx')
  rmSync(path)
  writeFileSync(path, 'damaged')
  writeFileSync(join(volume, 'versions.json'), '')
  const { result, disk } = await withPowerLoss(
    volume,
    () => fsck({ volume, repair: true, signal: new AbortController().signal }),
    (state, name) => assert.equal(sha256(state.get(`${id}/model.onnx`)), sha256(Buffer.from(model)), name),
  )
  assert.equal(result.outcome, 'repaired')
  checkVersions(disk, 'the end')
  assert.equal(sha256(disk.get(`${other}/model.onnx`)), sha256(Buffer.from(model)))
})
