import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { SHARE_ENV, Worker } from 'node:worker_threads'
import type { Accelerator } from '@gantry/contract/server.ts'
import { createBatcher } from '../batching/batcher.ts'
import { Failure } from '../failures/errors.ts'
import { systemClock } from '../process/clock.ts'
import { datatypes, type NamedTensors, type Tensor } from '../tensors/tensor.ts'
import { manualClock } from '../testing/clock.ts'
import { allocationErrors, type FakeMemory, smallWorker } from '../testing/memory.ts'
import { hungry, identity, lookup, modelFolder, slow } from '../testing/models.ts'
import type { Graph } from '../testing/onnx.ts'
import { bytes, fp32, int64, named } from '../testing/tensors.ts'
import { type FakeWorker, fakeWorker, loadedSession } from '../testing/worker-thread.ts'
import type { WorkerThread } from './member.ts'
import { createPool, type Pool } from './pool.ts'
import type { SessionOptions } from './session-messages.ts'
import { plainSettings } from './writing-settings.ts'

const kindOf = (error: unknown): string => (error instanceof Failure ? error.kind : String(error))

const fakePool = (size: number) => {
  const workers: FakeWorker[] = []
  const crashes: string[] = []
  const clock = manualClock()
  const pool = createPool({
    size,
    spawn: () => {
      const worker = fakeWorker()
      workers.push(worker)
      return worker
    },
    clock,
    onCrash: (cause) => crashes.push(cause),
  })
  const at = (index: number): FakeWorker => workers[index] ?? assert.fail(`there is no worker ${index}`)
  const load = (index: number): void => at(index).say({ kind: 'loaded', session: loadedSession })
  const runsOf = (index: number) => at(index).posted.filter((message) => message.kind === 'run')
  const answer = (index: number): void => {
    const [run] = runsOf(index).slice(-1)
    assert.ok(run)
    at(index).say({ kind: 'ran', id: run.id, outputs: run.inputs, inferMs: 3 })
  }
  return { pool, workers, crashes, clock, at, load, runsOf, answer }
}

const inputs = (): NamedTensors => named({ x: fp32([1], [1]) })

describe('a pool', () => {
  test('is loaded once all its workers are', async () => {
    const { pool, load } = fakePool(2)
    let loaded = false
    void pool.loaded.then(() => {
      loaded = true
    })
    load(0)
    await null
    assert.equal(loaded, false)
    assert.equal(pool.serving(), 1)
    load(1)
    assert.deepEqual(await pool.loaded, loadedSession)
  })

  test('gives a run to the least busy worker', () => {
    const { pool, load, runsOf } = fakePool(2)
    load(0)
    load(1)
    for (let index = 0; index < 4; index++) void pool.run(inputs())
    assert.deepEqual([runsOf(0).length, runsOf(1).length], [2, 2])
  })

  test('copies a view out before it is posted, and hands whole large memory over', () => {
    const { pool, load, runsOf } = fakePool(1)
    load(0)
    const memory = new Float32Array([1, 2, 3, 4])
    void pool.run(named({ x: { dtype: 'FP32', shape: [2], data: memory.subarray(1, 3) } }))
    const posted = runsOf(0)[0]?.inputs.get('x')?.data as Float32Array
    assert.deepEqual([...posted], [2, 3])
    assert.equal(posted.buffer.byteLength, 8)
  })

  test('replaces a worker that crashes, at once, and fails only what it was running', async () => {
    const { pool, load, at, answer, crashes, clock, workers } = fakePool(2)
    load(0)
    load(1)
    const [lost, kept] = [pool.run(inputs()), pool.run(inputs())]
    at(0).crash('out of memory')
    const failure = await lost.catch((error: unknown) => error)
    assert.ok(failure instanceof Failure)
    assert.equal(failure.kind, 'unavailable')
    assert.equal(failure.retryAfterSeconds, 1)
    answer(1)
    assert.equal((await kept).inferMs, 3)
    assert.deepEqual(crashes, ['out of memory'])
    assert.equal(pool.serving(), 1)
    clock.advance(0)
    assert.equal(workers.length, 3)
    load(2)
    assert.equal(pool.serving(), 2)
  })

  test('keeps what is asked for while no worker serves until one does', async () => {
    const { pool, load, at, answer, clock } = fakePool(1)
    load(0)
    at(0).crash('gone')
    const waiting = pool.run(inputs())
    clock.advance(0)
    load(1)
    answer(1)
    assert.equal((await waiting).inferMs, 3)
  })

  test('tries a replacement that cannot load later and later', () => {
    const { load, at, clock, workers } = fakePool(1)
    load(0)
    at(0).crash('gone')
    clock.advance(0)
    assert.equal(workers.length, 2)
    at(1).exit(1)
    clock.advance(999)
    assert.equal(workers.length, 2)
    clock.advance(1)
    assert.equal(workers.length, 3)
    at(2).exit(1)
    clock.advance(1999)
    assert.equal(workers.length, 3)
    clock.advance(1)
    assert.equal(workers.length, 4)
  })

  test('says how long the oldest run has been going', () => {
    const { pool, load, answer, clock } = fakePool(1)
    load(0)
    assert.equal(pool.longestRunMs(), 0)
    void pool.run(inputs())
    clock.advance(70)
    assert.equal(pool.longestRunMs(), 70)
    answer(0)
    assert.equal(pool.longestRunMs(), 0)
  })

  test('closes only after the last run has come back', async () => {
    const { pool, load, at, answer } = fakePool(1)
    load(0)
    const running = pool.run(inputs())
    const closed = pool.close()
    assert.ok(at(0).posted.every(({ kind }) => kind === 'run'))
    answer(0)
    await running
    assert.equal(at(0).posted.at(-1)?.kind, 'close')
    at(0).exit(0)
    await closed
  })

  test('gives up, and ends the others, when the first load fails', async () => {
    const { pool, at, load, workers, clock } = fakePool(2)
    at(0).say({ kind: 'load-failed', message: 'protobuf parsing failed' })
    await assert.rejects(pool.loaded, /protobuf parsing failed/)
    load(1)
    assert.equal(at(1).posted.at(-1)?.kind, 'close')
    at(0).exit(0)
    at(1).exit(0)
    await pool.close()
    clock.advance(60_000)
    assert.equal(workers.length, 2)
  })
})

test('a text whose step fits in no memory fails retryably', async () => {
  const { pool, at, load } = fakePool(1)
  load(0)
  const { ended } = pool.write({ promptIds: [1], settings: plainSettings }, () => {})
  at(0).say({ kind: 'wrote', progress: [{ id: 1, failure: allocationErrors[0] }] })
  assert.equal(await ended.catch(kindOf), 'out-of-memory')
})

describe('a pool whose workers run short of memory', () => {
  /** Two rows fit on the GPU, three on the CPU, unless `memory` says otherwise. */
  const smallPool = async (memory: Partial<FakeMemory> = {}, active: Accelerator = 'cuda') => {
    const shortages: string[] = []
    const crashes: string[] = []
    const clock = manualClock()
    const has = { cuda: 2, cpu: 3, ...memory }
    let spawned = 0
    const pool = createPool({
      size: 1,
      spawn: () => {
        spawned += 1
        return smallWorker(has, active)
      },
      clock,
      onCrash: (cause) => crashes.push(cause),
      onShortage: (what) => shortages.push(what),
    })
    await pool.loaded
    const batcher = createBatcher({
      limits: { maxRows: 32, maxDelayMs: 0, maxQueue: 100, timeoutMs: 1000 },
      usual: { ...pool, count: 1, maxTokens: () => Number.POSITIVE_INFINITY },
      beside: pool.run,
      batchable: true,
      clock,
      soon: (callback) => queueMicrotask(callback),
    })
    const submit = async (...values: number[]): Promise<number[] | string> => {
      try {
        const { outputs } = await batcher.submit({ inputs: named({ x: fp32([values.length, 1], values) }) })
        return [...(outputs.get('y') as Tensor).data] as number[]
      } catch (error) {
        return kindOf(error)
      }
    }
    return { pool, submit, has, shortages, crashes, clock, spawned: () => spawned }
  }

  test('answers every caller of a batch that did not fit, as if it had', async () => {
    const { pool, submit, shortages } = await smallPool()
    const answers = await Promise.all([submit(1), submit(2, 3), submit(4, 5, 6), submit(7)])
    assert.deepEqual(answers, [[2], [4, 6], [8, 10, 12], [14]])
    assert.deepEqual(
      shortages.map((what) => /at most (\d+) rows/.exec(what)?.[1]),
      ['3', '1'],
    )
    assert.deepEqual(pool.runsOn(), { active: 'cuda' })
  })

  test('goes on on the CPU when a row does not fit on the GPU, and says so from then on', async () => {
    const { pool, submit, shortages } = await smallPool({ cuda: 0 })
    assert.deepEqual(await submit(1, 2, 3), [2, 4, 6])
    assert.equal(pool.runsOn()?.active, 'cpu')
    assert.match(pool.runsOn()?.reason ?? '', /did not fit in the GPU's memory/)
    assert.match(shortages.at(-1) ?? '', /the model runs on the CPU from now on/)
    assert.equal(pool.serving(), 1)
  })

  test('fails retryably only what fits on neither, naming the limit to raise', async () => {
    const refuses = (value: number) => (value === 2 ? 'std::bad_alloc' : undefined)
    const { pool, submit } = await smallPool({ refuses })
    const answers = await Promise.all([submit(1), submit(2), submit(3)])
    assert.deepEqual(answers, [[2], 'out-of-memory', [6]])
    const failure = await pool.run(named({ x: fp32([1, 1], [2]) })).catch((error: unknown) => error)
    assert.ok(failure instanceof Failure)
    assert.equal(failure.status, 503)
    assert.equal(failure.retryAfterSeconds, 1)
    assert.match(failure.message, /spec\.serve\.resources\.limits\.memory/)
    assert.equal(failure.cause, 'std::bad_alloc')
  })

  test('on the CPU alone, cuts a batch and then refuses a single row', async () => {
    const { pool, submit, has } = await smallPool({}, 'cpu')
    assert.deepEqual(await submit(1, 2, 3, 4, 5), [2, 4, 6, 8, 10])
    Object.assign(has, { cpu: 0 })
    assert.equal(await submit(1), 'out-of-memory')
    assert.deepEqual(pool.runsOn(), { active: 'cpu' })
  })

  test('replaces a worker whose session fails on what it could do before, and none for a bad input', async () => {
    let isReset = false
    const refuses = (value: number) =>
      isReset ? 'CUDA failure 700: an illegal memory access' : value < 0 ? 'index out of bounds' : undefined
    const { pool, submit, crashes, clock, spawned } = await smallPool({ refuses })
    assert.deepEqual(await submit(1), [2])
    for (let time = 0; time < 5; time++) assert.equal(await submit(-1), 'inference-failed')
    assert.deepEqual(crashes, [])
    isReset = true
    assert.equal(await submit(1), 'unavailable')
    assert.deepEqual(crashes, ['CUDA failure 700: an illegal memory access'])
    assert.equal(pool.serving(), 0)
    isReset = false
    clock.advance(0)
    assert.equal(spawned(), 2)
    assert.deepEqual(await submit(1), [2])
  })
})

/** A pool of real threads with real sessions. */
const realPool = async (
  graph: Graph,
  size = 1,
): Promise<{ readonly pool: Pool; readonly threads: Worker[] } & AsyncDisposable> => {
  const folder = await modelFolder(graph)
  const threads: Worker[] = []
  const pool = createPool({
    size,
    spawn: () => {
      const workerData: SessionOptions = {
        onnxPath: join(folder.dir, 'model.onnx'),
        device: 'cpu',
        threads: 1,
      }
      const thread = new Worker(new URL('../worker.ts', import.meta.url), { workerData, env: SHARE_ENV })
      threads.push(thread)
      return thread as WorkerThread
    },
    clock: systemClock,
    onCrash: () => {},
  })
  await pool.loaded
  return {
    pool,
    threads,
    [Symbol.asyncDispose]: async () => {
      await pool.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const samples: Readonly<Record<(typeof datatypes)[number], () => Tensor>> = {
  BOOL: () => ({ dtype: 'BOOL', shape: [1, 3], data: Uint8Array.of(0, 1, 1) }),
  UINT8: () => ({ dtype: 'UINT8', shape: [1, 3], data: Uint8Array.of(0, 1, 255) }),
  UINT16: () => ({ dtype: 'UINT16', shape: [1, 3], data: Uint16Array.of(0, 1, 65_535) }),
  UINT32: () => ({ dtype: 'UINT32', shape: [1, 3], data: Uint32Array.of(0, 1, 4_294_967_295) }),
  UINT64: () => ({ dtype: 'UINT64', shape: [1, 3], data: BigUint64Array.of(0n, 1n, 2n ** 64n - 1n) }),
  INT8: () => ({ dtype: 'INT8', shape: [1, 3], data: Int8Array.of(-128, 0, 127) }),
  INT16: () => ({ dtype: 'INT16', shape: [1, 3], data: Int16Array.of(-32_768, 0, 32_767) }),
  INT32: () => ({ dtype: 'INT32', shape: [1, 3], data: Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1) }),
  INT64: () => ({ dtype: 'INT64', shape: [1, 3], data: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n) }),
  FP16: () => ({ dtype: 'FP16', shape: [1, 3], data: Uint16Array.of(0x3c00, 0xc000, 0x7bff) }),
  FP32: () => fp32([1, 3], [-1, 0.5, 3]),
  FP64: () => ({ dtype: 'FP64', shape: [1, 3], data: Float64Array.of(-1, 0.1, 5e-324) }),
  BYTES: () => bytes([1, 3], ['', '你好', '"\\']),
}

describe('real workers', () => {
  for (const datatype of datatypes) {
    test(`carry ${datatype} through onnxruntime unchanged`, async () => {
      await using world = await realPool(identity(datatype))
      const { outputs } = await world.pool.run(named({ x: samples[datatype]() }))
      assert.deepEqual(outputs.get('y'), samples[datatype]())
    })
  }

  test('carry scalars and empty tensors', async () => {
    await using scalar = await realPool(identity('FP32', []))
    assert.deepEqual((await scalar.pool.run(named({ x: fp32([], [7]) }))).outputs.get('y'), fp32([], [7]))
    await using empty = await realPool(identity('FP32'))
    assert.deepEqual(
      (await empty.pool.run(named({ x: fp32([0, 3], []) }))).outputs.get('y'),
      fp32([0, 3], []),
    )
  })

  test('report a failed run and go on', async () => {
    await using world = await realPool(lookup())
    const failure = await world.pool.run(named({ index: int64([1], [9]) })).catch((error: unknown) => error)
    assert.ok(failure instanceof Failure)
    assert.equal(failure.kind, 'inference-failed')
    assert.match(String(failure.cause), /out of data bounds/)
    const { outputs } = await world.pool.run(named({ index: int64([2], [3, 0]) }))
    assert.deepEqual(outputs.get('value'), fp32([2], [40, 10]))
  })

  test('halve a run for which onnxruntime cannot allocate memory, and refuse one row that does not fit', async () => {
    await using world = await realPool(hungry(8))
    const values = Array.from({ length: 20 }, (_, index) => index)
    const { outputs } = await world.pool.run(named({ x: fp32([20, 1], values) }), 20)
    assert.deepEqual(outputs.get('y'), fp32([20, 1], values))
    const whole = await world.pool.run(named({ x: fp32([20, 1], values) })).catch(kindOf)
    assert.equal(whole, 'out-of-memory')
    await using nothing = await realPool(hungry(1))
    assert.equal(await nothing.pool.run(named({ x: fp32([1, 1], [5]) }), 1).catch(kindOf), 'out-of-memory')
  })

  test('are replaced when a thread ends by itself', async () => {
    await using world = await realPool(identity('FP32'))
    const [thread] = world.threads
    // Idle: ending a thread inside onnxruntime would abort the process.
    await thread?.terminate()
    const { outputs } = await world.pool.run(named({ x: fp32([1, 1], [5]) }))
    assert.deepEqual(outputs.get('y'), fp32([1, 1], [5]))
    assert.equal(world.threads.length, 2)
  })

  test('leave this thread free while they run', async () => {
    await using world = await realPool(slow(20))
    const run = world.pool.run(named({ x: fp32([1, 1], [5]) }))
    let turns = 0
    let running = true
    void run.finally(() => {
      running = false
    })
    while (running) {
      await new Promise((resolve) => setImmediate(resolve))
      turns += 1
    }
    const { outputs } = await run
    assert.deepEqual(outputs.get('y'), fp32([1, 1], [5]))
    assert.ok(turns > 10, `${turns} turns of the event loop during the run`)
  })
})

test('a file that is no model is refused in one sentence', async () => {
  const folder = await modelFolder(identity('FP32'))
  const workerData: SessionOptions = { onnxPath: join(folder.dir, 'nothing.onnx'), device: 'cpu', threads: 1 }
  const pool = createPool({
    size: 1,
    spawn: () =>
      new Worker(new URL('../worker.ts', import.meta.url), { workerData, env: SHARE_ENV }) as WorkerThread,
    clock: systemClock,
    onCrash: () => {},
  })
  const message = await pool.loaded.catch(kindOf)
  assert.match(String(message), /nothing\.onnx/)
  await pool.close()
  await folder[Symbol.asyncDispose]()
})
