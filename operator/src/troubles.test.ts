/** The bad-input table: whatever goes wrong with a new version is told in the status, and the old one serves on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ImportFailure } from '@gantry/contract/importing.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import { ApiError, type KubernetesObject } from './kubernetes.ts'
import type { LiveEvent, LivePod } from './live.ts'
import { type ClusterOptions, type Draft, type TestCluster, testCluster } from './testing/cluster.ts'
import { modelDeployment } from './testing/model-deployment.ts'

interface Trouble {
  readonly name: string
  readonly reason: string
  readonly tells: RegExp
  readonly condition?: 'Stalled' | 'Reconciling'
  /** How the cluster fares once the trouble begins. */
  readonly options?: ClusterOptions
  readonly spec?: (spec: Draft) => void
  /** What else happens then. */
  readonly happens?: (cluster: TestCluster) => void
}

const first = 'v_20261123_100001'
const isImport = (pod: LivePod): boolean => pod.metadata.labels?.[labels.component] === components.import
const isOld = (pod: LivePod): boolean => pod.metadata.labels?.[labels.version] === first

const importFails = (reason: ImportFailure, message: string): Trouble => ({
  name: `the import fails with ${reason}`,
  reason,
  tells: new RegExp(`${message}.*kubectl -n demo delete job intents-import-`),
  options: { imports: () => ({ outcome: 'failed', reason, message, retry: 'never' }) },
})
const waits = (reason: string, message: string): LivePod['status'] => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'any', state: { waiting: { reason, message } } }],
})
const unscheduled = (message: string): LivePod['status'] => ({
  phase: 'Pending',
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
})
const ended = (exitCode: number, reason: string, message?: string): LivePod['status'] => ({
  phase: 'Failed',
  containerStatuses: [
    { name: 'import', state: { terminated: { exitCode, reason, ...(message ? { message } : {}) } } },
  ],
})
const event = (cluster: TestCluster, about: KubernetesObject, reason: string, message: string): void => {
  const { kind, metadata } = about
  const involvedObject = { kind, name: metadata.name, uid: metadata.uid }
  const name = `${metadata.name}.${reason}`
  const told: LiveEvent = {
    ...{ apiVersion: 'v1', kind: 'Event', metadata: { name, namespace: 'demo' } },
    ...{ involvedObject, reason, message, type: 'Warning' },
  } as LiveEvent
  cluster.store.store(told)
}
const eventOnce = (cluster: TestCluster, kind: string, reason: string, message: string): void => {
  for (const object of cluster.all(kind)) event(cluster, object, reason, message)
}
const refuse = (cluster: TestCluster, kind: string, error: ApiError): void => {
  cluster.faults.before = (write) => {
    if (write.kind === kind && write.verb !== 'remove') throw error
  }
}
const stuckImport = (status: LivePod['status']): ClusterOptions => ({
  stuck: (pod) => (isImport(pod) ? status : undefined),
})
const stuckServer = (status: LivePod['status']): ClusterOptions => ({
  stuck: (pod) => (isImport(pod) || isOld(pod) ? undefined : status),
})

const troubles: readonly Trouble[] = [
  importFails('SourceNotFound', 'https://models.example/2.tar.gz answered 404.'),
  importFails('SourceForbidden', 'https://models.example/2.tar.gz answered 401.'),
  importFails('DigestMismatch', 'The file has sha256 ab and not cd.'),
  importFails('NotOnnx', 'model.onnx is not an ONNX file.'),
  importFails('UnsafePath', 'The archive holds ../escape.'),
  importFails('VolumeFull', 'The volume has no room for 4 GiB. Raise spec.storage.size.'),
  {
    name: 'the source does not answer',
    reason: 'SourceUnreachable',
    condition: 'Reconciling',
    tells: /No answer\. Attempt \d+ failed; the next one starts at 2026-/,
    options: {
      imports: () => ({
        outcome: 'failed',
        reason: 'SourceUnreachable',
        message: 'No answer.',
        retry: 'backoff',
      }),
    },
  },
  {
    name: 'the import is killed for its memory',
    reason: 'ImportFailed',
    tells: /OOMKilled/,
    options: stuckImport(ended(137, 'OOMKilled')),
  },
  {
    name: 'the import ends without a report',
    reason: 'ImportFailed',
    tells: /exit code 1\. Its last words: no such option/,
    options: stuckImport(ended(1, 'Error', 'node starts\n{"level":"error","message":"no such option"}\n')),
  },
  {
    name: 'the node of the import goes away',
    reason: 'ImportFailed',
    condition: 'Reconciling',
    tells: /The node was shutting down.*next one starts/,
    options: stuckImport({ phase: 'Failed', reason: 'Terminated', message: 'The node was shutting down' }),
  },
  {
    name: 'a file source that is not allowed',
    reason: 'FileSourceNotAllowed',
    tells: /ALLOW_FILE_SOURCES/,
    spec: (spec) => {
      spec.model.source.uri = 'file:///models/intents'
    },
  },
  {
    name: 'a path that leads out of its claim',
    reason: 'UnsafePath',
    tells: /inside the claim/,
    spec: (spec) => {
      spec.model.source.uri = 'pvc://models/../../etc'
    },
  },
  {
    name: 'the Secret of the source is missing',
    reason: 'MissingSecret',
    tells: /Secret credentials does not exist in namespace demo/,
    options: stuckImport(waits('CreateContainerConfigError', 'secret "credentials" not found')),
  },
  {
    name: 'the ConfigMap of the source is missing',
    reason: 'MissingConfigMap',
    tells: /ConfigMap tiny does not exist in namespace demo/,
    spec: (spec) => {
      spec.model.source = { configMapRef: { name: 'tiny' } }
    },
    options: stuckImport(waits('ContainerCreating', '')),
    happens: (cluster) =>
      eventOnce(cluster, 'Pod', 'FailedMount', 'MountVolume.SetUp failed: configmap "tiny" not found'),
  },
  {
    name: 'the claim of the source is missing',
    reason: 'SourceNotFound',
    tells: /PersistentVolumeClaim shared of spec\.model\.source\.uri does not exist/,
    spec: (spec) => {
      spec.model.source.uri = 'pvc://shared/intents'
    },
    options: stuckImport(unscheduled('0/1 nodes are available: persistentvolumeclaim "shared" not found.')),
  },
  {
    name: 'a volume cannot be attached',
    reason: 'VolumeNotMounted',
    condition: 'Reconciling',
    tells: /ReadWriteMany/,
    options: stuckServer(waits('ContainerCreating', '')),
    happens: (cluster) => eventOnce(cluster, 'Pod', 'FailedAttachVolume', 'Multi-Attach error for volume'),
  },
  {
    name: 'no node has a GPU free',
    reason: 'Unschedulable',
    condition: 'Reconciling',
    tells: /No node has enough nvidia\.com\/gpu free/,
    options: stuckServer(unscheduled('0/1 nodes are available: 1 Insufficient nvidia.com/gpu.')),
  },
  {
    name: 'the server image cannot be pulled',
    reason: 'ImagePull',
    tells: /Image registry\.example\/inference-server:1 .*pull secrets/,
    options: stuckServer(waits('ImagePullBackOff', 'Back-off pulling image')),
  },
  {
    name: 'the import image cannot be pulled',
    reason: 'ImagePull',
    tells: /not found in registry/,
    options: stuckImport(waits('ErrImagePull', 'not found in registry')),
  },
  {
    name: 'the server crashes',
    reason: 'ServerCrashLoop',
    tells: /exit code 1\. Its last words: the model has no input/,
    options: {
      starts: (id) =>
        id === first ? 'ready' : { crash: '{"level":"error","message":"the model has no input"}\n' },
    },
  },
  {
    name: 'the server needs more memory than it has',
    reason: 'OOMKilled',
    tells: /spec\.serve\.resources\.limits\.memory/,
    options: stuckServer({
      phase: 'Running',
      containerStatuses: [
        {
          name: 'server',
          restartCount: 1,
          lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
        },
      ],
    }),
  },
  {
    name: 'the API server refuses an object',
    reason: 'ApplyRefused',
    tells: /HorizontalPodAutoscaler demo\/intents: metrics\[0\] is invalid/,
    spec: (spec) => {
      spec.autoscaling = { minReplicas: 1, maxReplicas: 2, metrics: [{ type: 'Nonsense' }] }
    },
    happens: (cluster) =>
      refuse(cluster, 'HorizontalPodAutoscaler', new ApiError(422, 'Invalid', 'metrics[0] is invalid')),
  },
  {
    name: 'a quota has no room for the autoscaler',
    reason: 'QuotaRefused',
    tells: /exceeded quota: tight.*Raise the quota/,
    spec: (spec) => {
      spec.autoscaling = { minReplicas: 1, maxReplicas: 2 }
    },
    happens: (cluster) =>
      refuse(cluster, 'HorizontalPodAutoscaler', new ApiError(403, 'Forbidden', 'exceeded quota: tight')),
  },
]

/** Shorter than the wait for another attempt, which would not end either. */
const patienceMs = 5_000

const begin = (cluster: TestCluster, { spec, happens }: Trouble): void => {
  cluster.edit('ModelDeployment', (model) => {
    model.spec.model.source.uri = 'https://models.example/2.tar.gz'
    spec?.(model.spec)
    if (model.spec.model.source.configMapRef) delete model.spec.model.source.uri
  })
  happens?.(cluster)
}

for (const trouble of troubles) {
  const { name, reason, tells, condition = 'Stalled' } = trouble
  test(`${name}: ${condition} with ${reason}, an Event, and the old version serves on`, async () => {
    let isTrouble = false
    const { imports, starts, stuck } = trouble.options ?? {}
    const cluster = testCluster({
      imports: (...args) => (isTrouble ? imports?.(...args) : undefined),
      starts: (...args) => (isTrouble && starts ? starts(...args) : 'ready'),
      stuck: (pod) => (isTrouble ? stuck?.(pod) : undefined),
    })
    await cluster.settle()
    isTrouble = true
    begin(cluster, trouble)
    await cluster.settle(patienceMs)
    trouble.happens?.(cluster) // once more, about what has been made since
    await cluster.settle(patienceMs)
    assert.equal(cluster.condition(condition)?.status, 'True')
    assert.equal(cluster.condition(condition)?.reason, reason)
    assert.match(cluster.condition(condition)?.message ?? '', tells)
    assert.equal(cluster.condition('Ready')?.status, 'False')
    assert.equal(cluster.condition('Available')?.status, 'True')
    const told = cluster
      .all<LiveEvent>('Event')
      .filter((one) => one.involvedObject?.kind === 'ModelDeployment')
    assert.ok(told.some((one) => one.reason === reason && one.type === 'Warning'))
    const serving = cluster.all<LivePod>('Pod').filter((pod) => isOld(pod) && pod.status?.phase === 'Running')
    assert.ok(serving.length > 0 || reason.endsWith('Refused'), 'the old version serves on')
    assert.notEqual(cluster.model().status?.activeVersion, undefined)
  })
}

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

test('an import that gets no pod is Stalled with the quota that refuses it', async () => {
  const cluster = testCluster()
  await cluster.pass()
  const message = 'pods "intents-import" is forbidden: exceeded quota: tight'
  eventOnce(cluster, 'Job', 'FailedCreate', message)
  await cluster.pass()
  assert.equal(cluster.condition('Stalled')?.reason, 'QuotaRefused')
})

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
      if (result.kind === 'waiting' && result.reason === 'SourceUnreachable') {
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
