/** What the operator tells of drift, minute by minute. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServedModel } from '@gantry/contract/server.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { type ClusterOptions, type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'

type Told = NonNullable<ServedModel['drift']>

const minuteMs = 60_000
const since = '2026-11-23T10:02:00.123Z'
const told = (features: Readonly<Record<string, number>> = {}, more: Partial<Told> = {}): Told => ({
  ...{ samples: 2000, enough: true },
  features: Object.entries(features).map(([name, value]) => ({ name, statistic: 'psi', value, since })),
  ...more,
})
const few = told({}, { samples: 100, enough: false })

interface World extends TestCluster {
  /** What pods tell from now on. */
  readonly tell: (drift: (pod: number, version: string) => Told | undefined) => void
  /** Passes over the model, one a minute. @returns how often something was written */
  readonly minutes: (count: number) => Promise<number>
}

const driftCluster = async (options: ClusterOptions = {}, first: Told | undefined = few): Promise<World> => {
  let drift: (pod: number, version: string) => Told | undefined = () => first
  const cluster = await settledCluster({ ...options, drift: (version, pod) => drift(pod, version) })
  return {
    ...cluster,
    tell: (next) => {
      drift = next
    },
    minutes: async (count) => {
      const before = cluster.writes.length
      for (let minute = 0; minute < count; minute += 1) {
        cluster.advance(minuteMs)
        await cluster.pass()
      }
      return cluster.writes.length - before
    },
  }
}
const shown = ({ condition }: TestCluster): string | undefined => {
  const found = condition('InputDrift')
  return found && `${found.status} ${found.reason}`
}
const namesOf = ({ model }: TestCluster): readonly string[] | undefined =>
  model().status?.drift?.features.map(({ name, value }) => `${name} ${value}`)
const eventsOf = ({ all }: TestCluster): readonly string[] =>
  (all('Event') as Draft[])
    .filter(({ reason }) => /Drift|TooFewRows/.test(reason))
    .map(({ type, reason }) => `${type} ${reason}`)

const two = { model: modelDeployment({ spec: { replicas: 2 } }) }

test('drift is told with its features, values and limit, once by an Event, and its end by another', async () => {
  const cluster = await driftCluster()
  assert.equal(shown(cluster), 'Unknown TooFewRows')
  cluster.tell(() => told({ age: 0.31, amount: 0.62 }))
  await cluster.minutes(1)
  assert.equal(shown(cluster), 'True InputDrift')
  assert.match(
    cluster.condition('InputDrift')?.message ?? '',
    /evaluated on: amount \(psi 0\.62\), age \(psi 0\.31\)\. A feature drifts above 0\.2, and until it is below 0\.1\. Find out what changed in amount:/,
  )
  assert.deepEqual(cluster.model().status?.drift, {
    version: 'v_20261123_100001',
    features: [
      { name: 'amount', statistic: 'psi', value: 0.62, since: '2026-11-23T10:02:00Z' },
      { name: 'age', statistic: 'psi', value: 0.31, since: '2026-11-23T10:02:00Z' },
    ],
  })
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.deepEqual(eventsOf(cluster), ['Warning InputDrift'])
  cluster.tell(() => told())
  await cluster.minutes(1)
  assert.equal(shown(cluster), 'False NoDrift')
  assert.deepEqual(cluster.model().status?.drift?.features, [])
  assert.deepEqual(eventsOf(cluster), ['Warning InputDrift', 'Normal NoDrift'])
})

test('nothing is written while a value moves by less than half, and the pods are asked once a minute', async () => {
  const cluster = await driftCluster({}, told({ amount: 0.5 }))
  const result = await cluster.settle(0)
  assert.deepEqual(result, { kind: 'waiting', reason: 'DriftMayChange', afterMs: minuteMs })
  let value = 0.4
  cluster.tell(() => told({ amount: value }))
  for (; value < 0.74; value += 0.02) assert.equal(await cluster.minutes(1), 0)
  value = 0.8
  assert.ok((await cluster.minutes(1)) > 0)
  assert.deepEqual(namesOf(cluster), ['amount 0.8'])
  assert.equal(eventsOf(cluster).length, 1)
})

test('a feature drifts where it does so on one pod, with the largest value', async () => {
  const cluster = await driftCluster(two)
  cluster.tell((pod) => (pod % 2 === 0 ? told({ amount: 0.3, age: 0.9 }) : told({ amount: 0.5 })))
  await cluster.minutes(1)
  assert.deepEqual(namesOf(cluster), ['age 0.9', 'amount 0.5'])
})

test('a pod that is replaced does not end the drift that it told of, until the new one has judged', async () => {
  const cluster = await driftCluster(two, told({ amount: 0.5 }))
  cluster.tell(() => told({ amount: 0.5 }))
  const [pod] = cluster.all<LivePod>('Pod').filter(({ spec }) => spec?.containers?.[0]?.name === 'server')
  if (pod) cluster.store.erase(pod)
  await cluster.pass()
  assert.equal(shown(cluster), 'True InputDrift')
  cluster.tell((index) => (index % 2 === 0 ? told() : few))
  await cluster.settle(0)
  assert.equal(shown(cluster), 'True InputDrift')
  await cluster.minutes(50)
  assert.equal(shown(cluster), 'True InputDrift')
  cluster.tell(() => told())
  await cluster.minutes(1)
  assert.equal(shown(cluster), 'False NoDrift')
  assert.deepEqual(eventsOf(cluster), ['Warning InputDrift', 'Normal NoDrift'])
})

test('what was known ends an hour after pods began that get too few requests', async () => {
  const cluster = await driftCluster({}, told({ amount: 0.5 }))
  cluster.tell(() => few)
  await cluster.minutes(50)
  assert.equal(shown(cluster), 'True InputDrift')
  await cluster.minutes(15)
  assert.equal(shown(cluster), 'Unknown TooFewRows')
  assert.equal(cluster.model().status?.drift, undefined)
})

test('pods that do not answer, and an operator that starts anew, change nothing', async () => {
  let isAnswering = true
  const cluster = await driftCluster(
    { device: () => (isAnswering ? 'cpu' : undefined) },
    told({ amount: 0.5 }),
  )
  const before = cluster.condition('InputDrift')
  isAnswering = false
  await cluster.minutes(3)
  assert.deepEqual(cluster.condition('InputDrift'), before)
  assert.deepEqual(namesOf(cluster), ['amount 0.5'])
  isAnswering = true
  await cluster.settle(0)
  assert.equal(await cluster.minutes(3), 0)
})

test('one of two pods that does not answer does not end the drift', async () => {
  let isAnswering = true
  const cluster = await driftCluster(
    { ...two, device: (pod) => (isAnswering || pod % 2 === 0 ? 'cpu' : undefined) },
    told({ amount: 0.5 }),
  )
  isAnswering = false
  cluster.tell(() => told())
  await cluster.minutes(1)
  assert.deepEqual(namesOf(cluster), ['amount 0.5'])
  isAnswering = true
  await cluster.minutes(1)
  assert.deepEqual(namesOf(cluster), [])
})

test('a version without a reference, and spec.serve.drift off, have no such condition, and nothing is asked again', async () => {
  const cluster = await driftCluster()
  cluster.tell(() => undefined)
  await cluster.minutes(1)
  assert.equal(shown(cluster), undefined)
  assert.deepEqual(await cluster.settle(0), { kind: 'settled' })
  cluster.tell(() => told({ amount: 0.5 }))
  await cluster.minutes(1)
  assert.equal(shown(cluster), 'True InputDrift')
  await cluster.change((spec) => {
    spec.serve.drift = 'off'
  })
  assert.equal(shown(cluster), undefined)
  assert.equal(cluster.model().status?.drift, undefined)
  const maps = cluster.all('ConfigMap') as Draft[]
  assert.ok(maps.some(({ data }) => JSON.parse(data['settings.json']).drift === 'off'))
})

test('another version is judged by its own pods alone, also one that is rolled back to', async () => {
  const cluster = await driftCluster({}, told({ amount: 0.5 }))
  cluster.tell((_, version) => (version.endsWith('1') ? told({ amount: 0.5 }) : few))
  await cluster.change((spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  assert.equal(shown(cluster), 'Unknown TooFewRows')
  cluster.tell((_, version) => (version.endsWith('1') ? few : told()))
  await cluster.minutes(1)
  assert.equal(shown(cluster), 'False NoDrift')
  await cluster.change((spec) => {
    spec.model.version = 'v_20261123_100001'
  })
  assert.equal(shown(cluster), 'Unknown TooFewRows')
})

test('a reference that the server refuses is told with its reason and by an Event, and the model stays Ready', async () => {
  const unusable = 'drift-reference.json belongs to another model: the model has no feature "other"'
  const cluster = await driftCluster({}, told({}, { samples: 0, enough: false, unusable }))
  assert.equal(shown(cluster), 'Unknown DriftReferenceUnusable')
  assert.match(
    cluster.condition('InputDrift')?.message ?? '',
    /no feature "other"\. Evaluate the version again/,
  )
  assert.equal(cluster.condition('Ready')?.status, 'True')
  assert.deepEqual(eventsOf(cluster), ['Warning DriftReferenceUnusable'])
  assert.deepEqual(await cluster.settle(0), { kind: 'settled' })
})

test('whatever a pod tells, the status is one that the API server takes', async () => {
  const cluster = await driftCluster()
  const names = Array.from({ length: 64 }, (_, index) => `f${index}`)
  const odd = Object.fromEntries(names.map((name) => [name, 0.5]))
  cluster.tell((pod) =>
    pod % 2 === 0
      ? told(odd)
      : told(
          { other: 2, f1: 0.7 },
          { features: [{ name: 'late', statistic: 'psi', value: 9, since: '9999-99-99T99:99:99Z' }] },
        ),
  )
  await cluster.change((spec) => {
    spec.replicas = 2
  })
  const features = cluster.model().status?.drift?.features ?? []
  assert.equal(features.length, 64)
  assert.equal(new Set(features.map(({ name }) => name)).size, 64)
  for (const one of features) assert.match(one.since, /^2026-11-23T\d\d:\d\d:\d\dZ$/)
})
