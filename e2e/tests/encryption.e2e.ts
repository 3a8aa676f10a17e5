/** An encrypted model on a cluster: served, unreadable on its volume, and told of a key that is none. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { conditionOf } from '../../local-cluster/kubectl.ts'
import { exampleFile, infer } from '../requests.ts'
import { openWorld, small, volumeOf, type World } from '../world.ts'

const name = 'sealed'
const onnx = exampleFile('breast-cancer', 'model', 'model.onnx')

let world: World
/** @param key entry of the Secret */
const storage = (key: string) => ({ ...small.storage, encryptionKeySecretRef: { name: 'model-keys', key } })

before(() => {
  world = openWorld('encryption')
  const metadata = { namespace: world.namespace }
  world.kubectl.apply(
    {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, name: 'model-keys' } },
      stringData: { first: randomBytes(32).toString('base64'), phrase: 'correct horse battery staple' },
    },
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name: 'tiny-model' } },
      binaryData: { 'model.onnx': onnx.toString('base64') },
    },
  )
  const model = { task: 'tensor', source: { configMapRef: { name: 'tiny-model' } } }
  world.applyModel(name, { ...small, model, storage: storage('first') })
})
after(() => world?.close())

test('an encrypted model answers, and no file on its volume has the bytes of the model', async () => {
  await world.ready(name)
  assert.equal((await infer(world.url(name), name)).status, 200)
  const [version] = world.model(name)['status'].versions
  assert.equal(version.encryptionKey, 'first')
  const folder = volumeOf(world, name)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))),
  )
  assert.ok(files.some((bytes) => bytes.subarray(0, 8).toString() === 'GANTRYS1'))
  /** A part of the graph that is in no other file. */
  const part = onnx.subarray(100, 132)
  assert.ok(files.every((bytes) => !bytes.includes(part)))
})

test('a key that is none is told, and what serves goes on', async () => {
  world.patchModel(name, { model: { version: 'newer' }, storage: storage('phrase') })
  const model = await world.condition(name, 'Stalled', 'True', 'EncryptionKeyUnusable')
  assert.match(conditionOf(model, 'Stalled')?.message ?? '', /phrase.*32 bytes/s)
  assert.equal((await infer(world.url(name), name)).status, 200)
})
