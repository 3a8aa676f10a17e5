/** Versions on the volume: imported once, served until something better is there, never lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { type Draft, settledCluster, type TestCluster, testCluster } from '../../testing/cluster.ts'
import { memoryCache } from '../../testing/memory-cache.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { reconcile } from '../reconcile.ts'

const first = 'v_20261123_100001'
const second = 'v_20261123_100002'
const useSource = (cluster: TestCluster, uri: string): Promise<void> =>
  cluster.change((spec) => {
    spec.model.source.uri = uri
  })
const servingVersions = (cluster: TestCluster): readonly (string | undefined)[] =>
  cluster
    .all<LivePod>('Pod')
    .flatMap(({ metadata }) => metadata.labels?.[labels.version] ?? [])
    .sort()
const settings = (cluster: TestCluster): Draft => {
  const [map] = cluster.all<KubernetesObject & { data: Record<string, string> }>('ConfigMap')
  return JSON.parse(map?.data['settings.json'] ?? '')
}
const isImport = (pod: LivePod): boolean => pod.metadata.labels?.[labels.component] === components.import
const waiting = { phase: 'Pending', containerStatuses: [{ name: 'import', state: { waiting: {} } }] }

test('serves the old version, as it was, while another one is imported', async () => {
  let isImporting = false
  const cluster = await settledCluster({
    model: modelDeployment({ spec: { model: { labels: ['a', 'b'] } } }),
    stuck: (pod) => (isImporting && isImport(pod) ? waiting : undefined),
  })
  isImporting = true
  await cluster.change((spec) => {
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
  const cluster = await settledCluster()
  await useSource(cluster, 'https://models.example/2.tar.gz')
  assert.deepEqual(servingVersions(cluster), [second])
  assert.equal(cluster.model().status?.activeVersion, second)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.all('ConfigMap').length, 1)
})

test('goes back to a version by its id, without another import', async () => {
  const cluster = await settledCluster()
  await useSource(cluster, 'https://models.example/2.tar.gz')
  await cluster.change((spec) => {
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
  const cluster = await settledCluster()
  const { uri = '' } = cluster.model().spec.model.source
  await useSource(cluster, 'https://models.example/2.tar.gz')
  await useSource(cluster, uri)
  assert.deepEqual(servingVersions(cluster), [first])
  assert.equal(cluster.model().status?.versions?.length, 2)
})

test('imports the same source again under another label', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.model.version = 'november'
  })
  assert.deepEqual(servingVersions(cluster), [second])
  assert.equal(cluster.model().status?.versions?.at(-1)?.label, 'november')
})

test('serves the same version for another task or with other labels, without another import', async () => {
  const cluster = await settledCluster()
  cluster.writes.length = 0
  await cluster.change((spec) => {
    spec.model.task = 'token-classification'
    spec.model.labels = ['a', 'b']
  })
  assert.deepEqual(servingVersions(cluster), [first])
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.ok(!cluster.writes.some(({ kind }) => kind === 'Job'))
  const { version, task, labels: names } = settings(cluster)
  assert.deepEqual([version, task, names], [first, 'token-classification', ['a', 'b']])
})

test('is Stalled over the id of a version that the volume does not have, and serves on', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.model.version = 'v_20200101_000000'
  })
  assert.equal(cluster.condition('Stalled')?.reason, 'VersionNotFound')
  assert.match(cluster.condition('Stalled')?.message ?? '', new RegExp(first))
  assert.deepEqual(servingVersions(cluster), [first])
})

test('keeps as many versions as the history limit says, and the one that serves in any case', async () => {
  const cluster = await settledCluster({ model: modelDeployment({ spec: { versionHistoryLimit: 2 } }) })
  for (const number of [2, 3, 4]) await useSource(cluster, `https://models.example/${number}.tar.gz`)
  const claim = cluster.find('PersistentVolumeClaim')?.metadata.uid ?? ''
  const ids = cluster.model().status?.versions?.map(({ id }) => id)
  assert.deepEqual(ids, ['v_20261123_100003', 'v_20261123_100004'])
  assert.deepEqual(cluster.volumes.onVolume(claim), ids)
})

test('keeps the versions of spec.model.keep beside those of the history limit, and goes back to one without an import', async () => {
  const cluster = await settledCluster({ model: modelDeployment({ spec: { versionHistoryLimit: 2 } }) })
  await cluster.change((spec) => {
    spec.model.keep = [first]
  })
  for (const number of [2, 3, 4]) await useSource(cluster, `https://models.example/${number}.tar.gz`)
  const ids = cluster.model().status?.versions?.map(({ id }) => id)
  assert.deepEqual(ids, [first, 'v_20261123_100003', 'v_20261123_100004'])
  assert.equal(cluster.condition('Degraded')?.status, 'False')
  await cluster.change((spec) => {
    spec.model.version = first
  })
  assert.deepEqual(servingVersions(cluster), [first])
  assert.equal(cluster.model().status?.versions?.length, 3)
})

test('says which id of spec.model.keep is not on the volume, serves on, and writes nothing more', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.model.keep = [first, 'v_20200101_000000']
  })
  const { status, reason, message = '' } = cluster.condition('Degraded') ?? {}
  assert.deepEqual([status, reason], ['True', 'VersionNotFound'])
  assert.match(
    message,
    /^spec\.model\.keep names v_20200101_000000, which is not on the volume \(there are: v_/,
  )
  assert.equal(cluster.condition('Ready')?.status, 'True')
  cluster.writes.length = 0
  assert.deepEqual(await cluster.pass(), { kind: 'settled' })
  assert.deepEqual(cluster.writes, [])
  await cluster.change((spec) => {
    spec.model.keep = [first]
  })
  assert.equal(cluster.condition('Degraded')?.status, 'False')
})

test('keeps to a lower history limit from the next import on', async () => {
  const cluster = await settledCluster()
  for (const number of [2, 3]) await useSource(cluster, `https://models.example/${number}.tar.gz`)
  const count = () => cluster.model().status?.versions?.length
  await cluster.change((spec) => {
    spec.versionHistoryLimit = 1
  })
  assert.equal(count(), 3)
  await useSource(cluster, 'https://models.example/4.tar.gz')
  // The one that served while the new one was imported was kept.
  assert.equal(count(), 2)
})

test('keeps the finished import for its logs until spec asks for another revision', async () => {
  const cluster = await settledCluster()
  const [before] = cluster.all('Job')
  assert.ok(before)
  await useSource(cluster, 'https://models.example/2.tar.gz')
  const names = cluster.all('Job').map(({ metadata }) => metadata.name)
  assert.equal(names.length, 1)
  assert.notEqual(names[0], before.metadata.name)
})

test('never lets two imports write to one volume', async () => {
  let isStuck = true
  const cluster = await settledCluster({
    stuck: (pod) => (isStuck && isImport(pod) ? { phase: 'Running' } : undefined),
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

test('imports again when the result of a finished import is lost', async () => {
  const cluster = await settledCluster()
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

test('makes a new volume and imports again when the claim is lost', async () => {
  const cluster = await settledCluster()
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

test('does not forget a version that was not yet recorded in the status', async () => {
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
  const cluster = await settledCluster({ starts: (id) => (id === first ? 'ready' : { crash: 'no' }) })
  const [before] = cluster.all('ConfigMap')
  await useSource(cluster, 'https://models.example/2.tar.gz')
  for (const pod of cluster.all('Pod')) cluster.store.erase(pod)
  await cluster.settle()
  assert.ok(cluster.find('ConfigMap', before?.metadata.name), 'the old ReplicaSet makes pods that need them')
})

const signed = 'https://ann:hunter2@models.example/m.tar.gz?code=hunter2#hunter2'

test('the status tells no query, fragment, user or password of an address, even where an import reports them', async () => {
  const cluster = await settledCluster()
  await useSource(cluster, signed)
  const sources = cluster.model().status?.versions?.map(({ source }) => source)
  assert.deepEqual(sources, ['https://models.example/intents.tar.gz', 'https://models.example/m.tar.gz'])
})

test('what an earlier operator told of an address is taken back', async () => {
  const cluster = await settledCluster()
  cluster.edit('ModelDeployment', ({ status }) => {
    status.versions[0].source = signed
  })
  await cluster.settle()
  assert.equal(cluster.model().status?.versions?.[0]?.source, 'https://models.example/m.tar.gz')
})
