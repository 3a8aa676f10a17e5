/** What the status says of a trouble is about what its reader can see and change. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { type Draft, testCluster } from '../../testing/cluster.ts'
import { eventOnce, waits } from '../../testing/trouble.ts'

const isImport = (pod: LivePod): boolean => pod.metadata.labels?.[labels.component] === components.import
const secrets: readonly (readonly [string, (serve: Draft) => void, string, RegExp])[] = [
  [
    'an API key that is too short',
    (serve) => {
      serve.auth = { apiKeySecretRef: { name: 'callers' } }
    },
    'API key "ann" is shorter than 16 characters; make one with: openssl rand -hex 24',
    /Secret callers of spec\.serve\.auth\.apiKeySecretRef: API key "ann" is shorter/,
  ],
  [
    'a certificate whose file is missing',
    (serve) => {
      serve.tls = { secretRef: { name: 'certificate' } }
    },
    "the TLS file /secrets/tls/tls.crt cannot be read: ENOENT: no such file or directory, open '/secrets/tls/tls.crt'",
    /Secret certificate of spec\.serve\.tls\.secretRef has no key tls\.crt\./,
  ],
  [
    'a certificate that is none',
    (serve) => {
      serve.tls = { secretRef: { name: 'certificate' } }
    },
    '/secrets/tls/tls.crt is no certificate in PEM: bad base64',
    /Secret certificate of spec\.serve\.tls\.secretRef: tls\.crt is no certificate in PEM/,
  ],
  [
    'a key of the request log that is none',
    (serve) => {
      serve.requestLog = { mode: 'encrypted', keySecretRef: { name: 'log' } }
    },
    'key "a" of the request log is no Fernet key; make one',
    /Secret log of spec\.serve\.requestLog\.keySecretRef: key "a" of the request log is no Fernet key/,
  ],
]

for (const [what, set, crash, tells] of secrets)
  test(`${what}: the Secret's field is named, and not the model's`, async () => {
    const cluster = testCluster({ starts: () => ({ crash }) })
    cluster.edit('ModelDeployment', ({ spec }: Draft) => set(spec.serve))
    await cluster.settle()
    const { reason, message = '' } = cluster.condition('Stalled') ?? {}
    assert.equal(reason, 'ServerCrashLoop')
    assert.match(message, tells)
    assert.doesNotMatch(message, /spec\.model|ENOENT|\/secrets\//)
    assert.match(message, /starts by itself/)
  })

test('a new version that does not stay up: the old one is named, which serves', async () => {
  const first = 'v_20261123_100001'
  const cluster = testCluster({ starts: (id) => (id === first ? 'ready' : { crash: 'bad shape' }) })
  await cluster.settle()
  await cluster.change((spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  assert.match(cluster.condition('Stalled')?.message ?? '', new RegExp(`${first} serves meanwhile`))
})

test('a name that is taken: what of the model stands, and when it is tried again', async () => {
  const cluster = testCluster()
  await cluster.settle()
  cluster.edit('Service', ({ metadata }) => {
    metadata.ownerReferences = []
  })
  await cluster.pass()
  const { reason, message = '' } = cluster.condition('Stalled') ?? {}
  assert.equal(reason, 'NameTaken')
  assert.match(
    message,
    /Of this ModelDeployment there are: .*PersistentVolumeClaim intents.*Deployment intents/,
  )
  assert.match(message, /tried again every 60 s/)
  const other = testCluster()
  other.store.store({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'intents', namespace: 'demo' } })
  await other.pass()
  assert.match(other.condition('Stalled')?.message ?? '', /Nothing of this ModelDeployment has been created/)
})

test('a command that costs an outage says so', async () => {
  const cluster = testCluster()
  await cluster.settle()
  cluster.edit('PersistentVolumeClaim', ({ metadata }) => {
    metadata.deletionTimestamp = '2026-11-23T10:00:00Z'
  })
  await cluster.pass()
  assert.match(cluster.condition('Stalled')?.message ?? '', /which is an outage.*delete pods/)
})

describe('a mount that fails', () => {
  const mounting = async (count: number, seen: string) => {
    const cluster = testCluster({
      stuck: (pod) => (isImport(pod) ? waits('ContainerCreating', '') : undefined),
    })
    await cluster.pass()
    for (let step = 0; step < 3; step += 1) cluster.step()
    eventOnce(cluster, 'Pod', 'FailedMount', seen)
    for (const { metadata } of cluster.all('Event'))
      if (metadata.name.endsWith('FailedMount'))
        cluster.edit('Event', (event) => Object.assign(event, { count }), metadata.name)
    await cluster.pass()
    return cluster.condition('Ready')
  }
  test('once is no trouble yet', async () => {
    assert.equal((await mounting(1, 'timed out'))?.reason, 'Importing')
  })
  test('again and again is one', async () => {
    assert.equal((await mounting(3, 'timed out'))?.reason, 'VolumeNotMounted')
  })
})
