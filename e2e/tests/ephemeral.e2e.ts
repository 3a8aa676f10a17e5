/** Models without a volume: each pod imports by itself, and what the first has found counts for all. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { modelPack, pushArtifact } from '../../local-cluster/oci-push.ts'
import { type OciRegistry, startOciRegistry } from '../../local-cluster/oci-registry.ts'
import { exampleFile, infer } from '../requests.ts'
import { openWorld, serveFiles, small, type World } from '../world.ts'

const onnx = exampleFile('breast-cancer', 'model', 'model.onnx')
const other = exampleFile('customer-service', 'model', 'model.onnx')

let world: World
let registry: OciRegistry
let store: Awaited<ReturnType<typeof serveFiles>>
/** What the store sends. */
let content = onnx
/** Lets the tag name an artifact with another file. @returns the digest */
const push = (notes: string): Promise<string> =>
  pushArtifact(
    { api: `http://${registry.host}/v2/team/tabular` },
    'latest',
    modelPack({ 'model.onnx': onnx, 'README.md': Buffer.from(notes) }),
  )
let digest = ''

before(async () => {
  world = openWorld('ephemeral')
  registry = await startOciRegistry({ address: world.nodeIp })
  store = await serveFiles(world.nodeIp, (_, response) => void response.end(content))
  digest = await push('first')
  const storage = { mode: 'Ephemeral', size: '64Mi' }
  for (const [name, uri] of Object.entries({
    'of-a-tag': `oci://${registry.host}/team/tabular:latest`,
    'of-a-file': `${store.url}/model.onnx`,
  }))
    world.applyModel(name, { ...small, model: { task: 'tensor', source: { uri } }, storage })
})
after(async () => {
  await store?.close()
  await registry?.stop()
  world?.close()
})

const answers = async (name: string): Promise<void> => {
  await world.ready(name)
  assert.equal((await infer(world.url(name), name)).status, 200)
}

test('a model is served without a claim, and more pods get what its tag named at first', async () => {
  await answers('of-a-tag')
  await answers('of-a-file')
  assert.deepEqual(world.kubectl.list('persistentvolumeclaim', world.namespace), [])
  assert.notEqual(await push('second'), digest)
  content = other
  for (const name of ['of-a-tag', 'of-a-file']) world.patchModel(name, { replicas: 2 })
  await world.ready('of-a-tag')
  assert.equal(world.pods('of-a-tag').length, 2)
  const { versions, activeVersion } = world.model('of-a-tag')['status']
  assert.deepEqual(
    versions.map(({ id, sourceRevision }: Record<string, string>) => [id, sourceRevision]),
    [[activeVersion, digest]],
  )
})

test('a pod that finds other files is not ready, what serves goes on, and it recovers when they are back', async () => {
  await world.condition('of-a-file', 'Ready', 'False', 'DigestMismatch')
  assert.equal((await infer(world.url('of-a-file'), 'of-a-file')).status, 200)
  content = onnx
  await answers('of-a-file')
  assert.equal(world.model('of-a-file')['status'].readyReplicas, 2)
})
