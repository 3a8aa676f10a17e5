import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { exampleFile, infer } from '../requests.ts'
import { openWorld, serveFiles, small, type World } from '../world.ts'

const onnx = exampleFile('breast-cancer', 'model', 'model.onnx')
let world: World
before(() => {
  world = openWorld('sources')
})
after(() => world.close())

const answers = async (name: string): Promise<void> => {
  await world.ready(name)
  assert.equal((await infer(world.url(name), name)).status, 200)
}

test('a model in a ConfigMap is served', async () => {
  world.kubectl.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'tiny-model', namespace: world.namespace },
    binaryData: { 'model.onnx': onnx.toString('base64') },
  })
  world.applyModel('from-configmap', {
    model: { task: 'tensor', source: { configMapRef: { name: 'tiny-model' } } },
    ...small,
  })
  await answers('from-configmap')
})

test('a model on a claim is served: here a version of the model before', async () => {
  const { activeVersion } = world.model('from-configmap')['status']
  const uri = `pvc://from-configmap/${activeVersion}`
  world.applyModel('from-claim', { model: { task: 'tensor', source: { uri } }, ...small })
  await answers('from-claim')
  assert.equal(world.model('from-claim')['status'].versions[0].source, uri)
})

test('a download is made with the credentials of the Secret, and its digest is checked', async () => {
  const files = await serveFiles(world.nodeIp, (request, response) => {
    if (request.headers.authorization === 'Bearer open-sesame') response.end(onnx)
    else response.writeHead(401).end()
  })
  try {
    world.kubectl.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'download', namespace: world.namespace },
      stringData: { token: 'open-sesame', hosts: new URL(files.url).host },
    })
    const sha256 = createHash('sha256').update(onnx).digest('hex')
    const source = { uri: `${files.url}/model.onnx`, sha256, secretRef: { name: 'download' } }
    world.applyModel('from-secret', { model: { task: 'tensor', source }, ...small })
    await answers('from-secret')
  } finally {
    await files.close()
  }
})

test('a path of the import pod is refused unless the operator allows it', async () => {
  world.applyModel('from-file', { model: { task: 'tensor', source: { uri: 'file:///models' } }, ...small })
  await world.condition('from-file', 'Stalled', 'True', 'FileSourceNotAllowed')
})
