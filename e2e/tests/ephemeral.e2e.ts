/** A model without a volume: each pod imports by itself, and what the first has found counts for all. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exampleFile, infer } from '../requests.ts'
import { openWorld, serveFiles, small, type World } from '../world.ts'

const name = 'tabular'
const onnx = exampleFile('breast-cancer', 'model', 'model.onnx')

let world: World
let store: Awaited<ReturnType<typeof serveFiles>>
/** What the store sends. */
let content = onnx

before(async () => {
  world = openWorld('ephemeral')
  store = await serveFiles(world.nodeIp, (_, response) => void response.end(content))
  world.applyModel(name, {
    ...small,
    model: { task: 'tensor', source: { uri: `${store.url}/model.onnx` } },
    storage: { mode: 'Ephemeral', size: '64Mi' },
  })
})
after(async () => {
  await store?.close()
  world?.close()
})

const answers = async (): Promise<void> => {
  await world.ready(name)
  assert.equal((await infer(world.url(name), name)).status, 200)
}

test('a model is served without a claim', async () => {
  await answers()
  assert.deepEqual(world.kubectl.list('persistentvolumeclaim', world.namespace), [])
})

test('a pod that finds other files is not ready, what serves goes on, and it recovers when they are back', async () => {
  content = exampleFile('customer-service', 'model', 'model.onnx')
  world.patchModel(name, { replicas: 2 })
  await world.condition(name, 'Ready', 'False', 'DigestMismatch')
  assert.equal((await infer(world.url(name), name)).status, 200)
  content = onnx
  await answers()
  assert.equal(world.model(name)['status'].readyReplicas, 2)
})
