import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { newTrace } from '../requests/traceparent.ts'
import { manualClock } from '../testing/clock.ts'
import type { Exported } from './exporter.ts'
import { createSpanQueue, type ExporterThread } from './span-queue.ts'
import type { TracedRequest } from './spans.ts'

const request = (): TracedRequest => ({
  trace: newTrace(),
  endpoint: 'infer',
  at: 0,
  durationMs: 1,
  status: 200,
})

/** A queue whose requests make two spans each, in front of a thread that the test plays. */
const world = () => {
  const clock = manualClock()
  const errors: Readonly<Record<string, unknown>>[] = []
  const batches: number[] = []
  let started = false
  let ended = false
  let listener = (_exported: Exported): void => {}
  let fail = (_error: Error): void => {}
  const thread = {
    postMessage: (requests: readonly TracedRequest[]) => void batches.push(requests.length),
    on: (event: string, given: never) => {
      if (event === 'message') listener = given
      else fail = given
    },
    terminate: async () => {
      ended = true
    },
  } as unknown as ExporterThread
  const silent = (): void => {}
  const queue = createSpanQueue({
    spawn: () => {
      started = true
      return thread
    },
    clock,
    log: {
      error: (_message, fields = {}) => errors.push(fields),
      warn: silent,
      info: silent,
      debug: silent,
      flush: async () => {},
    },
  })
  return {
    ...{ clock, errors, batches, queue },
    add: (count: number): void => {
      for (let index = 0; index < count; index++) queue.add(request())
    },
    /** The last batch arrives, or does not. */
    end: (error?: string): void =>
      listener({ spans: 2 * (batches.at(-1) ?? 0), ...(error !== undefined && { error }) }),
    fail: (error: Error): void => fail(error),
    started: () => started,
    ended: () => ended,
  }
}
const away = 'connect ECONNREFUSED 127.0.0.1:4318'

describe('requests on their way to the collector', () => {
  test('go together, a second after the first', () => {
    const { clock, batches, queue, add, end } = world()
    add(3)
    clock.advance(999)
    assert.deepEqual(batches, [])
    clock.advance(1)
    assert.deepEqual(batches, [3])
    end()
    assert.deepEqual([queue.sent(), queue.dropped()], [6, 0])
    add(1)
    clock.advance(1000)
    assert.deepEqual(batches, [3, 1])
  })

  test('go at once when many wait, one batch after the other', () => {
    const { clock, batches, queue, add, end } = world()
    add(128 + 128 + 1)
    assert.deepEqual(batches, [128])
    end()
    end()
    clock.advance(1000)
    end()
    assert.deepEqual(batches, [128, 128, 1])
    assert.equal(queue.sent(), 2 * 257)
  })

  test('are dropped and counted where there is no room', () => {
    const { queue, add } = world()
    add(128 + 2048 + 3)
    assert.equal(queue.dropped(), 3 * 5)
  })

  test('a collector that stays away is told of once a minute, with what was lost meanwhile', () => {
    const { clock, errors, queue, add, end } = world()
    for (let second = 0; second < 61; second++) {
      add(1)
      clock.advance(1000)
      end(away)
    }
    assert.deepEqual(errors, [
      { error: away, droppedSpans: 2 },
      { error: away, droppedSpans: 120 },
    ])
    assert.deepEqual([queue.sent(), queue.dropped()], [0, 122])
  })

  test('the last ones go before the end, however many', async () => {
    const { batches, queue, add, end, ended } = world()
    add(130)
    const closed = queue.close(2000)
    end()
    assert.deepEqual(batches, [128, 2])
    assert.equal(ended(), false)
    end()
    await closed
    assert.equal(queue.sent(), 260)
    assert.equal(ended(), true)
  })

  test('a collector that does not answer does not hold up the end', async () => {
    const { clock, queue, add, ended } = world()
    add(2)
    const closed = queue.close(2000)
    clock.advance(2000)
    await closed
    assert.equal(queue.sent(), 0)
    assert.equal(ended(), true)
  })

  test('without any there is no thread, and the end comes at once', async () => {
    const { queue, started } = world()
    await queue.close(2000)
    assert.equal(started(), false)
  })

  test('a thread that fails is told of, and costs spans only', async () => {
    const { errors, queue, add, fail } = world()
    add(130)
    fail(new Error('out of memory'))
    add(1)
    assert.equal(queue.dropped(), 131 * 5)
    assert.equal(errors.length, 1)
    await queue.close(2000)
  })
})
