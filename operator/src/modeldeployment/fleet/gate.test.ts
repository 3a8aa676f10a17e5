import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failures, freePlaces, type Roll, type Sight, verdictFor } from './gate.ts'

const roll = (key: string, over: Partial<Roll> = {}): Roll => ({
  ...{ key, settings: 'now', state: 'rolling', wasBroken: false },
  ...over,
})
const sight = (rolls: readonly Roll[], over: Partial<Sight> = {}): Sight => ({
  ...{ rolls, permits: new Set<string>(), settings: 'now', limits: { maxModels: 2, maxFailed: 0 } },
  ...over,
})
const failed = { state: 'failed', reason: 'ImagePull' } as const

test('as many go as may roll at a time', () => {
  assert.equal(verdictFor(sight([]), 'x', false), 'go')
  assert.equal(verdictFor(sight([roll('a')]), 'x', false), 'go')
  assert.equal(verdictFor(sight([roll('a'), roll('b')]), 'x', false), 'wait')
  assert.equal(verdictFor(sight([roll('a'), roll('b', { state: 'done' })]), 'x', false), 'go')
})

test('a permit takes a place before the cluster shows it, and no second one after', () => {
  assert.equal(verdictFor(sight([roll('a')], { permits: new Set(['b']) }), 'x', false), 'wait')
  assert.equal(freePlaces(sight([roll('a')], { permits: new Set(['a']) })), 1)
})

test('a model does not stand in its own way', () => {
  assert.equal(verdictFor(sight([roll('a'), roll('x')]), 'x', false), 'go')
})

test('one that failed with the present settings stops all but those that are broken already', () => {
  const stopped = sight([roll('a', failed)])
  assert.equal(verdictFor(stopped, 'x', false), 'paused')
  assert.equal(verdictFor(stopped, 'x', true), 'go')
  assert.equal(verdictFor(sight([roll('a', failed), roll('b'), roll('c')]), 'x', true), 'wait')
})

test('a model that failed with other settings, or did not start before, stops no other and occupies no place', () => {
  const others = [roll('a', { ...failed, settings: 'before' }), roll('b', { ...failed, wasBroken: true })]
  assert.deepEqual(failures(sight(others)), [])
  assert.equal(freePlaces(sight(others)), 2)
  assert.equal(verdictFor(sight(others), 'x', false), 'go')
})

test('with some failures allowed, one more stops it', () => {
  const limits = { maxModels: 2, maxFailed: 1 }
  assert.equal(verdictFor(sight([roll('a', failed)], { limits }), 'x', false), 'go')
  assert.equal(verdictFor(sight([roll('a', failed), roll('b', failed)], { limits }), 'x', false), 'paused')
})

test('no model begins to roll while more roll than may', () => {
  assert.equal(freePlaces(sight([roll('a'), roll('b'), roll('c')])), 0)
})
