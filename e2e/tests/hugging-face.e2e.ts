/** Models of a hub, and models without a volume, on a cluster: from the apply to an answer. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { labels } from '../../contract/labels.ts'
import { type Hub, startHub } from '../../local-cluster/hub/hub.ts'
import { eventually } from '../../local-cluster/kubectl.ts'
import { chartRevision, rollBackChart, upgradeChart } from '../chart.ts'
import { exampleFile, infer } from '../requests.ts'
import { openWorld, serveFiles, small, type World } from '../world.ts'

const onnx = exampleFile('breast-cancer', 'model', 'model.onnx')
const token = 'hf_token_of_a_reader'
const repository = 'acme/breast-cancer'
const files = {
  'README.md': '# a model',
  'config.json': '{}',
  'onnx/model.onnx': onnx,
  'pytorch_model.bin': 'no',
}
const withoutVolume = { ...small, storage: { mode: 'Ephemeral', size: '64Mi' } }

let world: World
let hub: Hub
let revision = ''
let commit = ''
before(async () => {
  world = openWorld('hugging-face')
  hub = await startHub({ host: world.nodeIp })
  commit = hub.push(repository, files, { isPrivate: true })
  hub.grant(token, repository)
  world.kubectl.apply({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hub', namespace: world.namespace } },
    stringData: { HF_TOKEN: token },
  })
  revision = chartRevision()
  upgradeChart('--set', `imports.huggingFaceEndpoint=${hub.endpoint},imports.allowHttpCredentials=true`)
})
after(async () => {
  if (revision !== '') rollBackChart(revision)
  await hub?.close()
  world?.close()
})

const source = { uri: `hf://${repository}@main`, secretRef: { name: 'hub' } }
const answers = async (name: string): Promise<void> => {
  await world.ready(name)
  assert.equal((await infer(world.url(name), name)).status, 200)
}

test('a private model of a hub is served, of one commit, and its token goes nowhere else', async () => {
  world.applyModel('of-a-hub', { model: { task: 'tensor', source }, ...small })
  await answers('of-a-hub')
  const [version] = world.model('of-a-hub')['status'].versions
  assert.equal(version.sourceRevision, commit)
  assert.ok(hub.requests.some(({ at }) => at === 'cdn'))
  assert.ok(hub.requests.every(({ at, authorization }) => at === 'hub' || authorization === undefined))
})

test('without a volume each pod imports the commit of the first, also when the branch has moved', async () => {
  world.applyModel('free', { model: { task: 'tensor', source }, ...withoutVolume })
  await answers('free')
  assert.equal(world.kubectl.get('persistentvolumeclaim', 'free', world.namespace), undefined)
  hub.push(repository, { ...files, 'config.json': '{"moved":true}' })
  world.patchModel('free', { replicas: 2 })
  await world.ready('free')
  const servers = world.pods('free').filter(({ metadata }) => metadata.labels?.[labels.track] !== undefined)
  assert.equal(servers.length, 2)
  const ids = world.model('free')['status'].versions.map(({ id }: { id: string }) => id)
  assert.deepEqual(ids, [world.model('free')['status'].activeVersion])
})

test('a pod that finds other files is not ready, what serves goes on, and it recovers when they are back', async () => {
  let content = onnx
  const store = await serveFiles(world.nodeIp, (_, response) => void response.end(content))
  try {
    const uri = `${store.url}/model.onnx`
    world.applyModel('changed', { model: { task: 'tensor', source: { uri } }, ...withoutVolume })
    await answers('changed')
    content = exampleFile('customer-service', 'model', 'model.onnx')
    world.patchModel('changed', { replicas: 2 })
    await world.condition('changed', 'Ready', 'False', 'DigestMismatch')
    assert.equal((await infer(world.url('changed'), 'changed')).status, 200)
    content = onnx
    await eventually('the second pod is ready', () => world.ready('changed'), { timeoutMs: 120_000 })
  } finally {
    await store.close()
  }
})
