/** Troubles that are told by something else than a pod of a new version, and how they end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import { conditionOf, type LiveJob, type LivePod } from '@gantry/kube/live.ts'
import { testCluster, testConfig } from '../testing/cluster.ts'
import { modelDeployment } from '../testing/model-deployment.ts'
import { eventOnce, unscheduled, waits } from '../testing/trouble.ts'

const isImport = (pod: LivePod): boolean => pod.metadata.labels?.[labels.component] === components.import

test('an unbound claim is Stalled with what the provisioner says', async () => {
  const cluster = testCluster({
    stuck: () => unscheduled('pod has unbound immediate PersistentVolumeClaims'),
  })
  await cluster.pass()
  cluster.edit('PersistentVolumeClaim', (claim) => {
    claim.status = { phase: 'Pending' }
  })
  eventOnce(cluster, 'PersistentVolumeClaim', 'ProvisioningFailed', 'storageclass "fast" not found')
  await cluster.pass()
  assert.equal(cluster.condition('Stalled')?.reason, 'VolumeUnbound')
  assert.match(
    cluster.condition('Stalled')?.message ?? '',
    /storageclass "fast" not found.*kubectl get storageclass/,
  )
})

test('a claim that waits for its first pod is no trouble', async () => {
  const cluster = testCluster()
  const result = await cluster.pass()
  eventOnce(cluster, 'PersistentVolumeClaim', 'WaitForFirstConsumer', 'waiting for first consumer')
  await cluster.pass()
  assert.equal(cluster.condition('Stalled')?.status, 'False')
  assert.equal(result.kind, 'waiting', 'its Events are not watched')
})

/** What the API server says of a pod that a quota or a LimitRange keeps out, and the reason that the status gives. */
const refusedPods = [
  ['QuotaRefused', 'pods "intents-x" is forbidden: exceeded quota: tight, requested: limits.memory=1Gi'],
  ['QuotaRefused', 'pods "intents-x" is forbidden: failed quota: tight: must specify limits.cpu for: import'],
  [
    'PodRefused',
    'pods "intents-x" is forbidden: [maximum cpu usage per Container is 1, but no limit is specified, maximum memory usage per Container is 512Mi, but limit is 1Gi]',
  ],
  [
    'PodRefused',
    'pods "intents-x" is forbidden: minimum memory usage per Pod is 256Mi, but request is 128Mi',
  ],
] as const

for (const [reason, message] of refusedPods) {
  test(`an import that gets no pod is ${reason} and names the field of imports: ${message.slice(31)}`, async () => {
    const cluster = testCluster()
    await cluster.pass()
    eventOnce(cluster, 'Job', 'FailedCreate', message)
    await cluster.pass()
    const { reason: told, message: words = '' } = cluster.condition('Stalled') ?? {}
    assert.equal(told, reason)
    assert.match(words, /spec\.storage\.import\.resources/)
    assert.doesNotMatch(words, /spec\.serve/)
  })

  test(`a server that gets no pod is ${reason} and names the field of servers: ${message.slice(31)}`, async () => {
    const cluster = testCluster()
    await cluster.settle()
    cluster.edit('Deployment', (deployment) => {
      deployment.status.conditions.push({ type: 'ReplicaFailure', status: 'True', message })
    })
    await cluster.pass()
    const { reason: told, message: words = '' } = cluster.condition('Stalled') ?? {}
    assert.equal(told, reason)
    assert.match(words, /spec\.serve\.resources/)
  })
}

test('an import for which no node has room names the field of imports', async () => {
  const message = '0/3 nodes are available: 3 Insufficient memory.'
  const cluster = testCluster({ stuck: () => unscheduled(message) })
  await cluster.settle(5_000)
  assert.match(
    cluster.condition('Ready')?.message ?? '',
    /ask for less in spec\.storage\.import\.resources\./,
  )
})

for (const [field, storage] of [
  ['the chart value imports.caBundle', {}],
  ['spec.storage.import.caBundle', { import: { caBundle: { configMapRef: { name: 'company-ca' } } } }],
] as const) {
  for (const message of [
    'MountVolume.SetUp failed for volume "ca-bundle" : configmap "company-ca" not found',
    'MountVolume.SetUp failed for volume "ca-bundle" : configmap references non-existent config key: ca.crt',
  ])
    test(`an import waits for the authorities of ${field}: ${message.slice(50)}`, async () => {
      const imports = { ...testConfig.imports, caBundle: { configMap: 'company-ca', key: 'ca.crt' } }
      const model = modelDeployment({ spec: { storage } })
      const cluster = testCluster({ model, config: { imports }, stuck: () => waits('ContainerCreating', '') })
      await cluster.settle(1_000)
      eventOnce(cluster, 'Pod', 'FailedMount', message)
      await cluster.settle(1_000)
      const stalled = cluster.condition('Stalled')
      assert.equal(stalled?.reason, 'MissingConfigMap')
      assert.ok(stalled.message.includes(`in ${field}.`), stalled.message)
    })
}

test('pods that the namespace refuses are told by the Deployment', async () => {
  const cluster = testCluster()
  await cluster.settle()
  cluster.edit('Deployment', (deployment) => {
    const message = 'violates PodSecurity "restricted:latest"'
    deployment.status.conditions.push({ type: 'ReplicaFailure', status: 'True', message })
  })
  await cluster.pass()
  assert.equal(cluster.condition('Stalled')?.reason, 'PodRefused')
})

test('a rollout that makes no progress is Stalled', async () => {
  const cluster = testCluster()
  await cluster.settle()
  cluster.edit('Deployment', (deployment) => {
    deployment.status = { ...deployment.status, availableReplicas: 0, readyReplicas: 0 }
    deployment.status.conditions = [
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
    ]
  })
  await cluster.pass()
  assert.equal(cluster.condition('Stalled')?.reason, 'RolloutTimedOut')
})

test('a source that does not answer is asked again after 10, 20, 40 s and at most every five minutes', async () => {
  const cluster = testCluster({
    imports: () => ({
      outcome: 'failed',
      reason: 'SourceUnreachable',
      message: 'No answer.',
      retry: 'backoff',
    }),
  })
  const delays: number[] = []
  let before = ''
  for (let attempt = 0; attempt < 8; attempt += 1) {
    for (let round = 0; round < 12; round += 1) {
      const result = await cluster.pass()
      const hasFailed = cluster.all<LiveJob>('Job').some((job) => conditionOf(job, 'Failed'))
      if (hasFailed && result.kind === 'waiting' && result.reason === 'SourceUnreachable') {
        delays.push(result.afterMs / 1000)
        before = cluster.all('Job')[0]?.metadata.uid ?? ''
        cluster.advance(result.afterMs)
        await cluster.pass()
        break
      }
      cluster.step()
    }
    assert.notEqual(cluster.all('Job')[0]?.metadata.uid, before)
  }
  assert.deepEqual(delays, [10, 20, 40, 80, 160, 300, 300, 300])
})

test('a report that cannot be read is told, and the same import is not started over and over', async () => {
  const nonsense = { exitCode: 0, message: '{"outcome":"imported","version":{"id":"../../etc"},"pruned":[]}' }
  const cluster = testCluster({
    stuck: (pod) =>
      isImport(pod)
        ? { phase: 'Succeeded', containerStatuses: [{ name: 'import', state: { terminated: nonsense } }] }
        : undefined,
  })
  await cluster.settle()
  assert.equal(cluster.condition('Stalled')?.reason, 'ImportFailed')
  assert.match(cluster.condition('Stalled')?.message ?? '', /cannot be read.*delete job intents-import-/)
  assert.equal(cluster.writes.filter(({ verb, kind }) => verb === 'create' && kind === 'Job').length, 1)
})

test('what is mended goes on by itself', async () => {
  let isMissing = true
  const cluster = testCluster({
    model: modelDeployment({ spec: { model: { source: { secretRef: { name: 'credentials' } } } } }),
    stuck: (pod) =>
      isMissing && isImport(pod)
        ? waits('CreateContainerConfigError', 'secret "credentials" not found')
        : undefined,
  })
  await cluster.settle()
  assert.equal(cluster.condition('Stalled')?.reason, 'MissingSecret')
  isMissing = false
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.condition('Stalled')?.status, 'False')
})

test('a failed import starts anew when its Job is deleted, and when its volume grows', async () => {
  let isFull = true
  const cluster = testCluster({
    imports: () =>
      isFull ? { outcome: 'failed', reason: 'VolumeFull', message: 'No room.', retry: 'never' } : undefined,
  })
  await cluster.settle()
  const [failed] = cluster.all('Job')
  cluster.erase('Job', failed?.metadata.name)
  await cluster.settle()
  assert.notEqual(cluster.all('Job')[0]?.metadata.uid, failed?.metadata.uid)
  assert.equal(cluster.condition('Stalled')?.reason, 'VolumeFull')
  isFull = false
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.storage.size = '20Gi'
  })
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
})
