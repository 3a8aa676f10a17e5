import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { manualClock } from '../testing/clock.ts'
import { newTrace } from '../traceparent.ts'
import { createSpanQueue } from './span-queue.ts'
import type { Span, TracedRequest } from './spans.ts'

const request = (): TracedRequest => ({
  trace: newTrace(),
  endpoint: 'infer',
  at: 0,
  durationMs: 1,
  status: 200,
})

/** A queue whose requests make two spans each, in front of a collector that the test plays. */
const world = () => {
  const clock = manualClock()
  const errors: Readonly<Record<string, unknown>>[] = []
  const batches: { readonly spans: number; readonly end: (error?: Error) => void }[] = []
  const silent = (): void => {}
  const queue = createSpanQueue({
    spansOf: () => [{}, {}] as Span[],
    send: ({ length: spans }) =>
      new Promise((resolve, reject) => {
        batches.push({ spans, end: (error) => (error ? reject(error) : resolve()) })
      }),
    clock,
    log: {
      error: (_message, fields = {}) => errors.push(fields),
      warn: silent,
      info: silent,
      debug: silent,
      flush: async () => {},
    },
  })
  const add = (count: number): void => {
    for (let index = 0; index < count; index++) queue.add(request())
  }
  const end = async (index: number, error?: Error): Promise<void> => {
    batches[index]?.end(error)
    await turn()
  }
  return { clock, errors, batches, queue, add, end }
}
const away = new Error('connect ECONNREFUSED 127.0.0.1:4318')

describe('spans on their way', () => {
  test('go together, a second after the first', async () => {
    const { clock, batches, queue, add, end } = world()
    add(3)
    clock.advance(999)
    assert.equal(batches.length, 0)
    clock.advance(1)
    assert.deepEqual(
      batches.map(({ spans }) => spans),
      [6],
    )
    await end(0)
    assert.deepEqual([queue.sent(), queue.dropped()], [6, 0])
  })

  test('go at once when many wait, one batch after the other', async () => {
    const { batches, queue, add, end } = world()
    add(64 + 64 + 1)
    await turn()
    assert.deepEqual(
      batches.map(({ spans }) => spans),
      [128],
    )
    await end(0)
    await end(1)
    await end(2)
    assert.deepEqual(
      batches.map(({ spans }) => spans),
      [128, 128, 2],
    )
    assert.equal(queue.sent(), 258)
  })

  test('are dropped and counted where there is no room', () => {
    const { queue, add } = world()
    add(64 + 2048 + 3)
    assert.equal(queue.dropped(), 3 * 5)
  })

  test('a collector that stays away is told of once a minute, with what was lost meanwhile', async () => {
    const { clock, batches, errors, queue, add, end } = world()
    const lose = async (): Promise<void> => {
      add(1)
      clock.advance(1000)
      await end(batches.length - 1, away)
    }
    for (let second = 0; second < 61; second++) await lose()
    assert.deepEqual(errors, [
      { error: away.message, droppedSpans: 2 },
      { error: away.message, droppedSpans: 120 },
    ])
    assert.deepEqual([queue.sent(), queue.dropped()], [0, 122])
  })

  test('the last ones go before the end', async () => {
    const { batches, queue, add, end } = world()
    add(2)
    const closed = queue.close(2000)
    assert.equal(batches.length, 1)
    await end(0)
    await closed
    assert.equal(queue.sent(), 4)
  })

  test('a collector that does not answer does not hold up the end', async () => {
    const { clock, queue, add } = world()
    add(2)
    const closed = queue.close(2000)
    clock.advance(2000)
    await closed
    assert.equal(queue.sent(), 0)
  })
})
