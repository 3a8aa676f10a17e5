import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as settle } from 'node:timers/promises'
import { manualClock } from './testing/clock.ts'
import { workQueue } from './workqueue.ts'

const open = new AbortController().signal

const queueOnManualClock = () => {
  const clock = manualClock()
  return { clock, queue: workQueue(clock) }
}

test('a key that is added many times before it is taken is worked on once', async () => {
  const { queue } = queueOnManualClock()
  queue.add('a/x')
  queue.add('a/y')
  queue.add('a/x')
  assert.equal(await queue.take(open), 'a/x')
  assert.equal(await queue.take(open), 'a/y')
  assert.equal(queue.length(), 0)
})

test('a key is never with two workers, and comes again when it was added meanwhile', async () => {
  const { queue } = queueOnManualClock()
  queue.add('a/x')
  await queue.take(open)
  queue.add('a/x')
  queue.add('a/x')
  assert.equal(queue.length(), 0, 'not available while a worker has it')
  queue.done('a/x')
  assert.equal(queue.length(), 1)
  assert.equal(await queue.take(open), 'a/x')
  queue.done('a/x')
  assert.equal(queue.length(), 0)
})

test('a worker that waits is woken by a key, one worker per key', async () => {
  const { queue } = queueOnManualClock()
  const taken: (string | undefined)[] = []
  for (let worker = 0; worker < 2; worker += 1) void queue.take(open).then((key) => taken.push(key))
  queue.add('a/x')
  await settle()
  assert.deepEqual(taken, ['a/x'])
  queue.add('a/y')
  await settle()
  assert.deepEqual(taken, ['a/x', 'a/y'])
})

test('waiting workers get undefined when the signal fires', async () => {
  const { queue } = queueOnManualClock()
  const stop = new AbortController()
  const waiting = [queue.take(stop.signal), queue.take(stop.signal)]
  stop.abort()
  assert.deepEqual(await Promise.all(waiting), [undefined, undefined])
  queue.add('a/x')
  assert.equal(await queue.take(stop.signal), undefined, 'nothing is handed out any more')
  assert.equal(queue.length(), 1)
})

test('a stopped worker does not swallow the wake-up that was meant for one who goes on', async () => {
  const { queue } = queueOnManualClock()
  const stop = new AbortController()
  const stopped = queue.take(stop.signal)
  const goesOn = queue.take(open)
  queue.add('a/x') // wakes the first
  stop.abort()
  assert.equal(await stopped, undefined)
  assert.equal(await goesOn, 'a/x')
})

test('addAfter keeps the earliest time, and taking the key drops it', async () => {
  const { clock, queue } = queueOnManualClock()
  queue.addAfter('a/x', 10_000)
  queue.addAfter('a/x', 1_000)
  queue.addAfter('a/x', 5_000)
  await clock.advance(999)
  assert.equal(queue.length(), 0)
  await clock.advance(1)
  assert.equal(await queue.take(open), 'a/x')
  queue.done('a/x')
  queue.addAfter('a/x', 1_000)
  queue.add('a/x')
  await queue.take(open)
  queue.done('a/x')
  await clock.advance(60_000)
  assert.equal(queue.length(), 0, 'the pass made the timer needless')
})

test('the delay of a failing key doubles up to five minutes, another key has its own, success resets it', () => {
  const { queue } = queueOnManualClock()
  const delays = Array.from({ length: 14 }, () => queue.retry('a/x'))
  for (const [index, delay] of delays.entries()) {
    const whole = Math.min(300_000, 500 * 2 ** index)
    assert.ok(delay >= whole / 2 && delay <= whole, `failure ${index + 1} waits ${delay} ms of ${whole}`)
  }
  assert.ok(queue.retry('a/y') <= 500)
  queue.forget('a/x')
  assert.ok(queue.retry('a/x') <= 500)
})

test('a retry waits at least as long as the API server asked', async () => {
  const { clock, queue } = queueOnManualClock()
  assert.equal(queue.retry('a/x', 7_000), 7_000)
  await clock.advance(6_999)
  assert.equal(queue.length(), 0)
  await clock.advance(1)
  assert.equal(queue.length(), 1)
})
