import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effortFor, usualPace } from './effort.ts'

test('a fast model with time enough gets all rounds', () => {
  assert.deepEqual(effortFor([0.2, 1], 60_000, usualPace), { rounds: 9, measureMs: [500, 500] })
})

test('a slow model gets rounds of five answers', () => {
  assert.deepEqual(effortFor([1000, 4000], 600_000, usualPace), { rounds: 9, measureMs: [5000, 20_000] })
})

test('with less time there are fewer rounds, then shorter ones, then none', () => {
  const efforts = [5000, 3000, 1000].map((budgetMs) => effortFor([0.2], budgetMs, usualPace))
  assert.deepEqual(efforts, [
    { rounds: 8, measureMs: [500] },
    { rounds: 5, measureMs: [500] },
    { rounds: 3, measureMs: [200] },
  ])
  assert.deepEqual(effortFor([0.2], 800, usualPace), { neededMs: 900 })
})
