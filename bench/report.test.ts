import assert from 'node:assert/strict'
import { test } from 'node:test'
import { percentile } from './report.ts'

test('a percentile is the smallest value that so many are not above', () => {
  assert.equal(percentile([1, 2, 3, 4], 0.5), 2)
  assert.equal(percentile([1, 2, 3, 4], 0.99), 4)
  assert.equal(percentile([7], 0.5), 7)
})
