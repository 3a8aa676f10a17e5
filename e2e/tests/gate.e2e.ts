/** spec.evaluate on a cluster: a worse version gets no request, and the one before answers all the time; a good one is rolled out, and tells when its inputs drift. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Live } from '../../local-cluster/kubectl.ts'
import { applyVersions, type BusyModel, openBusyModel, versionSource } from '../busy-model.ts'
import { openWorld, type World } from '../world.ts'

let world: World
let sums: BusyModel
const name = 'sums'

/** Samples of a model that adds 1000, each right to the last digit: enough for a reference of drift. */
const sampled = 150
const samples = Array.from({ length: sampled }, (_, index) =>
  JSON.stringify({ inputs: [index], label: index + 1000 }),
).join('\n')

const evaluate = {
  dataset: { configMapRef: { name: 'sums' } },
  ...{ metric: 'meanAbsoluteError', maxError: 2, maxAccuracyDrop: 0.5 },
  ...{ concurrencies: [1], timeBudget: '8s' },
}
/** Short enough for an evaluation that waits for a busy machine. */
const patience = { timeoutMs: 180_000 }

before(async () => {
  world = openWorld('gate')
  applyVersions(world, [1000, 1001, 5000])
  world.kubectl.apply({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'sums', namespace: world.namespace } },
    data: { 'samples.jsonl': `${samples}\n` },
  })
  sums = await openBusyModel(world, name, { summand: 1000, replicas: 1, perSecond: 20 })
})
after(async () => {
  await sums?.traffic.stop()
  world.close()
})

const use = (summand: number, more: object = {}): void =>
  world.patchModel(name, {
    model: { source: versionSource(summand), version: String(summand) },
    evaluate: { ...evaluate, ...more },
  })
const versionOf = (live: Live, summand: number) =>
  live['status'].versions.find(({ label }: { label: string }) => label === String(summand))
const messageOf = (live: Live, type: string): string =>
  live['status'].conditions.find((one: { type: string }) => one.type === type).message

/** Only the versions that may answer have answered, and every request was answered. */
const answeredBy = async (summands: readonly number[]): Promise<void> => {
  for (const tally of Object.values(await sums.traffic.take())) {
    assert.deepEqual(tally.lost, {}, tally.details.join('\n'))
    assert.deepEqual(Object.keys(tally.answered).map(Number), summands)
  }
}

test('what serves is measured where it stands, and the result is in its metadata.json', async () => {
  world.patchModel(name, { evaluate })
  const live = await world.condition(name, 'Evaluated', 'True', 'WithinLimits', patience)
  const { evaluation, phase } = versionOf(live, 1000)
  assert.equal(phase, 'Serving')
  assert.equal(evaluation.value, 0)
  assert.equal(evaluation.dataset.samples, samples.split('\n').length)
  assert.ok(evaluation.p95Ms > 0)
  const [pod] = sums.pods()
  const file = `/models/${versionOf(live, 1000).id}/metadata.json`
  const read = ['node', '-e', `process.stdout.write(require('node:fs').readFileSync('${file}'))`]
  const flags = ['exec', '-n', world.namespace, pod?.metadata.name ?? '', '-c', 'server', '--']
  const text = world.kubectl.run([...flags, ...read])
  assert.equal(JSON.parse(text).evaluation.measurement.metrics.meanAbsoluteError, 0)
})

test('a version that is worse than the limit is refused with its numbers, and gets no request', async () => {
  use(5000)
  const live = await world.condition(name, 'Stalled', 'True', 'AccuracyTooLow', patience)
  assert.match(messageOf(live, 'Ready'), /meanAbsoluteError 4000 .*maxError 2/)
  assert.equal(versionOf(live, 5000).phase, 'Failed')
  assert.equal(versionOf(live, 5000).evaluation.comparison.difference, 4000)
  assert.equal(versionOf(live, 1000).phase, 'Serving')
  assert.ok(world.events(name).some(({ reason }) => (reason as unknown) === 'AccuracyTooLow'))
  await answeredBy([1000])
})

test('a version within the limit that is worse than the one that serves is refused until the limit allows it', async () => {
  use(1001)
  const live = await world.condition(name, 'Stalled', 'True', 'AccuracyDropped', patience)
  assert.equal(versionOf(live, 1001).evaluation.value, 1)
  await answeredBy([1000])
  await sums.traffic.expect([1000, 1001])
  use(1001, { maxAccuracyDrop: 1 })
  await sums.settled(patience)
  assert.equal(versionOf(world.model(name), 1001).phase, 'Serving')
  await answeredBy([1000, 1001])
})

/** Rows of a request. The server looks at each of the first thousand. */
const rows = 32
/** Spreads the rows of all requests evenly over the samples. */
const step = 7
let sent = 0
const send = async (requests: number, first: number): Promise<void> => {
  for (let request = 0; request < requests; request++) {
    const data = Array.from({ length: rows }, () => first + ((sent++ * step) % sampled))
    const response = await fetch(`${world.url(name)}/v2/models/${name}/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [rows, 1], data }] }),
    })
    assert.equal(response.status, 200)
    await response.arrayBuffer()
  }
}
/** The operator asks pods once a minute, and with every change of the model. */
const lookNow = (): void =>
  void world.kubectl.run([
    ...['annotate', 'modeldeployment', name, '-n', world.namespace],
    ...['--overwrite', `looked-at=${Date.now()}`],
  ])

test('a version that comes back is compared with its evaluation: inputs that differ are told by a condition and an Event until they do not', async () => {
  await sums.traffic.stop()
  use(1000, { maxAccuracyDrop: 1 })
  await sums.settled(patience)
  await world.condition(name, 'InputDrift', 'Unknown', 'TooFewRows')
  await send(11, 0)
  await send(5, 5000)
  lookNow()
  const live = await world.condition(name, 'InputDrift', 'True', 'InputDrift')
  assert.match(
    messageOf(live, 'InputDrift'),
    /evaluated on: [xy] \(psi \d.*, [xy] \(psi .* drifts above 0\.2/,
  )
  assert.ok(world.events(name).some(({ reason }) => (reason as unknown) === 'InputDrift'))
  await send(15, 0)
  lookNow()
  await world.condition(name, 'InputDrift', 'False', 'NoDrift')
  assert.ok(world.events(name).some(({ reason }) => (reason as unknown) === 'NoDrift'))
})
