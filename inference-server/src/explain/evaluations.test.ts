import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../failures/errors.ts'
import { newTimings } from '../requests/timings.ts'
import { newUsage } from '../requests/usage.ts'
import { createEvaluations, type EvaluationsOptions } from './evaluations.ts'
import { createTurnsBeside } from './turns-beside.ts'

const idle = { isFree: () => true, submittedMs: () => Number.NEGATIVE_INFINITY }

/** @param msEach what an evaluation takes of the clock */
const made = (msEach: number, rest: Partial<EvaluationsOptions> = {}) => {
  const time = { now: 0 }
  const nowMs = (): number => time.now
  const runs: number[] = []
  const evaluations = createEvaluations({
    turns: createTurnsBeside(nowMs),
    spare: idle,
    nowMs,
    deadlineMs: 1e6,
    deadline: '1000 s',
    isOwnDeadline: false,
    caller: { timings: newTimings(), usage: newUsage() },
    mostRows: 1e6,
    onRows: () => {},
    ...rest,
  })
  const ask = async (from: number, to: number): Promise<number> => {
    runs.push(to - from)
    time.now += (to - from) * msEach
    return to - from
  }
  return { time, runs, evaluations, ask }
}

describe('evaluations', () => {
  test('share a run as far as it takes five milliseconds, twice as many each time', async () => {
    const { runs, evaluations, ask } = made(0.3)
    await evaluations.run(60, ask)
    assert.deepEqual(runs, [1, 2, 4, 8, 16, 16, 13])
    assert.equal(evaluations.rows(), 60)
  })

  test('run one by one where one takes longer', async () => {
    const { runs, evaluations, ask } = made(20)
    await evaluations.run(3, ask)
    assert.deepEqual(runs, [1, 1, 1])
  })

  test('never share a run where their rows would meet', async () => {
    const { runs, evaluations, ask } = made(0.1)
    await evaluations.run(3, ask, { atOnce: 1 })
    assert.deepEqual(runs, [1, 1, 1])
  })

  test('are asked again where predictions had taken the place', async () => {
    const { runs, evaluations, ask } = made(1)
    let refusals = 3
    await evaluations.run(2, async (from, to) => {
      if (refusals-- > 0) throw new Failure('queue-full', 'full')
      return ask(from, to)
    })
    assert.deepEqual(runs, [1, 1])
  })

  test('end when the deadline has passed, with how many there were', async () => {
    const { evaluations, ask } = made(10, { deadlineMs: 25, deadline: '0.025 s' })
    await assert.rejects(evaluations.run(10, ask), ({ kind, message }: Failure) => {
      assert.equal(kind, 'timeout')
      assert.match(message, /about 3 rows within 0\.025 s/)
      return true
    })
  })

  test('end when their caller has left', async () => {
    let gone = false
    const caller = { timings: newTimings(), usage: newUsage(), gone: () => gone }
    const { runs, evaluations, ask } = made(10, { caller })
    const run = evaluations.run(10, (from, to) => {
      gone = true
      return ask(from, to)
    })
    await assert.rejects(run, ({ kind }: Failure) => kind === 'cancelled')
    assert.deepEqual(runs, [1])
  })
})
