/** Versions by content: the same bytes are on a volume once, whoever brought them, and no version loses any. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { withoutLinks } from '../testing/file-system-faults.ts'
import { importOptions, model, placesIn, temporaryFolder } from '../testing/imports.ts'
import { blobPath } from './blobs.ts'
import type { ImportOptions } from './import-model.ts'
import { importModel } from './import-model.ts'
import { knownFiles } from './known-files.ts'
import { openStaging } from './staging.ts'

const folder = temporaryFolder()
after(folder.remove)
const newPlace = placesIn(folder.path)

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
const labels = '["a"]'
const source = newPlace({ 'model.onnx': model, 'labels.json': labels, 'copy/labels.json': labels })
const importing = async (volume: string, change: Partial<ImportOptions> = {}) =>
  (await importModel(importOptions({ source, volume, ...change }))).version.id
const inode = (...path: string[]): number => statSync(join(...path)).ino
const metadataOf = (volume: string, id: string): VersionMetadata =>
  JSON.parse(readFileSync(join(volume, id, 'metadata.json'), 'utf8'))
const blobsOn = (volume: string): readonly string[] => {
  const all = readdirSync(join(volume, 'blobs', 'sha256'), { recursive: true, withFileTypes: true })
  return all.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort()
}
const [graph, text] = [sha256(model), sha256(labels)]

test('the same bytes are on the volume once, in one version and in several, under the name of their digest', async () => {
  const volume = newPlace()
  const [first, second] = [await importing(volume), await importing(volume)]
  assert.deepEqual(blobsOn(volume), [graph, text].sort())
  assert.equal(inode(volume, first, 'model.onnx'), inode(volume, second, 'model.onnx'))
  assert.equal(inode(volume, first, 'labels.json'), inode(volume, first, 'copy/labels.json'))
  assert.equal(statSync(blobPath(volume, text)).nlink, 5)
  assert.equal(
    statSync(join(volume, first, 'model.onnx')).mode & 0o222,
    0,
    'nobody writes into a blob by accident',
  )
  assert.equal(metadataOf(volume, first).linksRefused, undefined)
})

test('a blob goes with the last version that needs it, and one that is deleted takes nothing from a version', async () => {
  const volume = newPlace()
  await importing(volume)
  const other = newPlace({ 'model.onnx': model, 'labels.json': '["b"]' })
  const second = await importing(volume, { source: other, historyLimit: 1 })
  assert.deepEqual(blobsOn(volume), [graph, sha256('["b"]')].sort())
  rmSync(join(volume, 'blobs'), { recursive: true })
  assert.deepEqual(readFileSync(join(volume, second, 'model.onnx')), Buffer.from(model))
  const third = await importing(volume)
  assert.equal(inode(volume, second, 'model.onnx'), inode(volume, third, 'model.onnx'), 'it is a blob again')
})

test('a volume of an importer that knew no blobs keeps its versions, and shares their files with new ones', async () => {
  const volume = newPlace()
  const old = await importing(volume)
  rmSync(join(volume, 'blobs'), { recursive: true })
  chmodSync(join(volume, old, 'model.onnx'), 0o644)
  const before = readFileSync(join(volume, old, 'metadata.json'), 'utf8')
  const id = await importing(volume)
  assert.equal(inode(volume, old, 'model.onnx'), inode(volume, id, 'model.onnx'))
  assert.equal(readFileSync(join(volume, old, 'metadata.json'), 'utf8'), before)
})

test('a damaged blob gets into no new version: that one has the right bytes, and becomes the blob', async () => {
  const volume = newPlace()
  const damaged = await importing(volume)
  const path = join(volume, damaged, 'labels.json')
  chmodSync(path, 0o644)
  writeFileSync(path, '["x"]')
  const id = await importing(volume)
  assert.equal(readFileSync(join(volume, id, 'labels.json'), 'utf8'), labels)
  assert.equal(readFileSync(blobPath(volume, text), 'utf8'), labels)
  assert.equal(inode(volume, damaged, 'model.onnx'), inode(volume, id, 'model.onnx'))
})

for (const code of ['EPERM', 'ENOTSUP', 'EXDEV', 'EMLINK'])
  test(`a volume that answers ${code} to a hard link gets copies, and metadata and log say so`, async () => {
    const volume = newPlace()
    const said: unknown[] = []
    const { log } = importOptions({ source, volume })
    const warn = (sentence: string, details?: object): void => void said.push([sentence, details])
    const ids = await withoutLinks(code, async () => [
      await importing(volume, { log: { ...log, warn } }),
      await importing(volume),
    ])
    for (const id of ids) {
      assert.equal(metadataOf(volume, id).linksRefused, code)
      assert.deepEqual(readFileSync(join(volume, id, 'model.onnx')), Buffer.from(model))
    }
    assert.deepEqual(said, [
      ['the volume refuses hard links, so files of the version take room of their own', { code }],
    ])
    assert.deepEqual(blobsOn(volume), [])
  })

test('a file that is on the volume already is taken from there, and one that only claims to be is not', async () => {
  const volume = newPlace()
  const id = await importing(volume)
  const known = knownFiles(volume)
  const signal = new AbortController().signal
  const staging = await openStaging(join(volume, '.import-test', 'version'), signal, undefined, { known })
  const content = { sha256: graph, sizeBytes: model.length }
  assert.deepEqual(await staging.reuse('deep/model.onnx', content), { path: 'deep/model.onnx', ...content })
  assert.equal(await staging.reuse('deep/model.onnx', content), undefined, 'the name is taken')
  assert.equal(await staging.reuse('other', { sha256: sha256('other'), sizeBytes: 5 }), undefined)
  assert.equal(await staging.reuse('short', { ...content, sizeBytes: 1 }), undefined)
  assert.deepEqual(staging.files(), [{ path: 'deep/model.onnx', ...content }])
  assert.equal(inode(staging.dir, 'deep/model.onnx'), inode(volume, id, 'model.onnx'))
})

test('a blob folder that leads elsewhere, or is a file, keeps no version from its bytes', async () => {
  for (const place of ['link', 'file'] as const) {
    const volume = newPlace()
    if (place === 'link') symlinkSync('/dev/shm', join(volume, 'blobs'))
    else writeFileSync(join(volume, 'blobs'), '')
    const id = await importing(volume)
    assert.deepEqual(readFileSync(join(volume, id, 'model.onnx')), Buffer.from(model))
    if (place === 'link') rmSync('/dev/shm/sha256', { recursive: true, force: true })
  }
})

test('a link in the place of a blob, or of a file of an older version, gets into no new version', async () => {
  const volume = newPlace()
  const first = await importing(volume)
  const elsewhere = join(newPlace({ labels }), 'labels')
  for (const path of [blobPath(volume, text), join(volume, first, 'labels.json')]) {
    rmSync(path)
    symlinkSync(elsewhere, path)
  }
  rmSync(join(volume, first, 'copy/labels.json'))
  const second = await importing(volume)
  const known = knownFiles(volume)
  const signal = new AbortController().signal
  const staging = await openStaging(join(volume, '.import-test', 'version'), signal, undefined, { known })
  await staging.reuse('labels.json', { sha256: text, sizeBytes: labels.length })
  const made = ['labels.json', 'copy/labels.json'].map((path) => join(volume, second, path))
  for (const path of [...made, blobPath(volume, text), join(staging.dir, 'labels.json')])
    assert.ok(lstatSync(path).isFile(), path)
})

test('a copied volume, where no two names are of one file, is read, imported to and collected as before', async () => {
  const [volume, copy] = [newPlace(), join(newPlace(), 'copy')]
  const first = await importing(volume)
  cpSync(volume, copy, { recursive: true })
  const other = newPlace({ 'model.onnx': model })
  const id = await importing(copy, { source: other, historyLimit: 1 })
  assert.deepEqual(blobsOn(copy), [graph])
  assert.equal(existsSync(join(copy, first)), false)
  assert.deepEqual(readFileSync(join(copy, id, 'model.onnx')), Buffer.from(model))
})
