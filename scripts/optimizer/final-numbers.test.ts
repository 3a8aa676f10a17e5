import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalBy } from './final-numbers.ts'

const results = (before: number | undefined, after: number | undefined, metric = 'accuracy') => ({
  status: {
    results: [
      { name: 'before', metrics: before === undefined ? {} : { [metric]: before } },
      { name: 'after', metrics: after === undefined ? {} : { [metric]: after } },
    ],
  },
})

test('a model that loses more than is allowed as it is served is refused with the numbers', () => {
  assert.equal(refusalBy(results(0.9, 0.89), 'accuracy', 0.01), undefined)
  assert.match(
    refusalBy(results(0.9, 0.88), 'accuracy', 0.01) ?? '',
    /is 0\.8800, and was 0\.9000; 0\.01 may be lost/,
  )
})

test('of an error, a rise is what is lost', () => {
  assert.equal(refusalBy(results(2, 1, 'meanSquaredError'), 'meanSquaredError', 0.01), undefined)
  assert.notEqual(refusalBy(results(1, 2, 'meanSquaredError'), 'meanSquaredError', 0.01), undefined)
})

test('a model that the server could not measure is refused', () => {
  assert.match(
    refusalBy(results(0.9, undefined), 'accuracy', 1) ?? '',
    /did not measure accuracy of the optimized/,
  )
})
