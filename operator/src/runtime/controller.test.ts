import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as settle } from 'node:timers/promises'
import { ApiError } from '@gantry/kube/errors.ts'
import type { LogFields } from '@gantry/kube/log.ts'
import { manualClock } from '@gantry/kube/testing/clock.ts'
import { workQueue } from '@gantry/kube/workqueue.ts'
import { type Outcome, runController } from './controller.ts'
import { ReconcileError } from './errors.ts'
import type { Result } from './result.ts'

const settled: Result = { kind: 'settled' }

/** Runs a controller; each pass ends as `outcomes` says in turn, and as settled after that. */
const controlling = async (t: TestContext, outcomes: readonly (Result | Error)[], workers = 1) => {
  const clock = manualClock()
  const queue = workQueue(clock)
  const passes: string[] = []
  const seen: Outcome[] = []
  const logged: LogFields[] = []
  const write = (_: string, fields?: LogFields): void => void logged.push(fields ?? {})
  const [taking, aborting] = [new AbortController(), new AbortController()]
  const running = runController(
    {
      ...{ queue, clock, workers },
      log: { error: write, warn: write, info: write, debug: () => {} },
      onPass: (outcome) => void seen.push(outcome),
      reconcile: async (key) => {
        passes.push(key)
        const outcome = outcomes[passes.length - 1] ?? settled
        if (outcome instanceof Error) throw outcome
        return outcome
      },
    },
    { taking: taking.signal, passes: aborting.signal },
  )
  t.after(async () => {
    taking.abort()
    await running
  })
  return { clock, queue, passes, seen, logged }
}

test('a settled model gets its next pass with the next event, not before', async (t) => {
  const { clock, queue, passes, seen } = await controlling(t, [])
  queue.add('shop/m')
  await clock.advance(24 * 3_600_000)
  assert.deepEqual(passes, ['shop/m'])
  queue.add('shop/m')
  await settle()
  assert.deepEqual(seen, ['settled', 'settled'])
})

test('a waiting model comes back after its time', async (t) => {
  const { clock, queue, passes, seen } = await controlling(t, [
    { kind: 'waiting', reason: 'EventsDue', afterMs: 5_000 },
  ])
  queue.add('shop/m')
  await clock.advance(4_999)
  assert.equal(passes.length, 1)
  await clock.advance(1)
  assert.deepEqual(seen, ['waiting', 'settled'])
})

test('a failed pass is tried again with growing waits until it succeeds', async (t) => {
  const { clock, queue, passes, seen, logged } = await controlling(t, [
    new Error('broken'),
    new ReconcileError('ApiUnavailable', 'backoff', 'broken'),
    new ApiError(503, 'ServiceUnavailable', 'broken'),
  ])
  queue.add('shop/m')
  await clock.advance(500 + 1_000 + 2_000)
  assert.equal(passes.length, 4)
  assert.deepEqual(seen, ['error', 'error', 'error', 'settled'])
  assert.deepEqual(
    logged.map(({ reason }) => reason),
    ['Unexpected', 'ApiUnavailable', 'ServiceUnavailable'],
  )
  await clock.advance(3_600_000)
  assert.equal(passes.length, 4)
})

test('what only a change can mend waits for a change', async (t) => {
  const { clock, queue, passes } = await controlling(t, [new ReconcileError('ApiUnavailable', 'never', 'no')])
  queue.add('shop/m')
  await clock.advance(3_600_000)
  assert.equal(passes.length, 1)
})

test('Retry-After is respected, also that of a cause', async (t) => {
  const busy = new ApiError(429, 'TooManyRequests', 'busy', 30_000)
  const { clock, queue, passes } = await controlling(t, [
    busy,
    new ReconcileError('ApiUnavailable', 'backoff', 'could not apply', { cause: busy }),
  ])
  queue.add('shop/m')
  await clock.advance(29_999)
  assert.equal(passes.length, 1)
  await clock.advance(1)
  assert.equal(passes.length, 2)
  await clock.advance(29_999)
  assert.equal(passes.length, 2)
  await clock.advance(1)
  assert.equal(passes.length, 3)
})

test('one bad model does not keep the others from their passes', async (t) => {
  const { clock, queue, passes } = await controlling(t, [new Error('broken')])
  queue.add('shop/bad')
  queue.add('shop/good')
  await clock.advance(0)
  assert.deepEqual(passes, ['shop/bad', 'shop/good'])
})

test('when it is to stop it takes nothing more and finishes what is under way', async () => {
  const clock = manualClock()
  const queue = workQueue(clock)
  const passing = Promise.withResolvers<Result>()
  const stop = { taking: new AbortController(), passes: new AbortController() }
  const log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
  let ended = false
  const running = runController(
    { queue, clock, log, workers: 2, reconcile: () => passing.promise },
    { taking: stop.taking.signal, passes: stop.passes.signal },
  ).then(() => {
    ended = true
  })
  queue.add('shop/a')
  await settle()
  stop.taking.abort()
  queue.add('shop/b')
  await settle()
  assert.ok(!ended)
  passing.resolve(settled)
  await running
  assert.equal(queue.length(), 1, 'shop/b is left')
})

test('a pass that was cut off is no failure, and its model is still due', async () => {
  const clock = manualClock()
  const queue = workQueue(clock)
  const stop = new AbortController()
  const seen: Outcome[] = []
  const fail = (): void => assert.fail('nothing to report')
  const log = { error: fail, warn: fail, info: fail, debug: () => {} }
  const reconcile = (_: string, signal: AbortSignal) =>
    new Promise<Result>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const running = runController(
    { queue, clock, log, workers: 1, reconcile, onPass: (outcome) => void seen.push(outcome) },
    { taking: stop.signal, passes: stop.signal },
  )
  queue.add('shop/a')
  await settle()
  stop.abort()
  await running
  assert.deepEqual(seen, ['aborted'])
  assert.equal(queue.length(), 1)
})
