import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Failure } from '../failures/errors.ts'
import { newTimings } from '../requests/timings.ts'
import { newUsage } from '../requests/usage.ts'
import { manualClock } from '../testing/clock.ts'
import { until } from '../testing/until.ts'
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
    clock: { nowMs, after: () => () => {} },
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

  test('end when the deadline has passed, with how many there were', async () => {
    const { evaluations, ask } = made(10, { deadlineMs: 25, deadline: '0.025 s' })
    await assert.rejects(evaluations.run(10, ask), ({ kind, message }: Failure) => {
      assert.equal(kind, 'timeout')
      assert.match(message, /about 3 rows within 0\.025 s/)
      return true
    })
  })

  test('end with a deadline that passes during a run, which is left to itself', async () => {
    const clock = manualClock()
    const { evaluations } = made(10, { clock, deadlineMs: 50 })
    const run = evaluations.run(1, () => new Promise(() => {}))
    await until(() => clock.timers() === 1)
    clock.advance(50)
    await assert.rejects(run, ({ kind }: Failure) => kind === 'timeout')
  })

  test('give way to predictions every five milliseconds of work on the thread', async () => {
    const took: number[] = []
    const turns = { next: async () => {}, took: (ms: number) => void took.push(ms) }
    const { time, evaluations } = made(0, { turns })
    function* steps(): Generator<undefined, string> {
      for (let step = 0; step < 12; step++) {
        time.now += 1
        yield
      }
      return 'done'
    }
    assert.equal(await evaluations.work(steps()), 'done')
    assert.deepEqual(took, [5, 5, 2])
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
