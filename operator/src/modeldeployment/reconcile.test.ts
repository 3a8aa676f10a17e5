/** One model and its passes: what is done, what is told, and when nothing is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveDeployment } from '@gantry/kube/live.ts'
import { type Draft, settledCluster, type TestCluster, testCluster } from '../testing/cluster.ts'
import { modelDeployment } from '../testing/model-deployment.ts'
import { waits } from '../testing/trouble.ts'
import { deployedVersionOf } from './observe.ts'

const first = 'v_20261123_100001'
const deployed = (cluster: TestCluster): string | undefined =>
  deployedVersionOf(cluster.find<LiveDeployment>('Deployment'))

test('takes the shortest model from nothing to Ready', async () => {
  const cluster = await settledCluster()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('Reconciling')?.status, 'False')
  assert.equal(cluster.condition('Stalled')?.status, 'False')
  const { activeVersion, versions, readyReplicas, url } = cluster.model().status ?? {}
  assert.deepEqual([activeVersion, readyReplicas, url], [first, 1, 'http://intents.demo.svc'])
  assert.deepEqual(
    versions?.map(({ id, phase }) => [id, phase]),
    [[first, 'Serving']],
  )
})

test('a model that turns to TLS is Ready again at https, and asks each pod as that pod speaks', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.serve = { ...spec.serve, tls: { secretRef: { name: 'certificate' } } }
  })
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('AcceleratorActive')?.reason, 'NotRequested')
  assert.equal(cluster.model().status?.url, 'https://intents.demo.svc')
})

test('writes nothing more once a model is settled', async () => {
  const cluster = await settledCluster({
    model: modelDeployment({ spec: { autoscaling: { maxReplicas: 3 } } }),
  })
  cluster.writes.length = 0
  await cluster.settle()
  await cluster.pass()
  assert.deepEqual(cluster.writes, [])
})

test('is Reconciling, not Ready, while the first version is imported', async () => {
  const cluster = await settledCluster({ stuck: () => ({ phase: 'Running' }) })
  assert.equal(cluster.condition('Ready')?.reason, 'Importing')
  assert.equal(cluster.condition('Reconciling')?.status, 'True')
  assert.equal(cluster.condition('Imported')?.status, 'False')
  assert.equal(cluster.find('Deployment'), undefined)
})

test('changes nothing while suspended, and says so', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.suspend = true
    spec.replicas = 4
  })
  cluster.erase('Service')
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(
    cluster.writes.filter(({ verb }) => verb !== 'applyStatus'),
    [],
  )
  assert.equal(cluster.find('Service'), undefined)
  assert.equal(cluster.condition('Reconciling')?.reason, 'Suspended')
  assert.equal(cluster.condition('Suspended')?.status, 'True')
  assert.match(
    cluster.condition('Ready')?.message ?? '',
    /this is not done: Service intents, Deployment intents/,
  )
  await cluster.change((spec) => {
    spec.suspend = false
  })
  assert.ok(cluster.find('Service'))
  assert.equal(cluster.model().status?.readyReplicas, 4)
})

test('leaves a foreign object alone, and writes nothing beside it', async () => {
  const cluster = testCluster()
  const theirs = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'intents', namespace: 'demo' } }
  const before = cluster.store.store(theirs)
  await cluster.settle()
  assert.equal(cluster.condition('Stalled')?.reason, 'NameTaken')
  assert.match(cluster.condition('Stalled')?.message ?? '', /Service demo\/intents/)
  assert.deepEqual(cluster.find('Service'), before)
  assert.equal(cluster.find('PersistentVolumeClaim'), undefined)
  cluster.erase('Service')
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('waits until what a deleted model of the same name left behind is gone', async () => {
  const cluster = await settledCluster()
  cluster.edit('ModelDeployment', (model) => {
    model.metadata.uid = 'uid-of-another'
    delete model.status
  })
  await cluster.pass()
  assert.equal(cluster.condition('Reconciling')?.reason, 'PredecessorEnding')
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  const owners = cluster.all('Deployment').map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)
  assert.deepEqual(owners, ['uid-of-another'])
})

test('leaves nothing behind when the model is deleted', async () => {
  const cluster = await settledCluster({
    model: modelDeployment({ spec: { autoscaling: { maxReplicas: 3 } } }),
  })
  cluster.erase('ModelDeployment')
  cluster.writes.length = 0
  assert.deepEqual(await cluster.settle(), { kind: 'settled' })
  assert.deepEqual(cluster.writes, [])
  const left = [...cluster.store.objects.values()].filter(({ kind }) => kind !== 'Event')
  assert.deepEqual(left, [])
})

test('does not touch a model that is being deleted', async () => {
  const cluster = await settledCluster()
  cluster.edit('ModelDeployment', (model) => {
    model.metadata.deletionTimestamp = '2026-11-23T11:00:00Z'
    model.spec.replicas = 9
  })
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.writes, [])
})

test('is not Ready before a pod itself says what it serves', async () => {
  let device: 'cpu' | undefined
  const cluster = await settledCluster({ device: () => device })
  assert.equal(cluster.condition('Ready')?.reason, 'NotAnswering')
  assert.equal(cluster.condition('AcceleratorActive')?.status, 'Unknown')
  device = 'cpu'
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('pods that never answer are asked ever more rarely, since each pass waits for them', async () => {
  const cluster = await settledCluster({ device: () => undefined })
  const waitsMs: number[] = []
  for (let count = 0; count < 60; count += 1) {
    const result = await cluster.pass()
    assert.ok(result.kind === 'waiting' && result.reason === 'NotAnswering')
    waitsMs.push(result.afterMs)
    cluster.advance(result.afterMs)
  }
  assert.equal(waitsMs[0], 2_000)
  assert.deepEqual(
    waitsMs,
    waitsMs.toSorted((a, b) => a - b),
  )
  assert.equal(waitsMs.at(-1), 60_000)
})

const unproven = { rows: 'unproven', batched: false, reason: "CumSum 'y': works along the row axis" } as const

test('a model whose requests run one by one is Ready, and says why', async () => {
  const cluster = await settledCluster({ batching: () => unproven })
  const ready = cluster.condition('Ready')
  assert.equal(ready?.status, 'True')
  assert.match(ready?.message ?? '', /run one by one \(rows are unproven\): CumSum 'y'/)
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('a user who asked for requests one by one is not told that they run one by one', async () => {
  const { batching } = modelDeployment().spec.serve ?? {}
  for (const over of [{ rows: 'alone' }, { maxRows: 1 }] as const) {
    const model = modelDeployment({ spec: { serve: { batching: { ...batching, ...over } } } })
    const cluster = await settledCluster({ model, batching: () => unproven })
    assert.doesNotMatch(cluster.condition('Ready')?.message ?? '', /one by one/)
  }
})

test('says so when a GPU is asked for and the model runs on the CPU', async () => {
  const cluster = await settledCluster({ model: modelDeployment({ spec: { serve: { device: 'gpu' } } }) })
  assert.equal(cluster.condition('AcceleratorActive')?.reason, 'CpuFallback')
  assert.equal(cluster.condition('Degraded')?.reason, 'CpuFallback')
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('says so when the GPU is used', async () => {
  const model = modelDeployment({ spec: { serve: { device: 'gpu' } } })
  const cluster = await settledCluster({ model, device: () => 'cuda' })
  assert.equal(cluster.condition('AcceleratorActive')?.status, 'True')
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('notices within a minute that a model has moved from the GPU to the CPU, though its pods stay ready', async () => {
  const model = modelDeployment({ spec: { serve: { device: 'gpu' } } })
  let device: 'cuda' | 'cpu' = 'cuda'
  const cluster = await settledCluster({ model, device: () => device })
  const later = { kind: 'waiting', reason: 'AcceleratorMayChange', afterMs: 60_000 }
  cluster.writes.length = 0
  assert.deepEqual(await cluster.pass(), later)
  assert.deepEqual(cluster.writes, [])
  device = 'cpu'
  assert.deepEqual(await cluster.pass(), later)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('AcceleratorActive')?.reason, 'CpuFallback')
  assert.equal(cluster.condition('Degraded')?.reason, 'CpuFallback')
  device = 'cuda'
  await cluster.pass()
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('does not look again at a model that was never meant for a GPU', async () => {
  const cluster = await settledCluster()
  assert.deepEqual(await cluster.pass(), { kind: 'settled' })
})

test('asks for the Events of what is stuck soon at first, then ever more rarely', async () => {
  const stuck = () => waits('ContainerCreating', '')
  const cluster = testCluster({ stuck })
  await cluster.settle(0)
  const waited: number[] = []
  let elapsedMs = 0
  while (elapsedMs < 3_600_000) {
    const result = await cluster.pass()
    assert.ok(result.kind === 'waiting')
    waited.push(result.afterMs)
    elapsedMs += result.afterMs
    cluster.advance(result.afterMs)
  }
  assert.equal(waited[0], 10_000)
  assert.equal(waited.at(-1), 300_000)
  assert.deepEqual(
    waited,
    waited.toSorted((a, b) => a - b),
  )
  assert.ok(waited.length < 40, `${waited.length} looks in the first hour`)
})

test('speaks of the generation it has looked at', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.replicas = 2
  })
  const { generation } = cluster.model().metadata
  const { observedGeneration, conditions = [] } = cluster.model().status ?? {}
  assert.deepEqual(
    new Set([observedGeneration, ...conditions.map((one) => one.observedGeneration)]),
    new Set([generation]),
  )
  assert.equal(deployed(cluster), first)
})

test('pods restarted with kubectl rollout restart are replaced, and the model is Ready again', async () => {
  const cluster = await settledCluster()
  const restartedAt = { 'kubectl.kubernetes.io/restartedAt': '2026-11-23T11:00:00Z' }
  const uids = () => cluster.all('Pod').map(({ metadata }) => metadata.uid)
  const before = new Set(uids())
  cluster.edit('Deployment', ({ spec }) => {
    spec.template.metadata.annotations = restartedAt
  })
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.ok(uids().some((uid) => !before.has(uid)))
  const live = cluster.find('Deployment') as Draft
  assert.deepEqual(live.spec.template.metadata.annotations, restartedAt)
})
