import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Track } from '@gantry/contract/gateway.ts'
import { histogramProblem, type LatencyHistogram } from '../../../evaluation/canary/latency-histogram.ts'
import { createCanaryBlocks } from './canary-blocks.ts'
import { createChooser, slowStartMs } from './choose.ts'
import { createDemandBook } from './demand-book.ts'
import { failed, succeeded } from './ejection.ts'
import { createLatencies } from './latencies.ts'
import { createSessionRoom } from './session-book.ts'
import { createUpstream, type Upstream } from './upstream.ts'

const endpoints = (count: number): readonly Upstream[] =>
  Array.from({ length: count }, (_, at) =>
    createUpstream({ url: `http://127.0.0.1:${20_001 + at}`, track: 'stable' }, Number.NEGATIVE_INFINITY),
  )

/** Chooses so often, each request staying under way. @returns how many each endpoint got */
const shares = (all: readonly Upstream[], times: number, nowMs = 0): readonly number[] => {
  const { leastOutstanding } = createChooser(() => all)
  for (let round = 0; round < times; round++) {
    const chosen = leastOutstanding(nowMs, [])
    if (chosen) chosen.outstanding += 1
  }
  return all.map(({ outstanding }) => outstanding)
}

describe('the balance', () => {
  test('gives a request to the endpoint with the fewest under way', () => {
    const all = endpoints(3)
    for (const [at, upstream] of all.entries()) upstream.outstanding = 5 - at
    assert.equal(createChooser(() => all).leastOutstanding(0, []), all[2])
  })

  test('gives a new endpoint a tenth at first, and its whole share after the slow start', () => {
    const [old, fresh] = endpoints(2) as [Upstream, Upstream]
    fresh.sinceMs = 1000
    const early = shares([old, fresh], 110, 1000)
    assert.deepEqual(early, [100, 10])
    for (const one of [old, fresh]) one.outstanding = 0
    assert.deepEqual(shares([old, fresh], 110, 1000 + slowStartMs), [55, 55])
  })

  test('asks none twice for one request', () => {
    const all = endpoints(2)
    const { leastOutstanding, roundRobin } = createChooser(() => all)
    for (const choose of [leastOutstanding, roundRobin]) {
      const first = choose(0, []) as Upstream
      assert.notEqual(choose(0, [first]), first)
      assert.equal(choose(0, all), undefined)
    }
  })
})

describe('ejection', () => {
  const fail = (upstream: Upstream, all: readonly Upstream[], times: number, nowMs = 0): boolean[] =>
    Array.from({ length: times }, () => failed(upstream, all, nowMs))

  test('comes after five failures in a row, and a success in between starts anew', () => {
    const all = endpoints(2)
    const [one] = all as [Upstream]
    assert.deepEqual(fail(one, all, 4), [false, false, false, false])
    succeeded(one, 0)
    assert.deepEqual(fail(one, all, 5), [false, false, false, false, true])
  })

  test('never takes the last endpoint of a track', () => {
    const all = endpoints(3)
    for (const upstream of all) fail(upstream, all, 20)
    assert.equal(all.filter(({ ejectedUntilMs }) => ejectedUntilMs === 0).length, 1)
  })

  test('ends with one request at a time, and a success brings the endpoint back with a slow start', () => {
    const all = endpoints(2)
    const [one, other] = all as [Upstream, Upstream]
    fail(one, all, 5)
    other.outstanding = 50
    const { leastOutstanding } = createChooser(() => all)
    assert.equal(leastOutstanding(4999, []), other)
    assert.equal(leastOutstanding(5000, []), one)
    one.outstanding = 1
    assert.equal(leastOutstanding(5001, []), other)
    one.outstanding = 0
    assert.equal(succeeded(one, 5002), true)
    assert.deepEqual([one.ejectedUntilMs, one.sinceMs], [0, 5002])
  })

  test('lasts twice as long where the endpoint fails its return', () => {
    const all = endpoints(2)
    const [one] = all as [Upstream]
    fail(one, all, 5)
    assert.deepEqual(fail(one, all, 1, 6000), [true])
    assert.equal(one.ejectedUntilMs, 6000 + 10_000)
  })

  test('does not silence a track whose endpoints are all ejected', () => {
    const all = endpoints(1)
    const [one] = all as [Upstream]
    one.ejectedUntilMs = 1e9
    assert.equal(createChooser(() => all).leastOutstanding(0, []), one)
  })
})

describe('of each hundred requests the canary gets as many as its weight says', () => {
  for (const weight of [0, 1, 10, 50, 99, 100])
    test(`weight ${weight}`, () => {
      const draw = createCanaryBlocks()
      const blocks = Array.from({ length: 5 }, () => Array.from({ length: 100 }, () => draw(weight)))
      for (const block of blocks)
        assert.equal(block.filter((track: Track) => track === 'canary').length, weight)
    })

  test('in places that nobody can tell before', () => {
    const draw = createCanaryBlocks()
    const places = Array.from({ length: 4 }, () => Array.from({ length: 100 }, () => draw(10)).join())
    assert.equal(new Set(places).size, 4)
  })

  test('from the first request after a change of the weight', () => {
    const draw = createCanaryBlocks()
    for (let round = 0; round < 37; round++) draw(10)
    const block = Array.from({ length: 100 }, () => draw(50))
    assert.equal(block.filter((track) => track === 'canary').length, 50)
  })
})

test('counts of a step go on where a weight comes back, and old ones are forgotten', () => {
  const book = createDemandBook(createSessionRoom())
  const canary = { weight: 10, step: 1, revision: 'v' }
  book.cell(canary, 10).counts.canary.requests += 3
  book.cell(canary, 0).counts.stable.requests += 1
  assert.equal(book.cell(canary, 10).counts.canary.requests, 3)
  for (let step = 2; step < 200; step++) book.cell({ ...canary, step }, 10)
  assert.equal(book.cells().length, 64)
})

test('a latency stands in the bucket whose bounds enclose it', () => {
  for (const ms of [0.001, 0.9, 1, 1.04, 1.05, 12.5, 64, 30_000]) {
    const latencies = createLatencies()
    latencies.observe(ms)
    const { scale = 0, offset = 0 } = latencies.histogram() ?? {}
    const bound = (bucket: number): number => 2 ** (bucket / 2 ** scale)
    assert.ok(
      ms > bound(offset) * (1 - 1e-12) && ms <= bound(offset + 1) * (1 + 1e-12),
      `${ms} in bucket ${offset}`,
    )
    assert.equal(histogramProblem(latencies.histogram() as LatencyHistogram), undefined)
  }
})

test('latencies of zero and of days keep within the buckets that the verdict reads', () => {
  const latencies = createLatencies()
  for (const ms of [0, 1e12]) latencies.observe(ms)
  assert.equal(histogramProblem(latencies.histogram() as LatencyHistogram), undefined)
})
