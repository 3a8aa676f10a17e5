import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRunCosts } from './run-costs.ts'

test('nothing is expected before anything was learned', () => {
  const { msOf, within } = createRunCosts()
  assert.equal(msOf(100), undefined)
  assert.equal(within(100), undefined)
})

test('a run of a size that was seen takes what the median of the latest three took', () => {
  const { learn, msOf } = createRunCosts()
  for (const ms of [1, 500, 12, 10]) learn(100, ms)
  assert.equal(msOf(100), 12)
})

test('a larger run is expected to cost in proportion, a smaller one as the smallest does', () => {
  const { learn, msOf } = createRunCosts()
  learn(64, 8)
  learn(1024, 16)
  assert.equal(msOf(128), 16)
  assert.equal(msOf(2048), 32)
  assert.equal(msOf(32), 4)
})

test('no run is more than eight times as large as any before it, however little those took', () => {
  const { learn, within } = createRunCosts()
  learn(32, 0.001)
  assert.equal(within(100), 256)
  learn(256, 0.001)
  assert.equal(within(100), 2048)
})

test('the largest size that fits is taken: where small runs cost more for each element, too', () => {
  const { learn, within } = createRunCosts()
  learn(32, 3.2)
  learn(1024, 10.24)
  assert.equal(within(20), 2000)
  assert.equal(within(11), 1100)
  assert.equal(within(8), 80)
})

test('where even the smallest is too long, what would fit is less than it', () => {
  const { learn, within } = createRunCosts()
  learn(1000, 1000)
  assert.equal(within(100), 100)
})

test('runs of nothing teach nothing', () => {
  const { learn, msOf } = createRunCosts()
  learn(0, 5)
  learn(Number.NaN, 5)
  assert.equal(msOf(1), undefined)
})
