import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Demand, ModelDemand } from '@gantry/contract/gateway.ts'
import { p95Of } from '@gantry/evaluation/canary/latency-histogram.ts'
import { readDemand } from './demand.ts'

const counted = {
  ...{ model: 'shop/intents', canary: { run: 'a-1', step: 1 }, weights: [10, 50] },
  unit: 'request' as const,
}

const track = (requests: number): ModelDemand['stable'] => ({ requests, errors: 1, slow: 2 })

const cell = (more: Partial<ModelDemand>): ModelDemand => ({
  model: 'shop/intents',
  revision: 'a-1',
  step: 1,
  weight: 10,
  stable: track(90),
  canary: track(10),
  ...more,
})

const demand = (...models: ModelDemand[]): Demand => ({
  instance: 'gateway-a',
  startedAt: '2026-11-26T12:00:00Z',
  models,
})

const stepsOf = (...models: ModelDemand[]): readonly (readonly [number, number])[] =>
  readDemand([demand(...models)], counted).answers.flatMap(({ steps }) =>
    steps.map(({ step, canary }) => [step, canary.requests] as const),
  )

test('counts of the rollout are read, each at its step', () => {
  const before = cell({ step: 0, weight: 0, canary: { requests: 0, errors: 0, slow: 0 } })
  assert.deepEqual(stepsOf(before, cell({}), cell({ step: 2, weight: 50 })), [
    [0, 0],
    [1, 10],
    [2, 10],
  ])
})

test('counts of another model, of a try before and of another weight than that of the step are not', () => {
  assert.deepEqual(
    stepsOf(
      cell({ model: 'other/intents' }),
      cell({ revision: 'a-0' }),
      cell({ weight: 0 }),
      cell({ weight: 100 }),
      cell({ step: 2, weight: 10 }),
      cell({ step: 3 }),
    ),
    [],
  )
})

test('what a gateway does not count is 0', () => {
  const [answer] = readDemand([demand(cell({}))], counted).answers
  assert.deepEqual(answer?.steps[0]?.canary, { requests: 10, errors: 1, slow: 2, overLimit: 0 })
  assert.deepEqual(answer?.steps[0]?.shadow, { copies: 0, disagreements: 0 })
})

test('the bound of the next step is of latencies of stable in this step, at all gateways', () => {
  const latencies = { scale: 4, offset: 53, counts: [60] }
  const other = { scale: 4, offset: 90, counts: [1000] }
  const here = demand(
    cell({ stable: { ...track(90), latencies }, canary: { ...track(10), latencies: other } }),
    cell({ step: 2, weight: 50, stable: { ...track(90), latencies: other } }),
  )
  assert.equal(p95Of(readDemand([here, here], counted).latencies), 10.4)
  const wrong = demand(cell({ stable: { ...track(90), latencies: { ...latencies, scale: 3 } } }))
  const read = readDemand([here, wrong, here], counted)
  assert.equal(p95Of(read.latencies), 10.4)
  assert.match(
    read.problems.join(),
    /latencies of gateway gateway-a were left out: the histogram has scale 3, not 4/,
  )
})

test('requests are never taken for sessions, nor sessions for requests, and what found no room is said', () => {
  const [requests, sessions] = [cell({}), cell({ sessions: { uncounted: 7 } })]
  const bySession = { ...counted, unit: 'session' as const }
  const read = readDemand([demand(requests)], bySession)
  assert.deepEqual(read.answers, [])
  assert.match(read.problems.join(), /gateway-a were left out: it does not count sessions/)
  assert.deepEqual(readDemand([demand(sessions)], counted).answers, [])
  const right = readDemand([demand(sessions)], bySession)
  assert.equal(right.answers.length, 1)
  assert.match(right.problems.join(), /no room to remember more sessions: 7 requests were not counted/)
  const before = cell({ step: 0, weight: 0 })
  assert.equal(readDemand([demand(before)], bySession).answers.length, 1)
})
