/** Models without a volume: each pod imports by itself what the first import has found. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { type ClusterOptions, type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'

const first = 'v_20261123_100001'
const second = 'v_20261123_100002'
const digest = `sha256:${'0'.repeat(64)}`
const oldSource = { uri: 'hf://acme/encoder@main', secretRef: { name: 'hub' } }

const ephemeral = (options: ClusterOptions = {}, storage = {}): Promise<TestCluster> =>
  settledCluster({
    model: modelDeployment({
      spec: { model: { source: oldSource }, storage: { mode: 'Ephemeral', size: '1Gi', ...storage } },
    }),
    ...options,
  })
const templateOf = (cluster: TestCluster): Draft => (cluster.find('Deployment') as Draft).spec.template
const flagOf = ({ args }: Draft, name: string): string | undefined =>
  args.find((one: string) => one.startsWith(`${name}=`))?.slice(name.length + 1)
const told = (container: Draft) =>
  ['--source', '--version-id', '--version-digest'].map((name) => flagOf(container, name))
const isServer = (pod: LivePod): boolean => pod.metadata.labels?.[labels.track] !== undefined
const jobsOf = (cluster: TestCluster): number =>
  cluster.writes.filter(({ kind, verb }) => kind === 'Job' && verb !== 'remove').length

test('no claim is made, and each serving pod imports the version of the first import into its own folder', async () => {
  const cluster = await ephemeral()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.all('PersistentVolumeClaim').length, 0)
  const { initContainers, containers, volumes } = templateOf(cluster).spec
  const [own] = initContainers
  assert.deepEqual(told(own), [oldSource.uri, first, digest])
  assert.deepEqual(
    own.env.filter(({ valueFrom }: Draft) => valueFrom).map(({ name }: Draft) => name),
    ['GANTRY_SOURCE_HF_TOKEN'],
  )
  assert.ok(
    !containers.some(({ env }: Draft) => env.some(({ name }: Draft) => name.startsWith('GANTRY_SOURCE'))),
  )
  assert.deepEqual(volumes.find(({ name }: Draft) => name === 'models').emptyDir, { sizeLimit: '1Gi' })
  assert.equal(containers[0].resources.limits['ephemeral-storage'], `${3 * 1024}Mi`)
  const policy = cluster.find('NetworkPolicy', 'intents.source') as Draft
  assert.ok(policy.spec.egress.some(({ ports }: Draft) => ports.some(({ port }: Draft) => port === 443)))
})

test('a settled model is not written to, and a model with a volume has none of this', async () => {
  const cluster = await ephemeral()
  cluster.writes.length = 0
  await cluster.settle()
  assert.deepEqual(cluster.writes, [])
  const usual = await settledCluster()
  assert.equal(templateOf(usual).spec.initContainers, undefined)
  assert.equal(usual.find('NetworkPolicy', 'intents.source'), undefined)
  assert.equal(usual.model().status?.versions?.[0]?.importedFrom, undefined)
})

test('pods of a version keep the source of their version while another one is imported', async () => {
  let isImporting = false
  const waiting = { phase: 'Pending', containerStatuses: [{ name: 'import', state: { waiting: {} } }] }
  const cluster = await ephemeral({ stuck: (pod) => (isImporting && !isServer(pod) ? waiting : undefined) })
  const before = templateOf(cluster)
  isImporting = true
  await cluster.change((spec) => {
    spec.model.source = { uri: 'https://models.example/2.tar.gz' }
  })
  assert.equal(cluster.condition('Ready')?.reason, 'Importing')
  assert.deepEqual(templateOf(cluster), before)
})

test('a rollback imports the old version again from where it came, without another Job', async () => {
  const cluster = await ephemeral()
  await cluster.change((spec) => {
    spec.model.source = { uri: 'https://models.example/2.tar.gz' }
  })
  assert.deepEqual(told(templateOf(cluster).spec.initContainers[0]), [
    ...['https://models.example/2.tar.gz', second, digest],
  ])
  cluster.writes.length = 0
  await cluster.change((spec) => {
    spec.model.version = first
  })
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.deepEqual(told(templateOf(cluster).spec.initContainers[0]), [oldSource.uri, first, digest])
  assert.equal(jobsOf(cluster), 0)
})

test('a pod that finds other files is not ready and says so, and what serves goes on', async () => {
  const message = JSON.stringify({
    outcome: 'failed',
    reason: 'DigestMismatch',
    message: 'the source has other files than when this version was imported first',
    retry: 'never',
  })
  const terminated = { exitCode: 1, reason: 'Error', message }
  const status = {
    name: 'gantry-import',
    ready: false,
    restartCount: 2,
    state: {},
    lastState: { terminated },
  }
  let isChanged = false
  const cluster = await ephemeral({
    stuck: (pod) =>
      isChanged && isServer(pod) && pod.metadata.labels?.[labels.version] === second
        ? { phase: 'Pending', initContainerStatuses: [status] }
        : undefined,
  })
  isChanged = true
  await cluster.change((spec) => {
    spec.model.source = { uri: 'https://models.example/2.tar.gz' }
  })
  const ready = cluster.condition('Ready')
  assert.equal(ready?.reason, 'DigestMismatch')
  assert.match(
    ready?.message ?? '',
    /cannot import its version: the source has other files.*v_20261123_100001 serves/,
  )
  assert.equal(cluster.condition('Available')?.status, 'True')
  assert.equal(cluster.model().status?.activeVersion, first)
})

test('status keeps as many versions as spec says, and those that serve', async () => {
  const cluster = await ephemeral()
  await cluster.change((spec) => {
    spec.versionHistoryLimit = 2
  })
  for (const version of ['a', 'b', 'c'])
    await cluster.change((spec) => {
      spec.model.version = version
    })
  const kept = () => cluster.model().status?.versions?.map(({ label }) => label)
  assert.deepEqual(kept(), ['b', 'c'])
  await cluster.settle()
  assert.deepEqual(kept(), ['b', 'c'])
})
