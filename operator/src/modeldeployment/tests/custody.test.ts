/** What the operator hands on, checks and records of where a version comes from and what became of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveJob } from '@gantry/kube/live.ts'
import { type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { settingsOf } from '../desired/settings.ts'

const first = 'v_20261123_100001'
const second = 'v_20261123_100002'
const pem = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n'

const settings = (cluster: TestCluster): Draft =>
  JSON.parse((cluster.all('ConfigMap') as Draft[])[0]?.data['settings.json'] ?? '')
const importContainer = (cluster: TestCluster): Draft =>
  (cluster.all<LiveJob>('Job') as Draft[]).at(-1)?.spec.template.spec.containers[0]
const told = (cluster: TestCluster, id: string): readonly string[] | undefined =>
  cluster
    .model()
    .status?.versions?.find((version) => version.id === id)
    ?.rollout?.map(({ what, why }) => (why ? `${what}: ${why}` : what))

test('the server gets the digest of its version beside the volume', async () => {
  const cluster = await settledCluster()
  const [version] = cluster.model().status?.versions ?? []
  assert.match(version?.digest ?? '', /^sha256:/)
  assert.equal(settings(cluster).digest, version?.digest)
})

test('the server gets the digest of the record, too, unless its pod imports by the rules of its own image', () => {
  const hex = 'a'.repeat(64)
  const version = { id: first, digest: `sha256:${hex}`, recordDigest: `sha256:${hex}` }
  assert.equal(settingsOf(modelDeployment(), version).recordDigest, version.recordDigest)
  const ephemeral = modelDeployment({ spec: { storage: { mode: 'Ephemeral' } } })
  assert.equal(settingsOf(ephemeral, version).recordDigest, undefined)
  assert.equal(settingsOf(ephemeral, version).digest, version.digest)
})

test('an import says who asks, and a change of spec that it is not about starts no other', async () => {
  const cluster = await settledCluster()
  const { uid, generation, namespace, name } = cluster.model().metadata
  const asked = JSON.stringify({ uid, generation, namespace, name })
  assert.ok(importContainer(cluster).args.includes(`--requested-by=${asked}`))
  const jobs = () => cluster.writes.filter(({ kind, verb }) => kind === 'Job' && verb === 'create').length
  const before = jobs()
  await cluster.change((spec) => {
    spec.serve.threads = 3
  })
  assert.equal(jobs(), before)
})

test('a key that has to have signed the source reaches the import, and another key imports the source again', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.model.source.signature = { publicKey: pem }
  })
  assert.ok(importContainer(cluster).args.includes(`--public-key=${pem}`))
  assert.equal(cluster.model().status?.activeVersion, second)
  await cluster.change((spec) => {
    spec.model.source.signature = { publicKeySecretRef: { name: 'release' } }
  })
  assert.deepEqual(
    importContainer(cluster).env.find((one: Draft) => one.name === 'GANTRY_SOURCE_publicKey'),
    {
      name: 'GANTRY_SOURCE_publicKey',
      valueFrom: { secretKeyRef: { name: 'release', key: 'publicKey' } },
    },
  )
  assert.notEqual(cluster.model().status?.activeVersion, second)
})

test('damage to the files of a version that serves is told, and it serves on', async () => {
  let damage: string | undefined
  const cluster = await settledCluster({ damage: () => damage })
  assert.equal(cluster.condition('Ready')?.status, 'True')
  damage = `the files of ${first} are not those that were imported: 1 file is changed`
  cluster.advance(60_000)
  await cluster.pass()
  assert.equal(cluster.condition('Stalled')?.reason, 'DigestMismatch')
  assert.match(
    cluster.condition('Stalled')?.message ?? '',
    /answers by what it has loaded.*1 file is changed/,
  )
  assert.equal(cluster.condition('Available')?.status, 'True')
  assert.equal(cluster.condition('Degraded')?.status, 'True')
  assert.ok((cluster.all('Event') as Draft[]).some(({ reason }) => reason === 'DigestMismatch'))
  const written = cluster.writes.length
  cluster.advance(60_000)
  await cluster.pass()
  assert.equal(cluster.writes.length, written, 'what is told is not written again')
  damage = undefined
  cluster.advance(60_000)
  await cluster.pass()
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

test('a version keeps the lines of what became of it', async () => {
  const cluster = await settledCluster()
  assert.deepEqual(told(cluster, first), ['Serving'])
  await cluster.change((spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  assert.deepEqual(told(cluster, first), ['Serving', `Replaced: ${second} serves instead.`])
  assert.deepEqual(told(cluster, second), ['Serving'])
  await cluster.change((spec) => {
    spec.model.version = first
  })
  assert.deepEqual(told(cluster, first)?.length, 3)
  assert.deepEqual(told(cluster, second), ['Serving', `Replaced: ${first} serves instead.`])
})

test('of many lines the first and the newest stay', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  const began = cluster.model().status?.versions?.[0]?.rollout?.[0]?.at
  for (let turn = 0; turn < 9; turn += 1)
    for (const id of [first, second])
      await cluster.change((spec) => {
        spec.model.version = id
      })
  const lines = cluster.model().status?.versions?.[0]?.rollout ?? []
  assert.equal(lines.length, 16)
  assert.equal(lines[0]?.at, began)
  assert.equal(lines.at(-1)?.what, 'Replaced')
})
