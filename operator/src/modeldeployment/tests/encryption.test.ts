/** Versions are encrypted under a key that spec names, and their keys are exchanged without an import. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'

const under = (key: string) => ({ encryptionKeySecretRef: { name: 'model-keys', key } })
const useKey = (cluster: TestCluster, key: string | undefined): Promise<void> =>
  cluster.change((spec) => {
    if (key === undefined) delete spec.storage.encryptionKeySecretRef
    else Object.assign(spec.storage, under(key))
  })
const keysOf = (cluster: TestCluster) =>
  (cluster.model().status?.versions ?? []).map(({ encryptionKey }) => encryptionKey)
const settings = (cluster: TestCluster): Record<string, unknown> => {
  const [map] = cluster.all<KubernetesObject & { data: Record<string, string> }>('ConfigMap')
  return JSON.parse(map?.data['settings.json'] ?? '')
}
const secretsOf = ({ spec }: LivePod): readonly unknown[] =>
  (spec?.volumes ?? []).flatMap(({ name }) => (name === 'encryption-keys' ? [name] : []))
const encrypted = () => settledCluster({ model: modelDeployment({ spec: { storage: under('k1') } }) })

test('imports and serves with the keys, which are mounted in these pods alone', async () => {
  const cluster = await encrypted()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.deepEqual(keysOf(cluster), ['k1'])
  assert.equal(settings(cluster)['encryptionKeys'], '/secrets/encryption')
  for (const pod of cluster.all<LivePod>('Pod')) assert.deepEqual(secretsOf(pod), ['encryption-keys'])
})

test('another key is taken over by a Job that imports nothing, and no pod is replaced', async () => {
  const cluster = await encrypted()
  await cluster.change((spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  assert.deepEqual(keysOf(cluster), ['k1', 'k1'])
  const pods = (): readonly (string | undefined)[] =>
    cluster
      .all<LivePod>('Pod')
      .filter(({ metadata }) => metadata.labels?.['gantry.dev/track'] === 'stable')
      .map(({ metadata }) => metadata.uid)
      .sort()
  const before = pods()
  assert.ok(before.length > 0)
  await useKey(cluster, 'k2')
  assert.deepEqual(keysOf(cluster), ['k2', 'k2'])
  assert.deepEqual(pods(), before)
  assert.equal(cluster.condition('Ready')?.status, 'True')
  const jobs = cluster.all<LiveJob>('Job').length
  await useKey(cluster, 'k1')
  assert.deepEqual(keysOf(cluster), ['k1', 'k1'], 'and back again')
  assert.ok(cluster.all<LiveJob>('Job').length <= jobs, 'a Job goes once its result is in status')
})

test('keys that cannot be exchanged are told of, and what serves goes on', async () => {
  const message =
    'the version is encrypted under the key k1, which the Secret does not have; put that entry back'
  const cluster = await settledCluster({
    model: modelDeployment({ spec: { storage: under('k1') } }),
    imports: (source) =>
      source === 'rewrap'
        ? { outcome: 'failed', reason: 'EncryptionKeyUnusable', message, retry: 'never' }
        : undefined,
  })
  await useKey(cluster, 'k2')
  const ready = cluster.condition('Ready')
  assert.equal(ready?.reason, 'EncryptionKeyUnusable')
  assert.match(
    ready?.message ?? '',
    /under the key k1, which the Secret does not have; put that entry back\..* To try again, change the key of spec\.storage\.encryptionKeySecretRef, or: kubectl/,
  )
  assert.equal(cluster.condition('Available')?.status, 'True')
  assert.deepEqual(keysOf(cluster), ['k1'])
})

test('a model in the clear is imported again when its storage is encrypted, and served as it was until then', async () => {
  const cluster = await settledCluster()
  assert.equal(settings(cluster)['encryptionKeys'], undefined)
  await useKey(cluster, 'k1')
  assert.deepEqual(keysOf(cluster), [undefined, 'k1'])
  assert.equal(settings(cluster)['encryptionKeys'], '/secrets/encryption')
  const [first] = cluster.model().status?.versions ?? []
  await cluster.change((spec) => {
    spec.model.version = first?.id
  })
  assert.equal(settings(cluster)['encryptionKeys'], undefined, 'a version in the clear is served as one')
})
