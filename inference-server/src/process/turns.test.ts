import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inTurns } from './turns.ts'

/** A clock that work moves on. */
const manual = () => {
  let now = 0
  return {
    nowMs: () => now,
    pass: (ms: number): void => {
      now += ms
    },
  }
}

/** How often others had a turn until the promise settled. */
const turnsOf = async (promise: Promise<unknown>): Promise<number> => {
  let turns = 0
  let settled = false
  const count = (): void => {
    turns += 1
    if (!settled) setImmediate(count)
  }
  setImmediate(count)
  await promise.finally(() => {
    settled = true
  })
  return turns
}

const ten = Array.from({ length: 10 }, (_, index) => index)

describe('many values', () => {
  test('leave a turn to others whenever 10 ms have gone into them', async () => {
    const clock = manual()
    const work = (): void => clock.pass(5)
    assert.ok((await turnsOf(inTurns(ten, work, { ...clock, atATime: 4 }))) >= 4)
  })

  test('that take no time are done in one go', async () => {
    assert.equal(await turnsOf(inTurns(ten, () => 0, { ...manual(), atATime: 4 })), 0)
  })

  test('are answered in order, some at a time', async () => {
    let running = 0
    let most = 0
    const work = async (value: number): Promise<number> => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return value * 2
    }
    const results = await inTurns(ten, work, { ...manual(), atATime: 4 })
    assert.deepEqual([results, most], [ten.map((value) => value * 2), 4])
  })
})

test('what one value throws at once is heard beside promises that fail later', async () => {
  const work = (value: number): Promise<number> => {
    if (value === 1) throw new Error('at once')
    return Promise.reject(new Error('later'))
  }
  await assert.rejects(inTurns([1, 2, 3], work, { ...manual(), atATime: 4 }), /at once/)
})
