import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventTable, type Row } from './event-table.ts'
import { emptyTallies, type Tally } from './traffic.ts'

const tally = (more: Partial<Tally>): Tally => ({ ...emptyTallies().kept, ...more })

const row = (more: Partial<Row> = {}): Row => ({
  event: 'new version',
  promise: 'none lost',
  seconds: 12.4,
  tallies: {
    kept: tally({ sent: 7, answered: { 1000: 3, 2000: 4 }, slowestMs: 20.6 }),
    fresh: tally({ sent: 6, answered: { 1000: 1 }, lost: { refused: 3, reset: 2 }, slowestMs: 9 }),
  },
  ...more,
})

const lines = (rows: readonly Row[]): readonly string[] => eventTable(rows).split('\n').slice(2)

test('a row says what was sent, answered by any version, and lost in which way', () => {
  assert.deepEqual(lines([row()]), [
    '| new version | none lost | 12 s | 7 | 7 | 0 | 6 | 1 | 5 (3 refused, 2 reset) | 21 ms |',
  ])
})

test('rounds of the same event are one row with their sums, the mean of their times and the slowest answer', () => {
  const quick = { kept: tally({ sent: 1, answered: { 1000: 1 }, slowestMs: 50 }), fresh: tally({}) }
  assert.deepEqual(lines([row(), row({ event: 'evicted' }), row({ seconds: 10, tallies: quick })]), [
    '| new version | none lost | 11 s | 8 | 8 | 0 | 6 | 1 | 5 (3 refused, 2 reset) | 50 ms |',
    '| evicted | none lost | 12 s | 7 | 7 | 0 | 6 | 1 | 5 (3 refused, 2 reset) | 21 ms |',
  ])
})
