/** The table of bad input: each failure of a new version is reported in the status, and the old version serves on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ImportFailure } from '@gantry/contract/importing.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import { digestMismatchExit } from '@gantry/contract/server.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LiveEvent, LivePod } from '@gantry/kube/live.ts'
import { type ClusterOptions, type Draft, type TestCluster, testCluster } from '../../testing/cluster.ts'
import { ended, eventOnce, unscheduled, waits } from '../../testing/trouble.ts'

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
    tells: /No answer\. It is tried again by itself/,
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
    tells: /limit of 1Gi .*\(OOMKilled\)\. Raise spec\.storage\.import\.resources\.limits\.memory/,
    options: stuckImport(ended(137, 'OOMKilled')),
  },
  {
    name: 'the import is evicted, since it takes more disk than its limit',
    reason: 'ImportFailed',
    tells:
      /did not finish: Pod ephemeral local storage usage exceeds.*spec\.storage\.import\.resources\.limits\.ephemeral-storage/,
    options: stuckImport({
      ...ended(137, 'Error'),
      reason: 'Evicted',
      message: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.',
    }),
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
    tells: /The node was shutting down.*tried again by itself/,
    options: stuckImport({ phase: 'Failed', reason: 'Terminated', message: 'The node was shutting down' }),
  },
  {
    name: 'a file source that is not allowed',
    reason: 'FileSourceNotAllowed',
    tells: /allowFileSources/,
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
    name: 'a key that clients of HTTP would change',
    reason: 'UnsafePath',
    tells: /part "\." or "\.\." in the key/,
    spec: (spec) => {
      spec.model.source.uri = 's3://models/a/../b'
    },
  },
  {
    name: 'an account of an import that is not listed',
    reason: 'PodTemplateNotAllowed',
    tells:
      /spec\.storage\.import\.serviceAccountName "?cloud"? is not allowed here.*podTemplate\.allow\.serviceAccounts/,
    spec: (spec) => {
      spec.storage = { import: { serviceAccountName: 'cloud' } }
    },
  },
  {
    name: 'the Secret of the source is missing',
    reason: 'MissingSecret',
    tells: /Secret credentials does not exist in namespace demo/,
    options: stuckImport(waits('CreateContainerConfigError', 'secret "credentials" not found')),
  },
  {
    name: 'the Secret of the source names no hosts',
    reason: 'SourceForbidden',
    tells: /Secret credentials .*has no key hosts.*add the key, such as hosts: models\.example/,
    options: stuckImport(
      waits('CreateContainerConfigError', "couldn't find key hosts in Secret demo/credentials"),
    ),
    spec: (spec) => {
      spec.model.source.secretRef = { name: 'credentials' }
      spec.model.source.uri = 'https://ann:pass@models.example/2.tar.gz?signature=abc'
    },
  },
  {
    name: 'the Secret of a hub has no token',
    reason: 'SourceForbidden',
    tells: /Secret hub in namespace demo has no key HF_TOKEN.*continues by itself/,
    options: stuckImport(
      waits('CreateContainerConfigError', "couldn't find key HF_TOKEN in Secret demo/hub"),
    ),
    spec: (spec) => {
      spec.model.source.secretRef = { name: 'hub' }
      spec.model.source.uri = 'hf://acme/encoder'
    },
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
    name: 'the Secret with the API keys is missing',
    reason: 'MissingSecret',
    tells: /Secret keys does not exist in namespace demo\..*spec\.serve\.auth\.apiKeySecretRef/,
    spec: (spec) => {
      spec.serve.auth = { apiKeySecretRef: { name: 'keys' } }
    },
    options: stuckServer(waits('ContainerCreating', '')),
    happens: (cluster) =>
      eventOnce(
        cluster,
        'Pod',
        'FailedMount',
        'MountVolume.SetUp failed for volume "api-keys" : secret "keys" not found',
      ),
  },
  {
    name: 'the Secret with the certificate is missing',
    reason: 'MissingSecret',
    tells: /Secret certificate does not exist in namespace demo\..*spec\.serve\.tls\.secretRef/,
    spec: (spec) => {
      spec.serve.tls = { secretRef: { name: 'certificate' } }
    },
    options: stuckServer(waits('ContainerCreating', '')),
    happens: (cluster) =>
      eventOnce(
        cluster,
        'Pod',
        'FailedMount',
        'MountVolume.SetUp failed for volume "tls" : secret "certificate" not found',
      ),
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
    name: 'the files of the version are not those that were imported',
    reason: 'DigestMismatch',
    tells:
      /loads nothing\. the files of v_2 are not those that were imported: 1 file is changed.*gantry fsck.*v_20261123_100001 serves meanwhile/,
    options: stuckServer({
      phase: 'Running',
      containerStatuses: [
        {
          name: 'server',
          restartCount: 1,
          lastState: {
            terminated: {
              exitCode: digestMismatchExit,
              reason: 'Error',
              message:
                'the files of v_2 are not those that were imported: 1 file is changed; look at the whole volume with `gantry fsck`',
            },
          },
        },
      ],
    }),
  },
  {
    name: 'the source is not signed',
    reason: 'SignatureInvalid',
    tells: /model\.sig was made with another key/,
    options: {
      imports: () => ({
        outcome: 'failed',
        reason: 'SignatureInvalid',
        message: 'model.sig was made with another key',
        retry: 'never',
      }),
    },
    spec: (spec) => {
      spec.model.source.signature = { publicKey: '-----BEGIN PUBLIC KEY-----' }
    },
  },
  {
    name: 'the Secret of the key has no key',
    reason: 'SignatureInvalid',
    tells: /Secret release in namespace demo has no key publicKey, so no signature can be verified/,
    options: stuckImport({
      phase: 'Pending',
      containerStatuses: [
        {
          name: 'import',
          state: {
            waiting: {
              reason: 'CreateContainerConfigError',
              message: "couldn't find key publicKey in Secret demo/release",
            },
          },
        },
      ],
    }),
    spec: (spec) => {
      spec.model.source.signature = { publicKeySecretRef: { name: 'release' } }
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
