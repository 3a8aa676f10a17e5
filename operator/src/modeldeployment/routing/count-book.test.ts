import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCountBook, type Look, type Scope } from './count-book.ts'
import { type PodCounts, podCountsOf } from './pod-counts.ts'

const scope: Scope = {
  ...{ model: 'a/m', run: 'r', step: 1, weight: 10, generation: 'a 3' },
  bounds: { slowMs: 10.5, latencyMargin: 0.1 },
}
const pod = (requests: number, slow = 0, more: Partial<PodCounts> = {}): PodCounts => ({
  ...{ startedAt: 1, requests, errors: 0, timeouts: 0, answered: requests },
  within: new Map([
    [10, requests - slow],
    [25, requests - slow],
    [50, requests],
  ]),
  ...more,
})
const look = (stable: PodCounts, canary: PodCounts): Look =>
  new Map([
    ['s', { track: 'stable', counts: stable }],
    ['c', { track: 'canary', counts: canary }],
  ])

test('what was counted between two looks of one scope counts, and nothing else', () => {
  const book = createCountBook()
  book.add(scope, look(pod(1000), pod(20)))
  assert.deepEqual(book.of('a/m'), [])
  book.add(scope, look(pod(1090, 9), pod(30, 2, { errors: 1 })))
  const [counts] = book.of('a/m')
  assert.deepEqual([counts?.stable.requests, counts?.stable.slow], [90, 9])
  assert.deepEqual([counts?.canary.requests, counts?.canary.slow, counts?.canary.errors], [10, 2, 1])
  book.add({ ...scope, generation: 'a 4' }, look(pod(2000), pod(500)))
  book.interrupt(scope)
  book.add(scope, look(pod(3000), pod(900)))
  assert.equal(book.of('a/m')[0]?.canary.requests, 10)
})

test('a pod that started anew, one that is new, and the first requests of a canary are left out', () => {
  const book = createCountBook()
  book.add(scope, look(pod(1000), pod(5)))
  book.add(scope, look(pod(1100), pod(19)))
  assert.deepEqual(book.of('a/m'), [])
  book.add(scope, look(pod(1200), pod(25)))
  assert.deepEqual(book.of('a/m'), [])
  book.add(scope, look(pod(50, 0, { startedAt: 2 }), pod(35)))
  const [counts] = book.of('a/m')
  assert.deepEqual([counts?.stable.requests, counts?.canary.requests], [0, 10])
})

test('a canary within the margin is not slow where stable is not', () => {
  const book = createCountBook()
  const counts = (requests: number): PodCounts => ({
    ...pod(requests),
    within: new Map([
      [10, 0],
      [25, requests],
      [50, requests],
    ]),
  })
  book.add(scope, look(pod(1000), counts(100)))
  book.add(scope, look(pod(2000), counts(200)))
  const [found] = book.of('a/m')
  assert.deepEqual([found?.stable.slow, found?.canary.slow], [0, 0])
})

test('errors are those of the server, and a text of another form counts as none', () => {
  const text = [
    'process_start_time_seconds 7',
    'gantry_requests_total{endpoint="infer",outcome="answered"} 5',
    'gantry_requests_total{endpoint="infer",outcome="failed"} 4',
    'gantry_request_errors_total{kind="invalid"} 1',
    'gantry_request_errors_total{kind="internal"} 2',
    'gantry_request_errors_total{kind="timeout"} 1',
    'gantry_request_duration_seconds_bucket{le="0.005"} 3',
    'gantry_request_duration_seconds_bucket{le="+Inf"} 5',
  ].join('\n')
  assert.deepEqual(podCountsOf(text), {
    ...{ startedAt: 7, requests: 9, errors: 3, timeouts: 1, answered: 5 },
    within: new Map([[5, 3]]),
  })
  assert.equal(podCountsOf('hello'), undefined)
  assert.equal(podCountsOf(text.replace('} 5', '} -5')), undefined)
})
