/** A new version gets a share of the requests by the gateway, and is promoted, or taken back by itself when it is slower. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { releaseNamespace } from '../../local-cluster/gantry/release.ts'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { adder, slowAdder } from '../adder.ts'
import { startTraffic, type Traffic } from '../traffic.ts'
import { openWorld, small, type World } from '../world.ts'

/** Summands of the version that serves, of one that is as good, and of one that is slower. */
const [first, good, slow] = [1, 2, 3] as const
const apiKey = 'key-of-the-canary-test'
const rollout = {
  strategy: 'Canary',
  steps: [{ weight: 50, holdSeconds: 2 }],
  abort: { minRequests: 40 },
}

let world: World
let traffic: Traffic
const source = (summand: number): object => ({ configMapRef: { name: `adds-${summand}` } })
const model = (summand: number): object => ({
  task: 'tensor',
  source: source(summand),
  version: String(summand),
})

before(async () => {
  world = openWorld('canary')
  const { namespace, kubectl } = world
  const files = { [first]: adder(first), [good]: adder(good), [slow]: slowAdder(slow) }
  for (const [summand, bytes] of Object.entries(files))
    kubectl.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `adds-${summand}`, namespace },
      binaryData: { 'model.onnx': bytes.toString('base64') },
    })
  kubectl.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'callers', namespace },
    stringData: { test: apiKey },
  })
  const serve = { ...small.serve, auth: { apiKeySecretRef: { name: 'callers' } } }
  world.applyModel('sums', { model: model(first), rollout, ...small, serve })
  await world.ready('sums')
  const gateway = kubectl.get('service', 'gantry-gateway', releaseNamespace)?.['spec'].clusterIP
  const url = `http://${gateway}/${namespace}/sums`
  const answers = async (): Promise<boolean> => {
    const response = await fetch(`${url}/v2/models/sums`, { headers: { authorization: `Bearer ${apiKey}` } })
    return response.ok
  }
  await eventually('the gateway leads to the model', answers)
  traffic = await startTraffic({ url, model: 'sums', apiKey, perSecond: 12, summands: [first, good] })
})
after(async () => {
  await traffic?.stop()
  world.close()
})

const versionOf = (live: Live, summand: number): { id: string; phase: string } | undefined =>
  live['status'].versions.find(({ label }: { label?: string }) => label === String(summand))

test('a version that is as good takes the place of the other, and no request is lost', async () => {
  world.patchModel('sums', { model: model(good) })
  const patience = { timeoutMs: 120_000 }
  await eventually(
    'half of the requests go to the canary',
    () => world.model('sums')['status'].canary?.weight === 50,
    patience,
  )
  await eventually(
    'it is promoted',
    () => {
      const { activeVersion, canary } = world.model('sums')['status']
      if (canary === undefined && activeVersion === versionOf(world.model('sums'), good)?.id) return true
      throw new Error(canary?.message ?? `${activeVersion} serves`)
    },
    patience,
  )
  const { kept, fresh } = await traffic.take()
  for (const { lost, details, answered } of [kept, fresh]) {
    assert.deepEqual(lost, {}, details.join('\n'))
    assert.ok((answered[good] ?? 0) >= 20, JSON.stringify(answered))
  }
})

test('a slower one is taken back by itself, status says what was seen, and no request is lost', async (context) => {
  await traffic.expect([good, slow])
  await traffic.take()
  world.patchModel('sums', { model: model(slow) })
  const rejected = await eventually(
    'it is taken back',
    () => {
      const live = world.model('sums')
      if (live['status'].rejectedRevision) return live
      throw new Error(JSON.stringify(live['status'].canary?.message ?? live['status'].conditions))
    },
    { timeoutMs: 120_000 },
  )
  const { rejectedRevision, activeVersion } = rejected['status']
  assert.equal(rejectedRevision.reason, 'CanaryWorse')
  assert.match(rejectedRevision.message, /slow/)
  context.diagnostic(rejectedRevision.message)
  assert.equal(activeVersion, versionOf(rejected, good)?.id)
  assert.equal(versionOf(rejected, slow)?.phase, 'RolledBack')
  await eventually(
    'the canary is gone',
    () => world.kubectl.get('deployment', 'sums-canary', world.namespace) === undefined,
  )
  await traffic.take()
  const all = await traffic.stop()
  const { kept, fresh } = all
  for (const { lost, details, answered } of [kept, fresh]) {
    assert.deepEqual(lost, {}, details.join('\n'))
    assert.equal(answered[slow], undefined)
  }
})
