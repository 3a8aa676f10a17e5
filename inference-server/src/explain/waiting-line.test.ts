import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Failure } from '../failures/errors.ts'
import { manualClock } from '../testing/clock.ts'
import { createWaitingLine } from './waiting-line.ts'

const never = () => new Promise<string>(() => {})
const stays = { timeoutMs: 1000, gone: () => false }
const kindOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (result) => result,
    ({ kind }: Failure) => kind,
  )

describe('a line of one at a time, of which one waits,', () => {
  const line = () => {
    const clock = manualClock()
    return { clock, ...createWaitingLine({ atATime: 1, mostWaiting: 1, clock }) }
  }

  test('takes the next when one has ended, even if it failed', async () => {
    const { during } = line()
    const first = kindOf(during(() => Promise.reject(new Error('broken')), stays))
    const second = during(async () => 'made', stays)
    assert.equal(await first, undefined)
    assert.equal(await second, 'made')
  })

  test('refuses a third, and says when to come back by how long the latest took', async () => {
    const { during, clock } = line()
    await during(async () => clock.advance(7000), stays)
    const running = during(never, stays)
    running.catch(() => {})
    const waiting = kindOf(during(never, stays))
    await assert.rejects(during(never, stays), ({ kind, retryAfterSeconds }: Failure) => {
      assert.deepEqual([kind, retryAfterSeconds], ['queue-full', 7])
      return true
    })
    clock.advance(1000)
    assert.equal(await waiting, 'timeout')
  })

  test('counts nobody who has left', async () => {
    const { during, length } = line()
    void during(never, stays)
    let gone = false
    const left = kindOf(during(never, { ...stays, gone: () => gone }))
    assert.equal(length(), 1)
    gone = true
    void during(never, stays)
    assert.equal(await left, 'cancelled')
    assert.equal(length(), 1)
  })
})
