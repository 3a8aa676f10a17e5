/** Pods of the canary track beside those that serve. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labels } from '@gantry/contract/labels.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { canaryCluster } from '../../testing/canary-track.ts'
import { testManager } from '../../testing/claims.ts'
import type { Draft, TestCluster } from '../../testing/cluster.ts'
import type { Starts } from '../../testing/controllers.ts'
import { memoryCache } from '../../testing/memory-cache.ts'
import { triedCluster } from '../../testing/tried.ts'
import { activeVersion } from '../active-version.ts'
import { costedModels } from '../costed.ts'
import { observe } from '../observe.ts'

const canary = 'v_20270101_000000'

const trackOf = ({ metadata }: LivePod): string | undefined => metadata.labels?.[labels.track]

const observed = (cluster: TestCluster) => {
  const cache = memoryCache(cluster.store)
  cache.sync()
  return observe({ ...cluster.world, cache }, cluster.model())
}

test('pods of a canary do not count as those that serve', async () => {
  const cluster = await canaryCluster(canary)
  const active = cluster.model().status?.activeVersion
  const { servingPods, canaryPods, tracks, ...rest } = await observed(cluster)
  assert.deepEqual(new Set(servingPods.map(trackOf)), new Set(['stable']))
  assert.deepEqual(new Set(canaryPods.map(trackOf)), new Set(['canary']))
  assert.ok(tracks.canary)
  assert.equal(activeVersion({ ...rest, servingPods, canaryPods, tracks }), active)
})

test('pods of a canary cost what they ask for', async () => {
  const cluster = await canaryCluster(canary)
  const cache = memoryCache(cluster.store)
  cache.sync()
  const versions = costedModels(cache, testManager).flatMap(({ pods }) => pods.map(({ version }) => version))
  assert.deepEqual(new Set(versions), new Set([cluster.model().status?.activeVersion, canary]))
})

test('a Deployment of the canary track that nobody asks for is deleted, and what serves goes on', async () => {
  const cluster = await canaryCluster(canary)
  await cluster.settle()
  assert.equal(cluster.find('Deployment', 'intents-canary'), undefined)
  assert.equal(cluster.condition('Ready')?.status, 'True')
})

const versionsOn = (
  cluster: { readonly all: TestCluster['all'] },
  track: string,
): ReadonlySet<string | undefined> =>
  new Set(
    cluster
      .all<LivePod>('Pod')
      .filter((pod) => trackOf(pod) === track)
      .map(({ metadata }) => metadata.labels?.[labels.version]),
  )

test('a new version goes up step by step beside the one that serves, and takes its place', async () => {
  const cluster = await triedCluster()
  const first = cluster.model().status?.activeVersion
  cluster.publish('second')
  const weights: (number | undefined)[] = []
  await cluster.until(() => {
    const weight = cluster.canary()?.weight
    if (weight !== weights.at(-1)) weights.push(weight)
    if (cluster.canary()?.phase === 'Progressing') {
      assert.equal(cluster.model().status?.activeVersion, first)
      assert.deepEqual(versionsOn(cluster, 'stable'), new Set([first]))
    }
    return cluster.model().status?.activeVersion !== first && cluster.canary() === undefined
  })
  assert.deepEqual(weights, [0, 10, 50, undefined])
  await cluster.settle()
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.equal(cluster.find('Deployment', 'intents-canary'), undefined)
})

test('a version that is worse is taken back, and nothing is written any more', async () => {
  const cluster = await triedCluster()
  const first = cluster.model().status?.activeVersion
  cluster.traffic.quality = { canary: 0.5, stable: 0.01 }
  cluster.publish('second')
  await cluster.until(() => cluster.model().status?.rejectedRevision !== undefined)
  await cluster.settle()
  assert.equal(cluster.find('Deployment', 'intents-canary'), undefined)
  assert.equal(cluster.model().status?.activeVersion, first)
  assert.deepEqual(versionsOn(cluster, 'stable'), new Set([first]))
  assert.equal(cluster.condition('Stalled')?.reason, 'CanaryWorse')
  assert.match(cluster.condition('Stalled')?.message ?? '', /has at least .*x as many errors as/)
  assert.equal(cluster.condition('Available')?.status, 'True')
  assert.equal(cluster.model().status?.versions?.at(-1)?.phase, 'RolledBack')
  cluster.writes.length = 0
  await cluster.turn()
  assert.deepEqual(cluster.writes, [])
})

test('without a gateway nothing is tried, and what serves goes on', async () => {
  const cluster = await triedCluster()
  const first = cluster.model().status?.activeVersion
  cluster.traffic.hasGateways = false
  cluster.publish('second')
  await cluster.settle(1_000)
  assert.equal(cluster.condition('Stalled')?.reason, 'GatewayMissing')
  assert.deepEqual(versionsOn(cluster, 'stable'), new Set([first]))
  cluster.traffic.hasGateways = true
  await cluster.until(() => cluster.canary()?.step === 1)
})

test('a model with TLS is tried once the certificate of the gateway names it, and its pods can be verified', async () => {
  const cluster = await triedCluster()
  await cluster.change((spec) => {
    spec.serve = { ...spec.serve, tls: { secretRef: { name: 'certificate' } } }
  })
  const first = cluster.model().status?.activeVersion
  const names = ['intents.demo.svc']
  for (const [tls, sentence] of [
    [undefined, /the gateway has no certificate\. Set gateway\.tls\.secretName .* names intents\.demo\.svc/],
    [{ names: ['*.other.svc'], untrusted: [] }, /does not name intents\.demo\.svc\. Add that name/],
    [
      { names, untrusted: [{ model: 'demo/intents', message: 'self-signed certificate' }] },
      /cannot verify the certificate of its pods \(self-signed certificate\)/,
    ],
  ] as const) {
    cluster.traffic.tls = tls
    cluster.publish('second')
    await cluster.settle(1_000)
    assert.equal(cluster.condition('Stalled')?.reason, 'GatewayMissing')
    assert.match(cluster.condition('Stalled')?.message ?? '', sentence)
    assert.deepEqual(versionsOn(cluster, 'stable'), new Set([first]))
  }
  cluster.traffic.tls = { names: ['*.demo.svc'], untrusted: [] }
  await cluster.until(() => cluster.canary()?.step === 1)
})

test('a canary whose pods do not start leaves stable alone', async () => {
  let starts: ReturnType<Starts> = 'ready'
  const cluster = await triedCluster({ starts: () => starts })
  const first = cluster.model().status?.activeVersion
  starts = { crash: 'no memory' }
  cluster.publish('second')
  for (let count = 0; count < 20; count += 1) await cluster.turn()
  assert.equal(cluster.canary()?.weight, 0)
  assert.equal(cluster.model().status?.activeVersion, first)
  assert.deepEqual(versionsOn(cluster, 'stable'), new Set([first]))
})

test('annotations of the ModelDeployment pause, abort and resume', async () => {
  const cluster = await triedCluster()
  cluster.publish('second')
  await cluster.until(() => cluster.canary()?.step === 1)
  const version = cluster.canary()?.version
  cluster.annotate(`pause@${version}`)
  for (let count = 0; count < 10; count += 1) await cluster.turn()
  assert.equal(cluster.condition('Reconciling')?.reason, 'CanaryPaused')
  assert.equal(cluster.canary()?.weight, 10)
  cluster.annotate(`abort@${version}`)
  await cluster.until(() => cluster.condition('Stalled')?.reason === 'CanaryAborted')
  cluster.annotate(`resume@${version}`)
  await cluster.until(
    () => cluster.model().status?.activeVersion === version && cluster.canary() === undefined,
  )
})

test('a Deployment of stable that is deleted comes back as it was, whether a version is tried or was taken back', async () => {
  for (const action of ['pause', 'abort']) {
    const cluster = await triedCluster()
    const first = cluster.model().status?.activeVersion
    cluster.publish('second')
    await cluster.until(() => cluster.canary()?.step === 1)
    cluster.annotate(`${action}@${cluster.canary()?.version}`)
    await cluster.turn()
    cluster.erase('Deployment')
    await cluster.turn()
    assert.deepEqual(versionsOn(cluster, 'stable'), new Set([first]))
  }
})

test('requests that do not come by the gateway stay with stable while a version is tried', async () => {
  const cluster = await triedCluster()
  const selector = () => (cluster.find('Service') as Draft).spec.selector[labels.track]
  assert.equal(selector(), undefined)
  cluster.publish('second')
  await cluster.until(() => cluster.canary()?.step === 1)
  assert.equal(selector(), 'stable')
  await cluster.until(() => cluster.canary() === undefined)
  await cluster.settle() // pods outlive their Deployment for a moment
  assert.equal(selector(), undefined)
})

test('an abort while stable takes a version over brings the one before back, and its files were kept', async () => {
  const cluster = await triedCluster()
  const first = cluster.model().status?.activeVersion
  cluster.publish('second')
  await cluster.until(() => cluster.canary()?.step === 1)
  const version = cluster.canary()?.version
  cluster.annotate(`promote@${version}`)
  for (let count = 0; count < 3; count += 1) await cluster.pass()
  assert.equal(cluster.canary()?.phase, 'Promoting')
  assert.equal(cluster.canary()?.stable, first)
  cluster.annotate(`abort@${version}`)
  await cluster.pass()
  assert.equal(cluster.model().status?.rejectedRevision?.returnsTo, first)
  assert.match(cluster.condition('Stalled')?.message ?? '', new RegExp(`${first} takes its place again`))
  await cluster.until(() => cluster.model().status?.activeVersion === first)
  await cluster.settle()
  assert.deepEqual(versionsOn(cluster, 'stable'), new Set([first]))
  assert.equal(versionsOn(cluster, 'canary').size, 0)
  assert.equal(cluster.model().status?.rejectedRevision?.returnsTo, undefined)
  assert.equal(cluster.condition('Stalled')?.reason, 'CanaryAborted')
})

test('the version before in spec ends a rollout at once, while it is tried and while stable takes it over', async () => {
  for (const action of ['pause', 'promote']) {
    const cluster = await triedCluster()
    const first = cluster.model().status?.activeVersion
    cluster.publish('second')
    await cluster.until(() => cluster.canary()?.step === 1)
    cluster.annotate(`${action}@${cluster.canary()?.version}`)
    for (let count = 0; count < 3; count += 1) await cluster.pass()
    cluster.publish(first ?? '')
    for (let count = 0; count < 2; count += 1) await cluster.pass()
    assert.equal(cluster.canary(), undefined)
    await cluster.settle()
    assert.deepEqual(versionsOn(cluster, 'stable'), new Set([first]))
    assert.equal(versionsOn(cluster, 'canary').size, 0)
    assert.equal(cluster.condition('Ready')?.status, 'True')
  }
})

/** A write that never arrives, and one whose answer is lost. */
for (const [when, place] of [
  ['before', 1],
  ['after', 6],
] as const)
  test(`an operator that dies ${when} writes of a rollout is followed by one that ends it`, async () => {
    const cluster = await triedCluster()
    cluster.publish('second')
    let writes = 0
    cluster.faults[when] = () => {
      writes += 1
      if (writes % 12 === place) throw new Error('the operator has died')
    }
    await cluster.until(() => cluster.canary()?.step === 2)
    cluster.faults[when] = undefined
    await cluster.until(() => cluster.canary() === undefined && writes > 12)
    assert.equal(cluster.model().status?.rejectedRevision, undefined)
    assert.equal(versionsOn(cluster, 'canary').size, 0)
    assert.deepEqual(versionsOn(cluster, 'stable'), new Set([cluster.model().status?.activeVersion]))
  })
