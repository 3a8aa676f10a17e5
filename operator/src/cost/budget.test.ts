import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ceilingOf, isOver, recent, type Total } from './budget.ts'

const cost = { base: 0, hardware: 0, inference: 0, total: 0 }
const bounds = { min: 2, max: 10 }

for (const [what, budget, priced, ceiling] of [
  ['as many pods as it pays for', 5, { cost, perPod: 1 }, 5],
  ['no part of a pod', 5.99, { cost, perPod: 1 }, 5],
  ['storage before the first pod', 5.99, { cost: { ...cost, base: 1 }, perPod: 1 }, 4],
  ['whole pods whatever the rounding of doubles', 0.3, { cost, perPod: 0.1 }, 3],
  ['no fewer pods than the minimum', 0, { cost, perPod: 1 }, 2],
  ['no more pods than spec says', 500, { cost, perPod: 1 }, 10],
  ['requests at any price', 5, { cost: { ...cost, inference: 100, total: 100 }, perPod: 1 }, 5],
  ['any number of pods that cost nothing', 0, { cost, perPod: 0 }, 10],
  ['any number of pods before the first one', 0, { cost, perPod: undefined }, 10],
] as const)
  test(`a budget allows ${what}`, () => {
    assert.equal(ceilingOf(budget, priced, bounds), ceiling)
  })

test('an autoscaler that may sleep keeps one pod', () => {
  assert.equal(ceilingOf(0, { cost, perPod: 1 }, { min: 0, max: 3 }), 1)
})

/** Minute by minute, what a budget of 10 is after each total. */
const story = (totals: readonly number[], first?: boolean): readonly boolean[] => {
  let [seen, was]: [readonly Total[], boolean | undefined] = [[], first]
  return totals.map((total, minute) => {
    seen = recent(seen, { total, at: minute * 60_000 })
    was = isOver(10, seen, was)
    return was
  })
}
const minutes = (count: number, total: number): readonly number[] =>
  Array.from({ length: count }, () => total)

test('the first total decides', () => {
  assert.deepEqual([story([10]), story([10.01])], [[false], [true]])
})

test('a budget is exceeded by what lasts five minutes, and by nothing shorter', () => {
  assert.deepEqual(story([9, ...minutes(7, 11)]).indexOf(true), 6)
  assert.ok(!story([9, ...minutes(5, 11), 9, ...minutes(5, 11), 9]).includes(true))
})

test('it holds again when the total was below 95 % for five minutes', () => {
  assert.deepEqual(story([11, ...minutes(7, 9.5)]).indexOf(false), 6)
  assert.ok(!story([11, ...minutes(30, 9.6)]).includes(false))
})

test('a total that moves around the budget changes nothing', () => {
  const moving = Array.from({ length: 60 }, (_, minute) => (minute % 2 === 0 ? 9.7 : 10.3))
  assert.deepEqual(new Set(story(moving)), new Set([false]))
  assert.deepEqual(new Set(story(moving, true)), new Set([true]))
})

test('what held before the operator started holds until five minutes say otherwise', () => {
  assert.deepEqual(story(minutes(7, 11), false), [false, false, false, false, false, true, true])
  assert.deepEqual(story(minutes(7, 1), true), [true, true, true, true, true, false, false])
})

test('totals are kept for five minutes', () => {
  let seen: readonly Total[] = []
  for (let minute = 0; minute < 100; minute += 1) seen = recent(seen, { total: 1, at: minute * 60_000 })
  assert.equal(seen.length, 6)
})
