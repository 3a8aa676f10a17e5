/** A user who creates pods with Gantry's labels does not speak for a model. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject, OwnerReference } from '@gantry/kube/objects.ts'
import { settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { waits } from '../../testing/trouble.ts'

const foreignVersion = 'v_20301231_235959'

const ready: LivePod['status'] = {
  phase: 'Running',
  podIP: '10.0.0.1#a-stranger',
  conditions: [{ type: 'Ready', status: 'True' }],
}

/** A pod that looks as the model's own do, but for whom it belongs to. */
const strangersPod = (
  cluster: TestCluster,
  component: string,
  owner: Partial<OwnerReference> | undefined,
  status: LivePod['status'] = ready,
): void => {
  const own = cluster
    .all<LivePod>('Pod')
    .find(({ metadata }) => metadata.labels?.[labels.component] === component)
  assert.ok(own)
  const ownerReferences = owner && [
    { apiVersion: 'v1', kind: 'Any', name: 'x', uid: 'x', controller: true, ...owner },
  ]
  const metadata = {
    name: 'a-stranger',
    namespace: 'demo',
    creationTimestamp: '2030-01-01T00:00:00Z', // newest first
    labels: { ...own.metadata.labels, [labels.version]: foreignVersion },
    ...(ownerReferences ? { ownerReferences } : {}),
  }
  const { apiVersion, kind, spec } = own
  cluster.store.store({ apiVersion, kind, metadata, spec, status } as KubernetesObject)
}

const asked = (cluster: TestCluster): Set<string> => {
  const seen = new Set<string>()
  const { served } = cluster.world
  Object.assign(cluster.world, {
    served: (...args: Parameters<typeof served>) => {
      seen.add(args[0].ip.split('#')[1] ?? '')
      return served(...args)
    },
  })
  return seen
}

const uidOf = (cluster: TestCluster, kind: string): string => cluster.all(kind)[0]?.metadata.uid ?? ''
const owners: Readonly<Record<string, (cluster: TestCluster) => Partial<OwnerReference> | undefined>> = {
  'no owner': () => undefined,
  'another ReplicaSet': () => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'intents-5d8f',
    uid: 'another',
  }),
  'the Deployment itself': (cluster) => ({ kind: 'Deployment', uid: uidOf(cluster, 'Deployment') }),
  'the ModelDeployment itself': (cluster) => ({
    kind: 'ModelDeployment',
    uid: uidOf(cluster, 'ModelDeployment'),
  }),
  'a ReplicaSet that does not control it': (cluster) => ({
    ...{ kind: 'ReplicaSet', uid: uidOf(cluster, 'ReplicaSet'), controller: false },
  }),
}

for (const [owner, referenceOf] of Object.entries(owners)) {
  test(`a pod with our labels that belongs to ${owner} is not asked and not counted`, async () => {
    const cluster = await settledCluster()
    const before = cluster.model().status
    strangersPod(cluster, components.server, referenceOf(cluster))
    const seen = asked(cluster)
    await cluster.pass()
    assert.deepEqual([...seen].length, 1)
    assert.ok(!seen.has('a-stranger'))
    assert.deepEqual(cluster.model().status, before)
  })
}

test('a pod of a ReplicaSet that belongs to another Deployment is not asked', async () => {
  const cluster = await settledCluster()
  const [own] = cluster.all('ReplicaSet')
  assert.ok(own)
  const reference = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'intents',
    uid: 'another',
    controller: true,
  }
  const metadata = { ...own.metadata, name: 'intents-forged', uid: 'forged', ownerReferences: [reference] }
  cluster.store.store({ ...own, metadata })
  strangersPod(cluster, components.server, { kind: 'ReplicaSet', name: 'intents-forged', uid: 'forged' })
  const seen = asked(cluster)
  await cluster.pass()
  assert.ok(!seen.has('a-stranger'))
})

test('the troubles of a stranger’s pod are not told as the model’s', async () => {
  const cluster = await settledCluster()
  strangersPod(cluster, components.server, undefined, waits('ErrImagePull', 'not ours'))
  await cluster.pass()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('Stalled')?.status, 'False')
})

test('a stranger’s pod with the labels of an import reports nothing and holds no import up', async () => {
  const running = { phase: 'Running' }
  const cluster = await settledCluster({
    stuck: ({ metadata }) => (metadata.name === 'a-stranger' ? running : undefined),
  })
  strangersPod(cluster, components.import, undefined, running)
  await cluster.change((spec) => {
    spec.model.version = 'two'
  })
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.deepEqual(
    cluster.model().status?.versions?.map(({ label }) => label),
    [undefined, 'two'],
  )
})

test('pods of the versions before and after count while one gives way to the other', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.model.version = 'two'
  })
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.model().status?.activeVersion, cluster.model().status?.versions?.[1]?.id)
})
