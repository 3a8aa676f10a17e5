import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../testing/random.ts'
import { bestOf } from './best.ts'

test('the best of many are those that sorting all of them gives, equals in their order', () => {
  const random = seededRandom(5)
  for (let round = 0; round < 300; round++) {
    const count = Math.floor(random() * 60)
    const values = Array.from({ length: count }, (_, at) => ({ at, score: Math.floor(random() * 8) }))
    const most = Math.floor(random() * 20)
    const best = bestOf<(typeof values)[number]>(most, ({ score }) => score)
    for (const value of values) best.add(value)
    const sorted = [...values].sort((one, other) => other.score - one.score).slice(0, most)
    assert.deepEqual(best.inOrder(), sorted)
  }
})
