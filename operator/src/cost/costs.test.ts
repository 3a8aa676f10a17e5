/** Measurements of several models, minute by minute, and what the metrics say of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cache } from '@gantry/kube/cache.ts'
import { ApiError } from '@gantry/kube/errors.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { createMetrics } from '../runtime/metrics.ts'
import { counted, node, priceSheet } from '../testing/costs.ts'
import { observeCosts, samplesOf } from './cost-metrics.ts'
import { createCosts } from './costs.ts'
import type { Counters } from './counters.ts'
import type { CostedModel, CostedPod } from './world.ts'

const minuteMs = 60_000
const sheet = 'currency: EUR\nnodes:\n- perHour: 4\nstorage:\n- perGbMonth: 73\nrequests:\n  perThousand: 1\n'

const pod = (uid: string, over: Partial<CostedPod> = {}): CostedPod => ({
  ...{ uid, version: 'v1', nodeName: 'n1', requests: { cpu: 0.25, memory: 1 } },
  ...{ address: { ip: uid, secure: false }, ...over },
})
const model = (name: string, over: Partial<CostedModel> = {}): CostedModel => ({
  ...{ key: `shop/${name}`, namespace: 'shop', name, uid: `uid-of-${name}`, pods: [pod(`${name}-1`)] },
  ...{ volumes: [], budget: undefined, bounds: undefined, shown: undefined, wasOver: undefined, ...over },
})

const world = (given: { models: readonly CostedModel[]; objects?: readonly KubernetesObject[] }) => {
  const state = {
    models: given.models,
    objects: given.objects ?? [priceSheet(sheet), node('n1')],
    counters: new Map<string, Counters>(),
    calls: [] as string[],
    warnings: [] as unknown[],
    fails: undefined as Error | undefined,
    forbidden: undefined as string | undefined,
  }
  const clock = manualClock()
  const note = (message: string, fields?: unknown): void => void state.warnings.push({ message, fields })
  const costs = createCosts({
    kube: {
      get: async ({ kind }, _namespace, name) => {
        state.calls.push(`${kind} ${name}`)
        if (state.forbidden === kind) throw new ApiError(403, 'Forbidden', `${kind} is forbidden`)
        if (state.fails && kind === 'Node') throw state.fails
        const found = state.objects.find((object) => object.kind === kind && object.metadata.name === name)
        return found as never
      },
    },
    log: { error: note, warn: note, info: () => {}, debug: () => {} },
    ...{ clock, namespace: 'gantry-system', config: { configMap: 'gantry-prices', intervalSeconds: 60 } },
    models: () => state.models,
    counters: async ({ ip }) => state.counters.get(ip),
  })
  const woken: string[] = []
  const minute = async (): Promise<void> => {
    await costs.measure({} as Cache, new AbortController().signal, (key) => void woken.push(key))
    await clock.advance(minuteMs)
  }
  const sampleValue = (name: string, labels: Readonly<Record<string, string>>): number | undefined =>
    samplesOf(costs).find(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )?.value
  return { state, costs, clock, minute, woken, sampleValue }
}

test('a thousand requests cost what was spent while they were answered, the idle part apart', async () => {
  const { state, minute, sampleValue } = world({ models: [model('m')] })
  state.counters.set('m-1', counted({ answered: 7000, cpuSeconds: 100 }))
  await minute()
  assert.equal(sampleValue('gantry_cost_per_1k_inferences', { model: 'm' }), undefined)
  // 500 requests in a minute, and a fifth of the 15 CPU seconds that the pod asks for.
  state.counters.set('m-1', counted({ answered: 7500, cpuSeconds: 103 }))
  await minute()
  const near = (value: number | undefined, expected: number): void =>
    assert.ok(Math.abs((value ?? Number.NaN) - expected) < 1e-9, `${value} is not ${expected}`)
  near(sampleValue('gantry_hourly_cost', { model: 'm', version: 'v1', part: 'hardware' }), 1)
  near(sampleValue('gantry_hourly_cost', { model: 'm', version: 'v1', part: 'inference' }), 30)
  near(sampleValue('gantry_idle_hourly_cost', { model: 'm', version: 'v1' }), 0.8)
  near(sampleValue('gantry_cost_per_1k_inferences', { part: 'busy' }), (1000 * (1 / 60) * 0.2) / 500 + 1)
  near(sampleValue('gantry_cost_per_1k_inferences', { part: 'idle' }), (1000 * (1 / 60) * 0.8) / 500)
})

test('storage is part of the price of requests, spread over those of all versions', async () => {
  const volumes = [{ gb: 10, storageClass: undefined }]
  const pods = [pod('m-1'), pod('m-2', { version: 'v2' })]
  const { state, minute, sampleValue } = world({ models: [model('m', { volumes, pods })] })
  for (const answered of [0, 300]) {
    state.counters.set('m-1', counted({ answered, cpuSeconds: answered }))
    state.counters.set('m-2', counted({ answered: answered / 3, cpuSeconds: answered }))
    await minute()
  }
  // 400 requests share a minute of 1 an hour; each version has a pod at 1 an hour.
  const of = (version: string) =>
    sampleValue('gantry_cost_per_1k_inferences', { version, part: 'busy' }) ?? Number.NaN
  assert.ok(Math.abs(of('v1') - (1000 * (1 / 60) * (1 / 300 + 1 / 400) + 1)) < 1e-9, `${of('v1')}`)
  assert.ok(Math.abs(of('v2') - (1000 * (1 / 60) * (1 / 100 + 1 / 400) + 1)) < 1e-9, `${of('v2')}`)
})

test('after a change of the sheet, requests have their new price at once, and the price of a thousand begins anew', async () => {
  const { state, minute, costs, sampleValue } = world({ models: [model('m')] })
  for (const answered of [0, 100, 200]) {
    state.counters.set('m-1', counted({ answered }))
    await minute()
  }
  const changed = priceSheet(sheet.replace('perThousand: 1', 'perThousand: 2'))
  state.objects = [{ ...changed, metadata: { ...changed.metadata, resourceVersion: '2' } }, node('n1')]
  await minute()
  const told = costs.of('shop/m')
  assert.equal(told.kind === 'known' ? told.cost.inference : undefined, 12)
  assert.equal(sampleValue('gantry_cost_per_1k_inferences', { model: 'm' }), undefined)
})

test('an operator that has just started takes the cost of requests from the status', async () => {
  const shown = { base: 0, hardware: 1, inference: 7, total: 8 }
  const { minute, costs } = world({ models: [model('m', { shown })] })
  await minute()
  const told = costs.of('shop/m')
  assert.deepEqual(told.kind === 'known' ? told.cost : undefined, shown)
})

test('what the condition says holds for the budget that stands, and not for another one', async () => {
  const isOver = async (given: Partial<CostedModel>, next: Partial<CostedModel> = given) => {
    const { state, minute, costs } = world({ models: [model('m', given)] })
    await minute()
    state.models = [model('m', next)]
    await minute()
    const told = costs.of('shop/m')
    return told.kind === 'known' ? told.over?.is : undefined
  }
  // The pod costs 1.
  assert.equal(await isOver({ budget: 0.99 }), true)
  assert.equal(await isOver({ budget: 0.99, wasOver: false }), false)
  assert.equal(await isOver({ budget: 1.01, wasOver: true }), true)
  assert.equal(await isOver({ budget: 0.99, wasOver: false }, { budget: 0.98, wasOver: false }), true)
  assert.equal(await isOver({ budget: 0.99 }, { budget: 1.01 }), false)
})

test('a small change of a price is told at once', async () => {
  const { state, minute, costs } = world({ models: [model('m')] })
  await minute()
  const changed = priceSheet(sheet.replace('perHour: 4', 'perHour: 4.04'))
  state.objects = [{ ...changed, metadata: { ...changed.metadata, resourceVersion: '2' } }, node('n1')]
  await minute()
  const told = costs.of('shop/m')
  assert.equal(told.kind === 'known' ? told.cost.hardware : undefined, 1.01)
})

test('a sheet that may not be read is told', async () => {
  const { state, minute, costs } = world({ models: [model('m')] })
  state.forbidden = 'ConfigMap'
  await minute()
  await minute()
  const told = costs.of('shop/m')
  assert.match(
    told.kind === 'unknown' ? told.message : '',
    /^The operator may not read ConfigMap gantry-system\/gantry-prices\./,
  )
  assert.equal(state.warnings.length, 1)
})

test('a model without requests has no price of a thousand', async () => {
  const { state, minute, sampleValue } = world({ models: [model('m')] })
  for (let i = 0; i < 3; i += 1) {
    state.counters.set('m-1', counted({ answered: 9, cpuSeconds: i }))
    await minute()
  }
  assert.equal(sampleValue('gantry_cost_per_1k_inferences', { model: 'm' }), undefined)
  assert.equal(sampleValue('gantry_hourly_cost', { model: 'm', part: 'hardware' }), 1)
})

test('a server that starts again in between loses no request that was counted', async () => {
  const { state, minute, sampleValue } = world({ models: [model('m')] })
  state.counters.set('m-1', counted({ startedAt: 1, answered: 1000 }))
  await minute()
  state.counters.set('m-1', counted({ startedAt: 2, answered: 60 }))
  await minute()
  state.counters.set('m-1', counted({ startedAt: 2, answered: 120 }))
  await minute()
  assert.equal(sampleValue('gantry_hourly_cost', { part: 'inference' }), 3.6)
})

test('the requests of a pod that was not ready at first count from its beginning', async () => {
  const { state, minute, sampleValue } = world({ models: [model('m', { pods: [] })] })
  await minute()
  state.models = [model('m')]
  await minute()
  state.counters.set('m-1', counted({ answered: 200 }))
  await minute()
  assert.equal(sampleValue('gantry_hourly_cost', { part: 'inference' }), 6)
})

test('a pod that does not answer costs what it holds, and is not called idle', async () => {
  const { minute, sampleValue } = world({ models: [model('m')] })
  await minute()
  await minute()
  assert.equal(sampleValue('gantry_hourly_cost', { part: 'hardware' }), 1)
  assert.equal(sampleValue('gantry_idle_hourly_cost', { model: 'm' }), 0)
})

test('storage stands once for all versions, and namespaces have totals', async () => {
  const volumes = [{ gb: 10, storageClass: undefined }]
  const pods = [pod('a'), pod('b', { version: 'v2' }), pod('c', { version: 'v2' })]
  const { minute, costs, sampleValue } = world({ models: [model('m', { volumes, pods }), model('other')] })
  await minute()
  const hourly = samplesOf(costs).filter(
    ({ name, labels }) => name === 'gantry_hourly_cost' && labels['model'] === 'm',
  )
  const shown = hourly.map(({ labels, value }) => [labels['version'], labels['part'], value])
  assert.deepEqual(shown, [
    ['', 'base', 1],
    ['v1', 'hardware', 1],
    ['v1', 'inference', 0],
    ['v2', 'hardware', 2],
    ['v2', 'inference', 0],
  ])
  assert.equal(sampleValue('gantry_namespace_hourly_cost', { namespace: 'shop' }), 5)
})

test('the metrics of a model that is deleted end, and so does all that is known of it', async () => {
  const { state, minute, costs } = world({ models: [model('m', { budget: 5 }), model('other')] })
  const metrics = createMetrics()
  observeCosts([metrics.registry], costs)
  await minute()
  assert.match(await metrics.text(), /gantry_hourly_budget\{namespace="shop",model="m",currency="EUR"\} 5/)
  state.models = [model('other')]
  await minute()
  const text = await metrics.text()
  assert.doesNotMatch(text, /model="m"/)
  assert.match(text, /model="other"/)
  assert.deepEqual(costs.of('shop/m'), { kind: 'pending' })
})

test('a model of the same name is another one', async () => {
  const { state, minute, sampleValue } = world({ models: [model('m')] })
  for (const answered of [0, 1000]) {
    state.counters.set('m-1', counted({ answered }))
    await minute()
  }
  assert.equal(sampleValue('gantry_hourly_cost', { part: 'inference' }), 60)
  state.models = [model('m', { uid: 'next', pods: [pod('m-2')] })]
  await minute()
  assert.equal(sampleValue('gantry_hourly_cost', { part: 'inference' }), 0)
})

test('a change of the sheet wakes all models, and measurements that stay wake none', async () => {
  const { state, minute, woken } = world({ models: [model('a'), model('b')] })
  await minute()
  assert.deepEqual(woken.splice(0), ['shop/a', 'shop/b'])
  await minute()
  assert.deepEqual(woken, [])
  const changed = priceSheet(sheet.replace('perHour: 4', 'perHour: 4.04'))
  state.objects = [{ ...changed, metadata: { ...changed.metadata, resourceVersion: '2' } }, node('n1')]
  await minute()
  assert.deepEqual(woken, ['shop/a', 'shop/b'])
})

test('nodes are read once in ten minutes, and each of them once', async () => {
  const { state, minute } = world({ models: [model('a'), model('b')] })
  for (let i = 0; i < 10; i += 1) await minute()
  assert.deepEqual(state.calls.filter((call) => call === 'Node n1').length, 1)
  await minute()
  assert.deepEqual(state.calls.filter((call) => call === 'Node n1').length, 2)
})

test('without the right to read nodes there are no metrics, and the log says it once', async () => {
  const { state, minute, costs } = world({
    models: [model('a'), model('b', { pods: [pod('b', { nodeName: 'n2' })] })],
  })
  state.fails = new ApiError(403, 'Forbidden', 'nodes is forbidden')
  for (let i = 0; i < 20; i += 1) await minute()
  assert.deepEqual(samplesOf(costs), [])
  assert.equal(state.warnings.length, 1)
  const told = costs.of('shop/a')
  assert.match(told.kind === 'unknown' ? told.message : '', /^Node n1 cannot be read.*cost\.enabled\.$/)
})

test('a pod whose node is gone costs nothing any more', async () => {
  const { minute, sampleValue } = world({ models: [model('a', { pods: [pod('a', { nodeName: 'gone' })] })] })
  await minute()
  assert.equal(sampleValue('gantry_hourly_cost', { model: 'a', part: 'hardware' }), 0)
})

test('where the API server does not answer, the last measurement stands and the next one is made', async () => {
  const { state, costs, clock, sampleValue } = world({ models: [model('a')] })
  const stop = new AbortController()
  const running = costs.run({} as Cache, stop.signal, () => {})
  await clock.advance(minuteMs)
  state.fails = new Error('connect ECONNREFUSED')
  await clock.advance(11 * minuteMs)
  assert.ok(state.warnings.length > 0)
  assert.equal(sampleValue('gantry_hourly_cost', { model: 'a', part: 'hardware' }), 1)
  state.fails = undefined
  const before = state.calls.length
  await clock.advance(minuteMs)
  assert.ok(state.calls.length > before)
  stop.abort()
  await running
})

test('what is remembered of a model is bounded by an hour', async () => {
  const { state, minute, costs } = world({ models: [model('m')] })
  for (let i = 0; i < 200; i += 1) {
    state.models = [model('m', { pods: [pod(`m-${i}`)] })]
    state.counters.set(`m-${i}`, counted({ answered: i }))
    await minute()
  }
  const [measured] = costs.measured()
  assert.ok(measured)
  const { book } = measured
  assert.deepEqual([book.window.length, book.readings.size, book.pods.size], [60, 1, 1])
  assert.ok(book.dearest.length <= 61 && book.totals.length <= 6)
})
