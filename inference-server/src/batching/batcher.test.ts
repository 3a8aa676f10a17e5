import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../failures/errors.ts'
import { type NamedTensors, noTensors, rowsOf, type Tensor } from '../tensors/tensor.ts'
import { manualClock } from '../testing/clock.ts'
import { seededRandom } from '../testing/random.ts'
import { fp32, named } from '../testing/tensors.ts'
import { type Batcher, createBatcher } from './batcher.ts'
import type { BatcherLimits } from './limits.ts'
import type { BatchRun, LostRows, RunBatch, Runners } from './runners.ts'

interface PendingRun {
  readonly by: 'usual' | 'lane' | 'beside'
  readonly inputs: NamedTensors
  readonly rows: number | undefined
  /** Answers with y = 2 x. */
  readonly finish: (inferMs?: number) => void
  readonly finishWith: (outputs: NamedTensors, lost?: LostRows) => void
  readonly fail: (error: Error) => void
}

const double = (inputs: NamedTensors): NamedTensors => {
  const { dtype, shape, data } = inputs.get('x') as Tensor
  return named({
    y: { dtype, shape, data: (data as Float32Array).map((value) => value * 2) as Float32Array<ArrayBuffer> },
  })
}

const limits: BatcherLimits = { maxRows: 4, maxDelayMs: 0, maxQueue: 100, timeoutMs: 1000 }

interface WorldOptions {
  readonly limits?: Partial<BatcherLimits>
  readonly batchable?: boolean
  readonly runsAlone?: (rows: number) => boolean
  readonly runners?: number
  readonly maxTokens?: number
  /** Lanes that there are, each with its share of `maxTokens`. */
  readonly lanes?: number
  /** Whether they have opened. */
  readonly open?: () => boolean
  /** Called when the lanes are asked to open. */
  readonly asked?: () => void
  readonly onRowsMet?: (reason: string) => void
}

/** A batcher whose runs, clock and turns of the event loop the test holds. */
const world = ({
  limits: change = {},
  batchable = true,
  runsAlone,
  runners = 1,
  maxTokens = Number.POSITIVE_INFINITY,
  lanes,
  open = () => true,
  asked = () => {},
  onRowsMet = () => assert.fail('rows met'),
}: WorldOptions = {}) => {
  const clock = manualClock()
  const runs: PendingRun[] = []
  const turns: (() => void)[] = []
  const batches: number[] = []
  /** Runs that go on, by whom. */
  const busy = { usual: 0, lane: 0, beside: 0 }
  const runBy =
    (by: PendingRun['by']): RunBatch =>
    async (inputs, rows) => {
      const { promise, resolve, reject } = Promise.withResolvers<BatchRun>()
      busy[by] += 1
      runs.push({
        by,
        inputs,
        rows,
        finish: (inferMs = 1) => resolve({ outputs: double(inputs), inferMs }),
        finishWith: (outputs, lost) => resolve({ outputs, inferMs: 1, ...(lost && { lost }) }),
        fail: reject,
      })
      return promise.finally(() => {
        busy[by] -= 1
      })
    }
  const runnersOf = (by: PendingRun['by'], rest: Pick<Runners, 'count' | 'maxTokens'>): Runners => ({
    ...rest,
    run: runBy(by),
  })
  const batcher: Batcher = createBatcher({
    limits: { ...limits, ...change },
    usual: runnersOf('usual', { count: runners, maxTokens: () => maxTokens }),
    beside: runBy('beside'),
    lanes:
      lanes === undefined
        ? undefined
        : {
            runners: runnersOf('lane', { count: lanes, maxTokens: () => maxTokens / lanes }),
            ready: open,
            open: asked,
          },
    firstWay: { by: lanes === undefined ? 'usual' : 'lanes', rows: Number.POSITIVE_INFINITY },
    batchable,
    onRowsMet,
    runsAlone,
    clock,
    soon: (callback) => turns.push(callback),
    onBatch: (rows) => batches.push(rows),
  })
  /** Ends the turn of the event loop, so that what arrived in it is cut; then lets promises settle. */
  const turn = async (): Promise<void> => {
    for (const callback of turns.splice(0)) callback()
    for (let round = 0; round < 8; round++) await null
    if (turns.length > 0) await turn()
  }
  const next = (): PendingRun => runs.shift() ?? assert.fail('no batch is running')
  /** One run, so that the batcher knows how long they take. */
  const runOnce = async (inferMs: number): Promise<void> => {
    void batcher.submit({ inputs: row(0) })
    await turn()
    next().finish(inferMs)
    await turn()
    batches.length = 0
  }
  return { clock, runs, batches, batcher, turn, next, runOnce }
}

const row = (value: number): NamedTensors => named({ x: fp32([1, 1], [value]) })
const rows = (...values: number[]): NamedTensors => named({ x: fp32([values.length, 1], values) })
const numbersOf = (tensors: NamedTensors, name = 'x'): number[] =>
  Array.from((tensors.get(name) as Tensor).data as Float32Array)
const kindOf = (error: unknown): string => (error instanceof Failure ? error.kind : String(error))
const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'answered', kindOf)

describe('a batch', () => {
  test('is what arrived while the runner was busy, and everyone gets their own rows', async () => {
    const { batcher, turn, next, batches } = world()
    const first = batcher.submit({ inputs: row(1) })
    await turn()
    const later = [2, 3, 4].map((value) => batcher.submit({ inputs: row(value) }))
    await turn()
    assert.deepEqual(batches, [1])
    next().finish()
    await turn()
    assert.deepEqual(numbersOf((await first).outputs, 'y'), [2])
    const run = next()
    assert.deepEqual(numbersOf(run.inputs), [2, 3, 4])
    run.finish()
    assert.deepEqual(
      (await Promise.all(later)).map(({ outputs }) => numbersOf(outputs, 'y')),
      [[4], [6], [8]],
    )
  })

  test('takes together what arrives in the same turn of the event loop', async () => {
    const { batcher, turn, next } = world()
    void batcher.submit({ inputs: row(1) })
    void batcher.submit({ inputs: row(2) })
    await turn()
    assert.deepEqual(numbersOf(next().inputs), [1, 2])
  })

  test('never holds more than maxRows rows', async () => {
    const { batcher, turn, next, batches } = world()
    for (const value of [1, 2, 3, 4, 5, 6]) void batcher.submit({ inputs: row(value) })
    await turn()
    next().finish()
    await turn()
    assert.deepEqual(batches, [4, 2])
  })

  test('never mixes tensors that differ in a further axis', async () => {
    const { batcher, turn, next } = world()
    void batcher.submit({ inputs: named({ x: fp32([1, 1], [1]) }) })
    void batcher.submit({ inputs: named({ x: fp32([1, 2], [2, 2]) }) })
    void batcher.submit({ inputs: named({ x: fp32([1, 1], [3]) }) })
    await turn()
    const run = next()
    assert.deepEqual(numbersOf(run.inputs), [1, 3])
    run.finish()
    await turn()
    assert.deepEqual(numbersOf(next().inputs), [2, 2])
  })

  test('is one request, whole, where the model takes no batches', async () => {
    const { batcher, turn, next, batches } = world({ batchable: false })
    void batcher.submit({ inputs: rows(1, 2, 3, 4, 5, 6) })
    void batcher.submit({ inputs: row(7) })
    await turn()
    assert.deepEqual(numbersOf(next().inputs), [1, 2, 3, 4, 5, 6])
    assert.deepEqual(batches, [6])
  })

  test('is one request, whole, where one of so many rows has to run alone', async () => {
    const { batcher, turn, next, batches } = world({ runsAlone: (count) => count === 1 || count > 4 })
    for (const values of [[1, 2], [3], [4, 5], [6, 7, 8, 9, 10]])
      void batcher.submit({ inputs: rows(...values) })
    await turn()
    for (const expected of [[1, 2, 4, 5], [3], [6, 7, 8, 9, 10]]) {
      const run = next()
      assert.deepEqual(numbersOf(run.inputs), expected)
      run.finish()
      await turn()
    }
    assert.deepEqual(batches, [4, 1, 5])
  })

  test('leaves a request alone whose inputs differ in rows, or that has none', async () => {
    const { batcher, turn, next } = world()
    const uneven = named({ x: fp32([1, 1], [1]), w: fp32([2, 1], [8, 9]) })
    void batcher.submit({ inputs: uneven })
    void batcher.submit({ inputs: named({ x: fp32([0, 1], []), w: fp32([0, 1], []) }) })
    await turn()
    const run = next()
    assert.equal(run.inputs, uneven)
    run.finish()
    await turn()
    assert.deepEqual(next().inputs.get('x')?.shape, [0, 1])
  })

  test('runs beside others when there are more runners', async () => {
    const { batcher, turn, runs } = world({ runners: 2, limits: { maxRows: 1 } })
    for (const value of [1, 2, 3]) void batcher.submit({ inputs: row(value) })
    await turn()
    assert.deepEqual(
      runs.map(({ inputs }) => numbersOf(inputs)),
      [[1], [2]],
    )
  })

  test('waits maxDelayMs for company, and no longer once it is full', async () => {
    const { batcher, turn, clock, next, runs, batches } = world({ limits: { maxDelayMs: 10 } })
    void batcher.submit({ inputs: row(1) })
    await turn()
    clock.advance(9)
    assert.equal(runs.length, 0)
    void batcher.submit({ inputs: row(2) })
    await turn()
    clock.advance(1)
    assert.deepEqual(batches, [2])
    next().finish()
    await turn()
    for (const value of [1, 2, 3, 4]) void batcher.submit({ inputs: row(value) })
    await turn()
    assert.deepEqual(batches, [2, 4])
  })
})

/** Texts of one length: input_ids [rows, tokens], which the runs take for their `x`. */
const texts = (count: number, tokens: number): NamedTensors => {
  const ids: Tensor = {
    dtype: 'INT64',
    shape: [count, tokens],
    data: new BigInt64Array(count * tokens),
  }
  return named({ x: fp32([count, 1], new Array<number>(count).fill(tokens)), input_ids: ids })
}

describe('a batch of texts', () => {
  test('has at most maxTokens tokens, the rest of its length runs next', async () => {
    const { batcher, turn, next, batches } = world({ limits: { maxRows: 100 }, maxTokens: 64 })
    for (let count = 0; count < 5; count++) void batcher.submit({ inputs: texts(1, 24) })
    for (let count = 0; count < 5; count++) void batcher.submit({ inputs: texts(1, 16) })
    await turn()
    for (let count = 0; count < 3; count++) {
      next().finish()
      await turn()
    }
    assert.deepEqual(batches, [2, 2, 1, 4])
  })

  test('holds one row at least, and a request of many runs in pieces', async () => {
    const { batcher, turn, next, batches } = world({ limits: { maxRows: 100 }, maxTokens: 64 })
    const long = batcher.submit({ inputs: texts(1, 500) })
    const many = batcher.submit({ inputs: texts(5, 32) })
    await turn()
    for (let count = 0; count < 4; count++) {
      next().finish()
      await turn()
    }
    assert.deepEqual(batches, [1, 2, 2, 1])
    assert.deepEqual(numbersOf((await long).outputs, 'y'), [1000])
    assert.deepEqual(numbersOf((await many).outputs, 'y'), [64, 64, 64, 64, 64])
  })

  test('begins with the oldest, and takes those of its length from all over the queue', async () => {
    const { batcher, turn, next } = world({ limits: { maxRows: 100 }, maxTokens: 64 })
    for (const tokens of [16, 24, 16, 32, 24, 16]) void batcher.submit({ inputs: texts(1, tokens) })
    await turn()
    const ran: number[][] = []
    for (let count = 0; count < 3; count++) {
      const run = next()
      ran.push(numbersOf(run.inputs))
      run.finish()
      await turn()
    }
    assert.deepEqual(ran, [[16, 16, 16], [24, 24], [32]])
  })

  test('is not waited for once it has the tokens', async () => {
    const { batcher, turn, batches } = world({ limits: { maxRows: 100, maxDelayMs: 10 }, maxTokens: 64 })
    void batcher.submit({ inputs: texts(1, 32) })
    await turn()
    assert.deepEqual(batches, [])
    void batcher.submit({ inputs: texts(1, 32) })
    await turn()
    assert.deepEqual(batches, [2])
  })
})

describe('a batch', () => {
  test('begins when a runner is free, and one whose callers have left before is not computed', async () => {
    const { batcher, turn, next, batches, runs } = world()
    void batcher.submit({ inputs: rows(1, 2, 3, 4) })
    const left = outcome(batcher.submit({ inputs: rows(1, 2, 3, 4), gone: () => true }))
    await turn()
    assert.deepEqual(batches, [4])
    next().finish()
    await turn()
    assert.equal(await left, 'cancelled')
    assert.equal(runs.length, 0)
  })

  test('counts as waiting until it begins, and so long its callers wait', async () => {
    const { batcher, turn, next, clock } = world({ limits: { maxQueue: 1 } })
    const first = batcher.submit({ inputs: rows(1, 2, 3, 4) })
    await turn()
    const second = batcher.submit({ inputs: rows(1, 2, 3, 4) })
    assert.equal(batcher.queueLength(), 1)
    assert.equal(await outcome(batcher.submit({ inputs: row(2) })), 'queue-full')
    clock.advance(30)
    next().finish()
    await turn()
    assert.equal(batcher.queueLength(), 0)
    clock.advance(20)
    next().finish()
    assert.deepEqual([(await first).queueMs, (await second).queueMs], [0, 30])
  })
})

describe('lanes', () => {
  const ids = (tokens: number): NamedTensors =>
    named({
      input_ids: { dtype: 'INT64', shape: [1, tokens], data: new BigInt64Array(tokens).fill(7n) },
      x: fp32([1, tokens], new Array<number>(tokens).fill(1)),
    })
  const crowd = { maxTokens: 8, lanes: 2, limits: { maxRows: 100 } } as const
  const submit = async (batcher: Batcher, count: number): Promise<void> => {
    await Promise.all(Array.from({ length: count }, () => batcher.submit({ inputs: ids(2) })))
  }
  const by = (runs: readonly PendingRun[]): string[] => runs.map((run) => `${run.by} ${run.rows}`)

  test('run side by side as soon as a request waits for each', async () => {
    const { batcher, turn, runs, next, runOnce } = world(crowd)
    await runOnce(1)
    const answers = submit(batcher, 7)
    await turn()
    assert.deepEqual(by(runs), ['lane 2', 'lane 2'])
    for (let index = 0; index < 2; index++) next().finish()
    await turn()
    assert.deepEqual(by(runs), ['lane 2', 'lane 1'])
    for (let index = 0; index < 2; index++) next().finish()
    await answers
  })

  test('leave less than that to the usual runner, which has all threads', async () => {
    const { batcher, turn, runs } = world(crowd)
    void submit(batcher, 1)
    await turn()
    assert.deepEqual(by(runs), ['usual 1'])
  })

  test('share what waits evenly, and cut nothing for that which fits in a run', async () => {
    const { batcher, turn, runs, next } = world({ lanes: 2, limits: { maxRows: 8 } })
    for (const value of [1, 2, 3, 4]) void batcher.submit({ inputs: row(value) })
    await turn()
    assert.deepEqual(by(runs), ['lane 2', 'lane 2'])
    for (let index = 0; index < 2; index++) next().finish()
    await turn()
    void batcher.submit({ inputs: rows(1, 2, 3, 4, 5, 6) })
    await turn()
    assert.deepEqual(by(runs), ['lane 6'])
  })

  test('wait until the usual runner has ended, which is given nothing more', async () => {
    const { batcher, turn, runs, next, runOnce } = world(crowd)
    await runOnce(1)
    void submit(batcher, 1)
    await turn()
    void submit(batcher, 9)
    await turn()
    assert.deepEqual(by(runs), ['usual 1'])
    next().finish()
    await turn()
    assert.deepEqual(by(runs), ['lane 2', 'lane 2'])
  })

  test('take all that waits, and hand back a second after the last crowd, though they never were idle', async () => {
    const { batcher, turn, runs, next, clock } = world(crowd)
    void submit(batcher, 4)
    await turn()
    next().finish()
    void submit(batcher, 1)
    await turn()
    assert.deepEqual(by(runs), ['lane 2', 'lane 1'])
    next().finish()
    await turn()
    for (let beat = 0; beat < 4; beat++) {
      clock.advance(300)
      next().finish()
      await turn()
      void submit(batcher, 1)
      await turn()
    }
    assert.deepEqual(by(runs), ['usual 1'])
  })

  test('hand back as soon as one of them is missing', async () => {
    let open = true
    const { batcher, turn, runs, next } = world({ ...crowd, open: () => open })
    void submit(batcher, 12)
    await turn()
    assert.deepEqual(by(runs), ['lane 2', 'lane 2'])
    open = false
    for (let index = 0; index < 2; index++) next().finish()
    await turn()
    assert.deepEqual(by(runs), ['usual 4'])
  })

  test('are not opened for callers who have left', async () => {
    let asked = 0
    const { batcher, turn, runs } = world({ ...crowd, asked: () => (asked += 1) })
    for (let index = 0; index < 8; index++)
      void outcome(batcher.submit({ inputs: ids(2), gone: () => index > 0 }))
    await turn()
    assert.equal(asked, 0)
    assert.deepEqual(by(runs), ['usual 1'])
  })

  test('are asked to open by a crowd only, and the usual runner goes on until they have', async () => {
    let asked = 0
    let open = false
    const { batcher, turn, runs, next } = world({ ...crowd, asked: () => (asked += 1), open: () => open })
    void submit(batcher, 1)
    await turn()
    assert.equal(asked, 0)
    next().finish()
    await turn()
    void submit(batcher, 12)
    await turn()
    assert.deepEqual(by(runs), ['usual 4'])
    assert.ok(asked > 0)
    open = true
    next().finish()
    await turn()
    assert.deepEqual(by(runs), ['lane 2', 'lane 2'])
  })

  test('share requests that can have no company', async () => {
    const { batcher, turn, runs } = world({ batchable: false, lanes: 2 })
    for (let index = 0; index < 2; index++) void batcher.submit({ inputs: rows(1, 2) })
    await turn()
    assert.deepEqual(by(runs), ['lane undefined', 'lane undefined'])
  })
})

describe('fairness', () => {
  test('a large request runs in pieces, single callers in between, and comes back in order', async () => {
    const { batcher, turn, next, batches, clock } = world()
    const finish = (run: PendingRun, inferMs: number): void => {
      clock.advance(inferMs)
      run.finish(inferMs)
    }
    const values = Array.from({ length: 10 }, (_, index) => index)
    const large = batcher.submit({ inputs: rows(...values) })
    await turn()
    const single = batcher.submit({ inputs: row(100) })
    finish(next(), 5)
    await turn()
    const second = next()
    assert.deepEqual(numbersOf(second.inputs), [100], 'the single caller is next, not last')
    finish(second, 1)
    await turn()
    assert.deepEqual(numbersOf((await single).outputs, 'y'), [200])
    finish(next(), 7)
    await turn()
    const { outputs, inferMs, queueMs } = await large
    assert.deepEqual(
      numbersOf(outputs, 'y'),
      values.map((value) => value * 2),
    )
    assert.deepEqual({ inferMs, queueMs }, { inferMs: 12, queueMs: 1 })
    assert.deepEqual(batches, [4, 1, 6])
  })

  test('a piece takes a tenth of a second, a few milliseconds while others wait, and no more rows than maxRows at first', async () => {
    const { batcher, turn, next, batches } = world()
    /** A run of 1 ms for each row. */
    const finish = (): void => {
      const run = next()
      run.finish(run.rows)
    }
    const values = new Array<number>(1000).fill(1)
    const large = batcher.submit({ inputs: rows(...values) })
    await turn()
    for (let piece = 0; piece < 3; piece++) {
      finish()
      await turn()
    }
    assert.deepEqual(batches, [4, 32, 100, 100])
    void batcher.submit({ inputs: rows(...values) })
    finish()
    await turn()
    finish()
    await turn()
    assert.deepEqual(batches.slice(4), [10, 10], 'the second request first, and no request for long')
    while (batcher.pending() > 0) {
      finish()
      await turn()
    }
    assert.equal(numbersOf((await large).outputs, 'y').length, 1000)
  })

  test('a signal of two million samples is a few runs, and one once its cost is known', async () => {
    const { batcher, turn, next, batches } = world({ limits: { maxRows: 32 } })
    const signal = (): NamedTensors =>
      named({ x: { dtype: 'FP32', shape: [2_000_000], data: new Float32Array(2_000_000) } })
    for (let round = 0; round < 2; round++) {
      const answer = batcher.submit({ inputs: signal() })
      await turn()
      while (batcher.pending() > 0) {
        next().finish(0.1)
        await turn()
      }
      assert.deepEqual((await answer).outputs.get('y')?.shape, [2_000_000])
    }
    assert.deepEqual(batches, [32, 256, 2048, 16_384, 131_072, 1_048_576, 801_632, 2_000_000])
  })

  test('pieces that run side by side count once for their caller', async () => {
    const { batcher, turn, next, clock } = world({ runners: 2 })
    const answer = batcher.submit({ inputs: rows(1, 2, 3, 4, 5, 6, 7) })
    await turn()
    clock.advance(10)
    for (let piece = 0; piece < 2; piece++) next().finish(10)
    const { inferMs, queueMs } = await answer
    assert.deepEqual({ inferMs, queueMs }, { inferMs: 10, queueMs: 0 })
  })

  test('a request that does not fit starts the next batch, even where smaller ones follow', async () => {
    const { batcher, turn, next } = world()
    void batcher.submit({ inputs: rows(1, 2, 3) })
    void batcher.submit({ inputs: rows(4, 5) })
    void batcher.submit({ inputs: row(6) })
    await turn()
    const first = next()
    assert.deepEqual(numbersOf(first.inputs), [1, 2, 3, 6])
    void batcher.submit({ inputs: rows(7, 8, 9) })
    first.finish()
    await turn()
    assert.deepEqual(numbersOf(next().inputs), [4, 5])
  })
})

describe('a request fails', () => {
  test('with queue-full when maxQueue others wait, and the next one after them is taken again', async () => {
    const { batcher, turn, next } = world({ limits: { maxQueue: 2, maxRows: 1 } })
    void batcher.submit({ inputs: row(1) })
    await turn()
    void batcher.submit({ inputs: row(2) })
    void batcher.submit({ inputs: row(3) })
    const refused = await batcher.submit({ inputs: row(4) }).catch((error: unknown) => error)
    assert.ok(refused instanceof Failure)
    assert.equal(refused.kind, 'queue-full')
    assert.equal(refused.retryAfterSeconds, 1)
    assert.equal(batcher.queueLength(), 2)
    next().finish()
    await turn()
    assert.equal(batcher.queueLength(), 1)
    void batcher.submit({ inputs: row(5) })
    assert.equal(batcher.queueLength(), 2)
  })

  test('with timeout when it waits too long, and is not computed', async () => {
    const { batcher, turn, clock, next, runs } = world()
    const running = outcome(batcher.submit({ inputs: row(1) }))
    await turn()
    clock.advance(500)
    const waiting = outcome(batcher.submit({ inputs: row(2) }))
    clock.advance(500)
    assert.equal(await running, 'timeout')
    assert.equal(batcher.pending(), 1)
    clock.advance(500)
    assert.equal(await waiting, 'timeout')
    next().finish()
    await turn()
    assert.equal(runs.length, 0)
    assert.equal(batcher.pending(), 0)
  })

  test('with timeout at its own deadline, where that is earlier, and leaves no timer behind', async () => {
    const { batcher, turn, clock, next } = world()
    void batcher.submit({ inputs: row(1) })
    await turn()
    const hurried = outcome(batcher.submit({ inputs: row(2), timeoutMs: 10 }))
    const patient = outcome(batcher.submit({ inputs: row(3), timeoutMs: 5000 }))
    clock.advance(10)
    assert.equal(await hurried, 'timeout')
    next().finish()
    await turn()
    const run = next()
    assert.deepEqual(numbersOf(run.inputs), [3])
    run.finish()
    await turn()
    assert.equal(await patient, 'answered')
    assert.equal(batcher.pending(), 0)
    void batcher.submit({ inputs: row(4), timeoutMs: 100 })
    await turn()
    const before = clock.timers()
    next().finish()
    await turn()
    assert.equal(clock.timers(), before - 1)
  })

  test('never, though its deadline timer has fired for one before it', async () => {
    const { batcher, turn, clock, next } = world()
    void outcome(batcher.submit({ inputs: row(1) }))
    await turn()
    clock.advance(900)
    const second = batcher.submit({ inputs: row(2) })
    clock.advance(100)
    next().finish()
    await turn()
    next().finish()
    await turn()
    assert.deepEqual(numbersOf((await second).outputs, 'y'), [4])
  })

  test('as cancelled, without being computed, when its caller has gone', async () => {
    const { batcher, turn, next } = world()
    void batcher.submit({ inputs: row(1) })
    await turn()
    let gone = false
    const left = outcome(batcher.submit({ inputs: row(2), gone: () => gone }))
    void batcher.submit({ inputs: row(3), gone: () => false })
    gone = true
    next().finish()
    await turn()
    assert.equal(await left, 'cancelled')
    assert.deepEqual(numbersOf(next().inputs), [3])
  })

  test('once, though more of its pieces were to come', async () => {
    const { batcher, turn, next, runs } = world()
    const large = outcome(batcher.submit({ inputs: rows(1, 2, 3, 4, 5, 6) }))
    await turn()
    next().fail(new Failure('unavailable', 'no'))
    await turn()
    assert.equal(await large, 'unavailable')
    assert.equal(runs.length, 0)
    assert.equal(batcher.queueLength(), 0)
  })
})

test('a request that is to be alone shares no run, and the others share theirs', async () => {
  const { batcher, turn, runs } = world()
  void batcher.submit({ inputs: row(1) })
  void batcher.submit({ inputs: row(2), alone: true })
  void batcher.submit({ inputs: row(3) })
  const ran: number[][] = []
  for (let round = 0; round < 2; round++) {
    await turn()
    const run = runs.shift()
    ran.push(numbersOf(run?.inputs ?? new Map()))
    run?.finish()
  }
  assert.deepEqual(ran, [[1, 3], [2]])
})

describe('what one request does to a batch is nothing to the others', () => {
  test('a batch that fails is run again request by request, and only those fail that fail alone', async () => {
    const { batcher, turn, runs } = world()
    const [bad, good] = [1, 2].map((value) => outcome(batcher.submit({ inputs: row(value) })))
    await turn()
    runs.shift()?.fail(new Failure('inference-failed', 'no'))
    for (let round = 0; round < 2; round++) {
      await turn()
      const run = runs.shift()
      assert.equal(run?.rows, undefined)
      if (numbersOf(run?.inputs ?? new Map())[0] === 1) run?.fail(new Failure('inference-failed', 'no'))
      else run?.finish()
    }
    assert.deepEqual([await bad, await good], ['inference-failed', 'answered'])
  })

  test('a worker that ended is no reason to run it again: callers are told to try again', async () => {
    const { batcher, turn, next, runs } = world()
    const both = [1, 2].map((value) => outcome(batcher.submit({ inputs: row(value) })))
    await turn()
    next().fail(new Failure('unavailable', 'no'))
    await turn()
    assert.deepEqual(await Promise.all(both), ['unavailable', 'unavailable'])
    assert.equal(runs.length, 0)
  })
})

describe('pieces of a request that do not fit together', () => {
  /** Answers with as many columns as there are rows, as a model does that fills up to the longest of a run. */
  const filled = ({ inputs, finishWith }: PendingRun): void => {
    const values = numbersOf(inputs)
    const wide = values.flatMap((value) => values.map(() => value))
    finishWith(named({ y: fp32([values.length, values.length], wide) }))
  }

  test('show that rows meet: it runs again whole, and a request that shared a run with a piece runs alone', async () => {
    const rowsMet: string[] = []
    const { batcher, turn, runs, next } = world({ onRowsMet: (reason) => rowsMet.push(reason) })
    const cut = batcher.submit({ inputs: rows(1, 2, 3, 4, 5) })
    await turn()
    const company = batcher.submit({ inputs: row(6) })
    filled(next())
    for (let round = 0; round < 4; round++) {
      await turn()
      for (const run of runs.splice(0)) filled(run)
    }
    assert.deepEqual((await company).outputs.get('y')?.shape, [1, 1])
    assert.deepEqual((await cut).outputs.get('y')?.shape, [5, 5])
    assert.deepEqual(rowsMet, ['pieces of a request come out of output y as [4, 4] and [2, 2]'])
  })
})

describe('a batch that comes back with other rows than went in', () => {
  /** Drops rows below 10, as a model with Compress does. */
  const kept = (inputs: NamedTensors): NamedTensors => {
    const values = [...((inputs.get('x') as Tensor).data as Float32Array)].filter((value) => value >= 10)
    return named({ y: fp32([values.length, 1], values) })
  }
  const rowsMet: string[] = []
  const coupled = (options: WorldOptions = {}) =>
    world({ ...options, onRowsMet: (reason) => rowsMet.push(reason) })

  test('is run again request by request, so that no caller gets an error or rows of another', async () => {
    const { batcher, turn, runs } = coupled()
    const both = [1, 20].map((value) => batcher.submit({ inputs: row(value) }))
    for (let round = 0; round < 3; round++) {
      await turn()
      const run = runs.shift()
      run?.finishWith(kept(run.inputs))
    }
    const [dropped, stays] = await Promise.all(both)
    assert.deepEqual(dropped?.outputs.get('y')?.shape, [0, 1])
    assert.deepEqual(numbersOf(stays?.outputs ?? new Map(), 'y'), [20])
    assert.match(rowsMet.at(-1) ?? '', /output y of a batch of 2 rows has shape \[1, 1\]/)
  })

  test('ends batching for good', async () => {
    const { batcher, turn, runs, batches } = coupled()
    const all = [1, 20, 30].map((value) => batcher.submit({ inputs: row(value) }))
    await turn()
    runs[0]?.finishWith(kept(runs.shift()?.inputs ?? new Map()))
    all.push(batcher.submit({ inputs: rows(40, 2) }))
    for (let round = 0; round < 4; round++) {
      await turn()
      const run = runs.shift()
      assert.equal(run?.rows, undefined)
      run?.finishWith(kept(run.inputs))
    }
    const answers = await Promise.all(all)
    assert.deepEqual(
      answers.map(({ outputs }) => numbersOf(outputs, 'y')),
      [[], [20], [30], [40]],
    )
    assert.deepEqual(batches.slice(1), [1, 1, 1, 2])
  })

  test('takes back the pieces of a request that was cut, and the batches that run beside it', async () => {
    const { batcher, turn, runs } = coupled({ runners: 2, limits: { maxRows: 2 } })
    const cut = batcher.submit({ inputs: rows(10, 1, 30) })
    const beside = [50, 60].map((value) => batcher.submit({ inputs: row(value) }))
    await turn()
    const [piece, other] = runs.splice(0)
    piece?.finishWith(kept(piece.inputs))
    await turn()
    // The batch beside was cut by the same belief, so its answer counts no more.
    other?.finishWith(named({ y: fp32([2, 1], [7, 7]) }))
    for (let round = 0; round < 4; round++) {
      await turn()
      const run = runs.shift()
      run?.finishWith(kept(run.inputs))
    }
    assert.deepEqual(numbersOf((await cut).outputs, 'y'), [10, 30])
    const answers = await Promise.all(beside)
    assert.deepEqual(
      answers.map(({ outputs }) => numbersOf(outputs, 'y')),
      [[50], [60]],
    )
    assert.equal(batcher.pending(), 0)
    assert.equal(batcher.queueLength(), 0)
  })
})

describe('the memory of outputs', () => {
  const width = 8192
  const wide = (count: number): NamedTensors =>
    named({ x: fp32([count, width], new Array<number>(count * width).fill(1)) })
  const lengthOf = (outputs: NamedTensors): number => outputs.get('y')?.data.length ?? Number.NaN

  test('is freed when everyone in the batch is done', async () => {
    const { batcher, turn, next } = world()
    const answers = [batcher.submit({ inputs: wide(1) }), batcher.submit({ inputs: wide(2) })] as const
    await turn()
    next().finish()
    const [first, second] = await Promise.all(answers)
    first.done?.()
    assert.deepEqual([lengthOf(first.outputs), lengthOf(second.outputs)], [width, 2 * width])
    second.done?.()
    assert.deepEqual([lengthOf(first.outputs), lengthOf(second.outputs)], [0, 0])
  })

  test('of several pieces is put together for their caller', async () => {
    const { batcher, turn, next } = world({ limits: { maxRows: 2 } })
    const answer = batcher.submit({ inputs: wide(3) })
    await turn()
    next().finish()
    await turn()
    next().finish()
    const { outputs, done } = await answer
    assert.ok(numbersOf(outputs, 'y').every((value) => value === 2))
    assert.equal(lengthOf(outputs), 3 * width)
    done?.()
    assert.equal(lengthOf(outputs), 0)
  })
})

describe('a batch of which rows were lost', () => {
  const failure = new Failure('out-of-memory', 'there is not enough memory')

  test('answers all other requests with their own rows', async () => {
    const { batcher, turn, next } = world()
    const submitted = [rows(1), rows(2, 3), rows(4)].map((inputs) => batcher.submit({ inputs }))
    await turn()
    next().finishWith(named({ y: fp32([3, 1], [2, 6, 8]) }), { rows: [1], failure })
    await turn()
    const [first, lost, last] = submitted
    assert.deepEqual(numbersOf((await first)?.outputs ?? noTensors, 'y'), [2])
    assert.equal(await outcome(lost as Promise<unknown>), 'out-of-memory')
    assert.deepEqual(numbersOf((await last)?.outputs ?? noTensors, 'y'), [8])
  })

  test('fails a request that had the batch for itself', async () => {
    const { batcher, turn, next } = world()
    const submitted = batcher.submit({ inputs: rows(1, 2) })
    await turn()
    next().finishWith(named({ y: fp32([1, 1], [2]) }), { rows: [1], failure })
    await turn()
    assert.equal(await outcome(submitted), 'out-of-memory')
  })

  test('fails it at once, for any number of rows that came back, and batching goes on', async () => {
    const { batcher, turn, next } = world()
    const submitted = batcher.submit({ inputs: rows(1, 2) })
    await turn()
    next().finishWith(named({ y: fp32([3, 1], [2, 4, 6]) }), { rows: [1], failure })
    await turn()
    assert.equal(batcher.pending(), 0)
    assert.equal(await outcome(submitted), 'out-of-memory')
  })
})

test('a run is told how many rows it may be cut into, and nothing where it may not', async () => {
  const { batcher, turn, next } = world()
  void batcher.submit({ inputs: rows(1, 2, 3) })
  await turn()
  assert.equal(next().rows, 3)
  const whole = world({ batchable: false })
  void whole.batcher.submit({ inputs: rows(1, 2, 3) })
  await whole.turn()
  assert.equal(whole.next().rows, undefined)
})

test('every caller gets the result of running alone, in any order and sizes (seeded)', async () => {
  const random = seededRandom(20261123)
  for (let round = 0; round < 200; round++) {
    const maxRows = 1 + Math.floor(random() * 6)
    const { batcher, turn, runs } = world({
      limits: { maxRows },
      runners: 1 + Math.floor(random() * 3),
      ...(random() < 0.5 && { lanes: 2, open: () => random() < 0.5 }),
    })
    /** Rows of batches that more than one request has part in. */
    const shared: number[] = []
    const end = (run: PendingRun | undefined): void => {
      if (!run) return
      const requests = new Set(numbersOf(run.inputs).map((value) => Math.floor(value / 1000)))
      if (requests.size > 1) shared.push(run.rows ?? 0)
      run.finish(Math.floor(random() * 20))
    }
    const expected: { readonly promise: Promise<NamedTensors>; readonly want: NamedTensors }[] = []
    for (let step = 0; step < 30; step++) {
      if (random() < 0.6) {
        const count = 1 + Math.floor(random() * 9)
        const width = 1 + Math.floor(random() * 2)
        const id = expected.length * 1000
        const values = Array.from({ length: count * width }, () => id + Math.floor(random() * 1000))
        const inputs = named({ x: fp32([count, width], values) })
        const want = double(inputs)
        expected.push({ promise: batcher.submit({ inputs }).then(({ outputs }) => outputs), want })
      }
      if (random() < 0.5) end(runs.splice(Math.floor(random() * runs.length), 1)[0])
      await turn()
    }
    while (batcher.pending() > 0) {
      end(runs.shift())
      await turn()
    }
    assert.ok(shared.every((count) => count <= maxRows))
    // A range of rows is a view on its batch; compare as tensors, not as memory.
    const plain = (tensors: NamedTensors) => ({
      shape: tensors.get('y')?.shape,
      numbers: numbersOf(tensors, 'y'),
    })
    for (const { promise, want } of expected) assert.deepEqual(plain(await promise), plain(want))
  }
})

test('a view of rows is what it says', () => {
  assert.deepEqual([...(rowsOf(fp32([2, 2], [1, 2, 3, 4]), 1, 2).data as Float32Array)], [3, 4])
})

describe('work beside predictions', () => {
  test('runs by itself at once, in no queue and in no batch', async () => {
    const { batcher, turn, next, batches } = world({ limits: { maxQueue: 1 } })
    void batcher.submit({ inputs: row(1) })
    await turn()
    void batcher.submit({ inputs: row(2) })
    const beside = batcher.submit({ inputs: rows(3, 4), isBeside: true })
    await turn()
    assert.deepEqual([batches, batcher.queueLength()], [[1], 1])
    const [prediction, run] = [next(), next()]
    assert.deepEqual([prediction.by, run.by, run.rows], ['usual', 'beside', 2])
    run.finish()
    assert.deepEqual(numbersOf((await beside).outputs, 'y'), [6, 8])
  })

  test('has rows that stay together where they may meet, and fails with rows that are lost', async () => {
    const { batcher, next } = world({ batchable: false })
    const beside = batcher.submit({ inputs: rows(3, 4), isBeside: true })
    const run = next()
    assert.equal(run.rows, undefined)
    const failure = new Failure('out-of-memory', 'no memory')
    run.finishWith(named({ y: fp32([1, 1], [6]) }), { rows: [1], failure })
    assert.equal(await outcome(beside), 'out-of-memory')
  })

  test('learns when the model has room, and when the latest prediction came', async () => {
    const { batcher, clock, turn, next } = world()
    const { spare } = batcher
    assert.deepEqual([spare.isFree(), spare.submittedMs()], [true, Number.NEGATIVE_INFINITY])
    clock.advance(5)
    void batcher.submit({ inputs: row(1) })
    assert.deepEqual([spare.isFree(), spare.submittedMs()], [false, 5])
    await turn()
    assert.equal(spare.isFree(), false)
    next().finish()
    await turn()
    clock.advance(5)
    void batcher.submit({ inputs: row(2), isBeside: true })
    assert.deepEqual([spare.isFree(), spare.submittedMs()], [true, 5])
  })
})
