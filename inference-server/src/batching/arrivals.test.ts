import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../testing/random.ts'
import { createArrivals } from './arrivals.ts'

test('knows the oldest, whichever item leaves (seeded)', () => {
  const random = seededRandom(5)
  const arrivals = createArrivals<number>()
  const expected: { readonly item: number; readonly leave: () => void }[] = []
  for (let item = 0; item < 2000; item++) {
    if (random() < 0.55) expected.push({ item, leave: arrivals.add(item) })
    else {
      const [gone] = expected.splice(Math.floor(random() * expected.length), 1)
      gone?.leave()
      gone?.leave()
    }
    assert.equal(arrivals.size(), expected.length)
    assert.equal(arrivals.oldest(), expected[0]?.item)
  }
})
