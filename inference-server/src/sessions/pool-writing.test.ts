import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Failure } from '../failures/errors.ts'
import { manualClock } from '../testing/clock.ts'
import { type FakeWorker, fakeWorker, loadedSession } from '../testing/worker-thread.ts'
import { createPool } from './pool.ts'
import type { Progress } from './session-messages.ts'
import { plainSettings } from './writing-settings.ts'

/** A pool whose workers have loaded. */
const world = (size = 1) => {
  const clock = manualClock()
  const workers: FakeWorker[] = []
  const pool = createPool({
    size,
    clock,
    onCrash: () => {},
    spawn: () => {
      const worker = fakeWorker()
      workers.push(worker)
      return worker
    },
  })
  const worker = (index: number): FakeWorker => {
    const found = workers[index]
    assert.ok(found)
    return found
  }
  for (let index = 0; index < size; index++) worker(index).say({ kind: 'loaded', session: loadedSession })
  const tokens: (number | undefined)[] = []
  const write = () =>
    pool.write({ promptIds: [1], settings: plainSettings }, (token) => void tokens.push(token))
  const say = (index: number, ...progress: Progress[]): void => worker(index).say({ kind: 'wrote', progress })
  const written = (index: number): number[] =>
    worker(index).posted.flatMap((message) => (message.kind === 'write' ? [message.writing.id] : []))
  return { clock, pool, worker, write, say, written, tokens }
}

describe('texts in the pool', () => {
  test('tokens reach their caller, until the end', async () => {
    const { write, say, written, tokens } = world()
    const { ended } = write()
    const [id = -1] = written(0)
    say(0, { id, token: 4 })
    say(0, { id, token: 7, ending: 'eos' })
    say(0, { id, token: 9 })
    assert.equal(await ended, 'eos')
    assert.deepEqual(tokens, [4, 7])
  })

  test('one whose beams go on is not stuck, though it has no token yet', () => {
    const { write, say, written, tokens, clock, pool } = world()
    write()
    const [id = -1] = written(0)
    clock.advance(900)
    say(0, { id, searching: true })
    clock.advance(10)
    assert.equal(pool.longestRunMs(), 10)
    assert.deepEqual(tokens, [undefined])
  })

  test('each goes to the worker that has least to do', () => {
    const { write, written } = world(2)
    for (let count = 0; count < 4; count++) write()
    assert.deepEqual([written(0).length, written(1).length], [2, 2])
  })

  test('one that is left is told to its worker, and tells nothing any more', () => {
    const { write, say, written, tokens, worker } = world()
    const { leave } = write()
    const [id = -1] = written(0)
    leave()
    assert.deepEqual(worker(0).posted.at(-1), { kind: 'leave', id })
    say(0, { id, token: 4 })
    assert.deepEqual(tokens, [])
  })

  test('a failed step is a failure of the texts in it', async () => {
    const { write, say, written } = world()
    const { ended } = write()
    say(0, { id: written(0)[0] ?? -1, failure: 'a shape does not fit' })
    await assert.rejects(
      ended,
      (failure: Failure) => failure.kind === 'inference-failed' && failure.cause === 'a shape does not fit',
    )
  })

  test('a worker that ends takes its texts along, to be tried again', async () => {
    const { write, worker } = world()
    const { ended } = write()
    worker(0).crash('out of luck')
    await assert.rejects(ended, (failure: Failure) => failure.kind === 'unavailable')
  })

  test('a text counts as stuck by its latest token, not by its length', () => {
    const { clock, pool, write, say, written } = world()
    write()
    clock.advance(5000)
    assert.equal(pool.longestRunMs(), 5000)
    say(0, { id: written(0)[0] ?? -1, token: 4 })
    assert.equal(pool.longestRunMs(), 0)
  })

  test('closing waits for the texts that are being written', async () => {
    const { pool, write, say, written, worker } = world()
    write()
    const closed = pool.close()
    assert.ok(!worker(0).posted.some(({ kind }) => kind === 'close'))
    say(0, { id: written(0)[0] ?? -1, token: 4, ending: 'length' })
    assert.equal(worker(0).posted.at(-1)?.kind, 'close')
    worker(0).exit(0)
    await closed
  })
})
