import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import type { KubernetesObject } from './kubernetes.ts'
import type { LiveDeployment, LivePod } from './live.ts'
import { deployedVersionOf } from './observe.ts'
import { reconcile } from './reconcile.ts'
import { type Draft, type TestCluster, testCluster } from './testing/cluster.ts'
import { memoryCache } from './testing/memory-cache.ts'
import { modelDeployment } from './testing/model-deployment.ts'

const first = 'v_20261123_100001'
const second = 'v_20261123_100002'

const settled = async (options: Parameters<typeof testCluster>[0] = {}): Promise<TestCluster> => {
  const cluster = testCluster(options)
  await cluster.settle()
  return cluster
}
const changeSpec = async (cluster: TestCluster, change: (spec: Draft) => void): Promise<void> => {
  cluster.edit('ModelDeployment', ({ spec }) => change(spec))
  await cluster.settle()
}
const useSource = (cluster: TestCluster, uri: string): Promise<void> =>
  changeSpec(cluster, (spec) => {
    spec.model.source.uri = uri
  })
const deployed = (cluster: TestCluster): string | undefined =>
  deployedVersionOf(cluster.find<LiveDeployment>('Deployment'))
const servingVersions = (cluster: TestCluster): readonly (string | undefined)[] =>
  cluster
    .all<LivePod>('Pod')
    .flatMap(({ metadata }) => metadata.labels?.[labels.version] ?? [])
    .sort()
const settings = (cluster: TestCluster): Draft => {
  const [map] = cluster.all<KubernetesObject & { data: Record<string, string> }>('ConfigMap')
  return JSON.parse(map?.data['settings.json'] ?? '')
}
const isSecondImport = (pod: LivePod): boolean => pod.metadata.labels?.[labels.component] === 'import'
const waiting = { phase: 'Pending', containerStatuses: [{ name: 'import', state: { waiting: {} } }] }

test('takes the shortest model from nothing to Ready', async () => {
  const cluster = await settled()
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

test('writes nothing more once a model is settled', async () => {
  const cluster = await settled({ model: modelDeployment({ spec: { autoscaling: { maxReplicas: 3 } } }) })
  cluster.writes.length = 0
  await cluster.settle()
  await cluster.pass()
  assert.deepEqual(cluster.writes, [])
})

test('is Reconciling, not Ready, while the first version is imported', async () => {
  const cluster = await settled({ stuck: () => ({ phase: 'Running' }) })
  assert.equal(cluster.condition('Ready')?.reason, 'Importing')
  assert.equal(cluster.condition('Reconciling')?.status, 'True')
  assert.equal(cluster.condition('Imported')?.status, 'False')
  assert.equal(cluster.find('Deployment'), undefined)
})

test('serves the old version, as it was, while another one is imported', async () => {
  let isImporting = false
  const cluster = await settled({
    model: modelDeployment({ spec: { model: { labels: ['a', 'b'] } } }),
    stuck: (pod) => (isImporting && isSecondImport(pod) ? waiting : undefined),
  })
  isImporting = true
  await changeSpec(cluster, (spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
    spec.model.labels = ['x', 'y', 'z']
    spec.serve.threads = 2
    spec.replicas = 2
  })
  assert.equal(cluster.condition('Ready')?.reason, 'Importing')
  assert.equal(cluster.condition('Available')?.status, 'True')
  assert.deepEqual(servingVersions(cluster), [first, first])
  assert.deepEqual(settings(cluster).labels, ['a', 'b'], 'its labels are its own')
  assert.equal(settings(cluster).threads, 2, 'how it is served may change')
  assert.equal(cluster.model().status?.activeVersion, first)
})

test('rolls to the new version and forgets the settings of the old one', async () => {
  const cluster = await settled()
  await useSource(cluster, 'https://models.example/2.tar.gz')
  assert.deepEqual(servingVersions(cluster), [second])
  assert.equal(cluster.model().status?.activeVersion, second)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.all('ConfigMap').length, 1)
})

test('goes back to a version by its id, without another import', async () => {
  const cluster = await settled()
  await useSource(cluster, 'https://models.example/2.tar.gz')
  await changeSpec(cluster, (spec) => {
    spec.model.version = first
  })
  assert.deepEqual(servingVersions(cluster), [first])
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.deepEqual(
    cluster.model().status?.versions?.map(({ id }) => id),
    [first, second],
  )
})

test('goes back to a version by its source, without another import', async () => {
  const cluster = await settled()
  const { uri = '' } = cluster.model().spec.model.source
  await useSource(cluster, 'https://models.example/2.tar.gz')
  await useSource(cluster, uri)
  assert.deepEqual(servingVersions(cluster), [first])
  assert.equal(cluster.model().status?.versions?.length, 2)
})

test('imports the same source again under another label', async () => {
  const cluster = await settled()
  await changeSpec(cluster, (spec) => {
    spec.model.version = 'november'
  })
  assert.deepEqual(servingVersions(cluster), [second])
  assert.equal(cluster.model().status?.versions?.at(-1)?.label, 'november')
})

test('is Stalled over the id of a version that the volume does not have, and serves on', async () => {
  const cluster = await settled()
  await changeSpec(cluster, (spec) => {
    spec.model.version = 'v_20200101_000000'
  })
  assert.equal(cluster.condition('Stalled')?.reason, 'VersionNotFound')
  assert.match(cluster.condition('Stalled')?.message ?? '', new RegExp(first))
  assert.deepEqual(servingVersions(cluster), [first])
})

test('keeps as many versions as the history limit says, and the one that serves in any case', async () => {
  const cluster = await settled({ model: modelDeployment({ spec: { versionHistoryLimit: 2 } }) })
  for (const number of [2, 3, 4]) await useSource(cluster, `https://models.example/${number}.tar.gz`)
  const claim = cluster.find('PersistentVolumeClaim')?.metadata.uid ?? ''
  const ids = cluster.model().status?.versions?.map(({ id }) => id)
  assert.deepEqual(ids, ['v_20261123_100003', 'v_20261123_100004'])
  assert.deepEqual(cluster.volumes.onVolume(claim), ids)
})

test('keeps the finished import for its logs until another revision is wished', async () => {
  const cluster = await settled()
  const [before] = cluster.all('Job')
  assert.ok(before)
  await useSource(cluster, 'https://models.example/2.tar.gz')
  const names = cluster.all('Job').map(({ metadata }) => metadata.name)
  assert.equal(names.length, 1)
  assert.notEqual(names[0], before.metadata.name)
})

test('never lets two imports write to one volume', async () => {
  let isStuck = true
  const cluster = await settled({
    stuck: (pod) => (isStuck && isSecondImport(pod) ? { phase: 'Running' } : undefined),
  })
  const [running] = cluster.all<LivePod>('Pod')
  assert.ok(running)
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  await cluster.pass()
  await cluster.pass()
  assert.deepEqual(cluster.all('Job'), [], 'the old Job is gone, and its pod still ends')
  assert.match(cluster.condition('Ready')?.message ?? '', new RegExp(running.metadata.name))
  isStuck = false
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('imports again when nobody can tell any more what a finished import has done', async () => {
  const cluster = await settled()
  cluster.edit('ModelDeployment', (model) => {
    delete model.status
  })
  for (const pod of cluster.all('Pod').filter(({ metadata }) => metadata.name.includes('import'))) {
    cluster.store.erase(pod)
  }
  const [pod] = cluster.all<LivePod>('Pod')
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.model().status?.activeVersion, first, 'the import finds the version on the volume')
  assert.deepEqual(
    cluster.all('Pod').filter(({ metadata }) => metadata.uid === pod?.metadata.uid).length,
    1,
    'the pod that served goes on',
  )
})

test('hands the replicas to the autoscaler without losing a pod, and takes them back', async () => {
  const cluster = await settled({ model: modelDeployment({ spec: { replicas: 5 } }) })
  const wished: (number | undefined)[] = []
  cluster.faults.after = () => void wished.push(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas)
  await changeSpec(cluster, (spec) => {
    delete spec.replicas
    spec.autoscaling = { minReplicas: 2, maxReplicas: 8 }
  })
  assert.deepEqual([...new Set(wished)], [5])
  cluster.edit('Deployment', (deployment) => {
    deployment.spec.replicas = 7 // the autoscaler's own step
  })
  await cluster.settle()
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 7)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  await changeSpec(cluster, (spec) => {
    delete spec.autoscaling
    spec.replicas = 3
  })
  assert.equal(cluster.find('HorizontalPodAutoscaler'), undefined)
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 3)
})

test('an autoscaler gets pods to begin with, since it never starts from none', async () => {
  const cluster = await settled({ model: modelDeployment({ spec: { replicas: 0 } }) })
  await changeSpec(cluster, (spec) => {
    delete spec.replicas
    spec.autoscaling = { minReplicas: 2, maxReplicas: 8 }
  })
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 2)
  cluster.edit('Deployment', ({ spec }) => {
    spec.replicas = 0
  })
  await cluster.settle()
  assert.equal(cluster.find<LiveDeployment>('Deployment')?.spec?.replicas, 2)
})

test('changes nothing while suspended, and says so', async () => {
  const cluster = await settled()
  await changeSpec(cluster, (spec) => {
    spec.suspend = true
    spec.replicas = 4
  })
  cluster.erase('Service')
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.writes, [])
  assert.equal(cluster.find('Service'), undefined)
  assert.equal(cluster.condition('Reconciling')?.reason, 'Suspended')
  assert.equal(cluster.condition('Ready')?.status, 'True', 'as it was')
  await changeSpec(cluster, (spec) => {
    spec.suspend = false
  })
  assert.ok(cluster.find('Service'))
  assert.equal(cluster.model().status?.readyReplicas, 4)
})

test('leaves an object of somebody else alone, and writes nothing beside it', async () => {
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
  const cluster = await settled()
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
  const cluster = await settled({ model: modelDeployment({ spec: { autoscaling: { maxReplicas: 3 } } }) })
  cluster.erase('ModelDeployment')
  cluster.writes.length = 0
  assert.deepEqual(await cluster.settle(), { kind: 'settled' })
  assert.deepEqual(cluster.writes, [])
  const left = [...cluster.store.objects.values()].filter(({ kind }) => kind !== 'Event')
  assert.deepEqual(left, [])
})

test('does not touch a model that is being deleted', async () => {
  const cluster = await settled()
  cluster.edit('ModelDeployment', (model) => {
    model.metadata.deletionTimestamp = '2026-11-23T11:00:00Z'
    model.spec.replicas = 9
  })
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.writes, [])
})

test('makes a new volume and imports again when the claim is lost', async () => {
  const cluster = await settled()
  const before = cluster.find('PersistentVolumeClaim')?.metadata.uid
  cluster.erase('PersistentVolumeClaim')
  await cluster.settle()
  assert.equal(cluster.condition('Stalled')?.reason, 'VolumeEnding', 'its pods hold it')
  assert.equal(cluster.condition('Available')?.status, 'True')
  for (const pod of cluster.all('Pod')) cluster.store.erase(pod)
  cluster.store.objects.delete('PersistentVolumeClaim/demo/intents')
  await cluster.settle()
  assert.notEqual(cluster.find('PersistentVolumeClaim')?.metadata.uid, before)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.deepEqual(
    cluster.model().status?.versions?.map(({ id }) => id),
    [second],
    'what was on the old volume is not promised any more',
  )
})

test('is Ready with no pods where none is wished', async () => {
  const cluster = await settled({ model: modelDeployment({ spec: { replicas: 0 } }) })
  assert.equal(cluster.condition('Ready')?.reason, 'ScaledToZero')
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('Available')?.reason, 'ScaledToZero')
})

test('is not Ready before a pod itself says what it serves', async () => {
  let device: 'cpu' | undefined
  const cluster = await settled({ device: () => device })
  assert.equal(cluster.condition('Ready')?.reason, 'NotAnswering')
  assert.equal(cluster.condition('AcceleratorActive')?.status, 'Unknown')
  device = 'cpu'
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('says so when a GPU is asked for and the model runs on the CPU', async () => {
  const cluster = await settled({ model: modelDeployment({ spec: { serve: { device: 'gpu' } } }) })
  assert.equal(cluster.condition('AcceleratorActive')?.reason, 'CpuFallback')
  assert.equal(cluster.condition('Degraded')?.reason, 'CpuFallback')
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('says so when the GPU is used', async () => {
  const model = modelDeployment({ spec: { serve: { device: 'gpu' } } })
  const cluster = await settled({ model, device: () => 'cuda' })
  assert.equal(cluster.condition('AcceleratorActive')?.status, 'True')
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('speaks of the generation it has looked at', async () => {
  const cluster = await settled()
  await changeSpec(cluster, (spec) => {
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

test('does not forget a version that nobody had the time to write down', async () => {
  const cluster = testCluster()
  while (cluster.all<LivePod>('Pod')[0]?.status?.phase !== 'Succeeded') {
    await cluster.pass()
    cluster.step()
  }
  cluster.step() // the Job is complete, and no pass has seen it
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  cluster.faults.before = ({ verb }) => {
    if (verb === 'applyStatus') throw new Error('the operator died')
  }
  await assert.rejects(cluster.pass())
  cluster.faults.before = undefined
  await cluster.settle()
  assert.deepEqual(
    cluster.model().status?.versions?.map(({ id }) => id),
    [first, second],
  )
})

test('never deletes the successor of what it has seen', async () => {
  const cluster = testCluster({
    imports: () => ({ outcome: 'failed', reason: 'SourceUnreachable', message: 'No.', retry: 'backoff' }),
  })
  await cluster.settle(0)
  const late = memoryCache(cluster.store)
  late.sync()
  cluster.advance(10_000)
  await cluster.pass()
  const successor = cluster.all('Job')[0]?.metadata.uid
  const never = new AbortController().signal
  await assert.rejects(reconcile({ ...cluster.world, cache: late }, 'demo/intents', never))
  assert.equal(cluster.all('Job')[0]?.metadata.uid, successor)
})

test('keeps the settings of the version before until the new one is there', async () => {
  const cluster = await settled({ starts: (id) => (id === first ? 'ready' : { crash: 'no' }) })
  const [before] = cluster.all('ConfigMap')
  await useSource(cluster, 'https://models.example/2.tar.gz')
  for (const pod of cluster.all('Pod')) cluster.store.erase(pod)
  await cluster.settle()
  assert.ok(cluster.find('ConfigMap', before?.metadata.name), 'the old ReplicaSet makes pods that need them')
})
