import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axisSum } from './axis-name.ts'

test('reads names of axes that are sums', () => {
  assert.deepEqual(axisSum('past + sequence'), { names: ['past', 'sequence'], entries: 0 })
  assert.deepEqual(axisSum('past+sequence + 1'), { names: ['past', 'sequence'], entries: 1 })
})

for (const name of ['sequence', '', '+', 'a + ', 'a - 1', '2*a + 1', 'a + b (new)'])
  test(`takes '${name}' for a plain name`, () => assert.equal(axisSum(name), undefined))
