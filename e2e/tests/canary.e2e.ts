/**
 * A new version is asked copies of requests, gets a share of the requests by the gateway, and is promoted, or taken back by itself when it is slower. All requests go to
 * the model's own Service, which leads to the gateway meanwhile.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type Live } from '../../local-cluster/kubectl.ts'
import { adder, slowAdder } from '../adder.ts'
import { type GrpcTraffic, startGrpcTraffic } from '../grpc-traffic.ts'
import { type ServicePath, servicePath } from '../service-path.ts'
import { startTraffic, type Traffic } from '../traffic.ts'
import { openWorld, small, type World } from '../world.ts'

/** Summands of the version that serves, of one that is as good, and of one that is slower. */
const [first, good, slow] = [1, 2, 3] as const
const apiKey = 'key-of-the-canary-test'
const rollout = {
  strategy: 'Canary',
  steps: [{ weight: 50, holdSeconds: 2 }],
  // Fewer requests may let a slow version pass on a busy machine.
  abort: { minRequests: 120 },
  // Each version adds one more than the one before.
  shadow: { percent: 100, compare: 'maxAbs', maxDifference: 1 },
}

let world: World
let path: ServicePath
let traffic: Traffic
let calls: GrpcTraffic
const source = (summand: number): object => ({ configMapRef: { name: `adds-${summand}` } })
const model = (summand: number): object => ({
  task: 'tensor',
  source: source(summand),
  version: String(summand),
})

before(async () => {
  world = openWorld('canary')
  path = servicePath(world, 'sums')
  const { namespace, kubectl } = world
  const files = { [first]: adder(first), [good]: adder(good), [slow]: slowAdder(slow, 1100) }
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
  const url = world.url('sums')
  traffic = await startTraffic({ url, model: 'sums', apiKey, perSecond: 20, summands: [first, good] })
  const { hostname: host } = new URL(url)
  calls = startGrpcTraffic({ host, model: 'sums', apiKey, perSecond: 10, summands: [first, good, slow] })
})
after(async () => {
  await traffic?.stop()
  await calls?.stop()
  world.close()
})

const versionOf = (live: Live, summand: number): { id: string; phase: string } | undefined =>
  live['status'].versions.find(({ label }: { label?: string }) => label === String(summand))

test('a version that is as good takes the place of the other, and no request is lost', async () => {
  world.patchModel('sums', { model: model(good) })
  const patience = { timeoutMs: 120_000 }
  await eventually(
    'half of the requests go to the canary',
    () => {
      const { weight, message } = world.model('sums')['status'].canary ?? {}
      if (weight !== 50) throw new Error(message ?? 'there is no canary')
      assert.match(
        message,
        /answered (\d+) of \1 copies as v_\S+ did, so that 0 % to \S+ % of its answers differ/,
      )
      return true
    },
    patience,
  )
  await eventually('the Service leads to the gateway and nowhere else', path.leadsToGateway)
  await eventually(
    'it is promoted',
    () => {
      const { activeVersion, canary } = world.model('sums')['status']
      if (canary === undefined && activeVersion === versionOf(world.model('sums'), good)?.id) return true
      throw new Error(canary?.message ?? `${activeVersion} serves`)
    },
    patience,
  )
  await eventually('the Service leads to the pods again', path.leadsToPods)
  const { kept, fresh } = await traffic.take()
  for (const { lost, details } of [kept, fresh]) assert.deepEqual(lost, {}, details.join('\n'))
  assert.ok((fresh.answered[good] ?? 0) >= 20, JSON.stringify(fresh.answered))
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
  await eventually('the Service leads to the pods again', path.leadsToPods)
  await traffic.take()
  const { kept, fresh } = await traffic.stop()
  for (const { lost, details, answered } of [kept, fresh]) {
    assert.deepEqual(lost, {}, details.join('\n'))
    assert.equal(answered[slow], undefined)
  }
})

test('no call of gRPC was lost in all of that', async (context) => {
  const { sent, lost } = await calls.stop()
  context.diagnostic(`${sent} calls`)
  assert.deepEqual(lost, [])
})
