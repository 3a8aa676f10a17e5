import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shownDuration } from './duration.ts'

test('a time is told in the largest unit of which it is a whole number', () => {
  for (const [ms, text] of [
    ...([
      [21_600_000, '6 hours'],
      [3_600_000, '1 hour'],
      [300_000, '5 minutes'],
      [5_400_000, '90 minutes'],
    ] as const),
    ...([
      [60_000, '1 minute'],
      [10_000, '10 seconds'],
      [61_000, '61 seconds'],
      [1_500, '1.5 seconds'],
      [0, '0 seconds'],
    ] as const),
  ])
    assert.equal(shownDuration(ms), text)
})
