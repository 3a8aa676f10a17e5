import assert from 'node:assert/strict'
import { test } from 'node:test'
import { categoryKey } from './category-key.ts'
import { createJudgement } from './judgement.ts'
import { createWindow } from './window.ts'

const salt = 'of a test'.padEnd(16)
const reference = {
  format: 1,
  samples: 1000,
  salt,
  features: [
    {
      name: 'x',
      kind: 'category',
      values: ['a', 'b'].map(categoryKey(salt)),
      counts: [500, 500],
      missing: 0,
    },
  ],
} as const

/** A judgement of rows that are b with this share. */
const world = () => {
  const time = { now: 0 }
  const window = createWindow(reference, () => time.now)
  const judgement = createJudgement(reference, window, () => new Date(time.now))
  const see = (rows: number, share: number): void => {
    for (let row = 0; row < rows; row++) {
      window.count()
      window.add(0, (row % 100) / 100 < share ? 'b' : 'a')
    }
  }
  const drifting = () => judgement.state().features.map(({ name, since }) => [name, since])
  return { time, see, drifting, judgement }
}

test('nothing is judged before there are 500 rows', () => {
  const { see, judgement } = world()
  see(499, 1)
  assert.deepEqual(judgement.state(), { samples: 499, enough: false, features: [] })
  see(1, 1)
  assert.equal(judgement.state().features.length, 1)
})

test('a feature that drifts goes on to do so until it is well below the limit, since the same time', () => {
  const { time, see, drifting } = world()
  time.now = 1000
  see(5000, 0.8)
  assert.deepEqual(drifting(), [['x', '1970-01-01T00:00:01.000Z']])
  time.now = 2000
  see(5000, 0.68) // the two together have an index between the two limits
  see(5000, 0.68)
  assert.deepEqual(drifting(), [['x', '1970-01-01T00:00:01.000Z']])
  see(15_000, 0.5)
  assert.deepEqual(drifting(), [])
  see(15_000, 0.68)
  assert.deepEqual(drifting(), [])
  time.now += 2 * 86_400_000
  assert.deepEqual(drifting(), [])
})
