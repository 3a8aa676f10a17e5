import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { manualClock } from '../testing/clock.ts'
import { identity, slow } from '../testing/models.ts'
import { onnxFile } from '../testing/onnx.ts'
import { memoryLog, testServer } from '../testing/server.ts'
import { fp32, named } from '../testing/tensors.ts'
import { type FakeWorker, fakeWorker, loadedSession } from '../testing/worker-thread.ts'
import { createLanes, laneCount, weightBytes } from './lanes.ts'
import { createPool } from './pool.ts'

const mebibyte = 2 ** 20
const inputs = named({ x: fp32([1, 1], [1]) })

describe('how many lanes there are', () => {
  for (const [threads, mebibytes, lanes] of [
    [2, 10, 2],
    [8, 8, 8],
    [8, 16, 4],
    [8, 30, 2],
    [6, 20, 3],
    [7, 20, 1],
    [2, 33, 1],
    [1, 1, 1],
  ] as const) {
    test(`${lanes} for ${threads} threads and ${mebibytes} MiB of weights`, () => {
      assert.equal(laneCount(threads, mebibytes * mebibyte), lanes)
    })
  }

  test('depends on the files beside the graph, too', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'gantry-lanes-'))
    try {
      const onnxPath = join(dir, 'model.onnx')
      const weights = { name: 'w', shape: [2], data: Float32Array.of(1, 2), file: 'weights.bin' }
      const graph = onnxFile({ ...identity('FP32'), constants: [weights, { ...weights, name: 'again' }] })
      await writeFile(onnxPath, graph)
      await writeFile(join(dir, weights.file), weights.data)
      assert.equal(await weightBytes(onnxPath), graph.length + 8)
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})

interface WorldOptions {
  readonly freeMebibytes?: number
}

/** Two lanes of a model of 10 MiB, whose workers, clock and memory the test holds. */
const world = ({ freeMebibytes = 1000 }: WorldOptions = {}) => {
  const clock = manualClock()
  const log = memoryLog()
  const workers: FakeWorker[] = []
  let warmed = 0
  const lanes = createLanes({
    count: 2,
    weightBytes: 10 * mebibyte,
    maxTokens: 256,
    open: () =>
      createPool({
        size: 2,
        spawn: () => {
          const worker = fakeWorker()
          workers.push(worker)
          return worker
        },
        clock,
        onCrash: () => {},
      }),
    warmUp: async () => {
      warmed += 1
    },
    freeBytes: () => freeMebibytes * mebibyte,
    clock,
    log,
  })
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 8; round++) await null
  }
  /** All workers that there are have loaded. */
  const load = async (): Promise<void> => {
    for (const worker of workers) worker.say({ kind: 'loaded', session: loadedSession })
    await settle()
  }
  const said = (): string[] => log.lines.map(({ message }) => message)
  const closed = (): number =>
    workers.filter(({ posted }) => posted.some(({ kind }) => kind === 'close')).length
  return { clock, lanes, workers, load, settle, said, closed, warmed: () => warmed }
}

describe('lanes', () => {
  test('open when they are first needed, and are ready once all have loaded', async () => {
    const { lanes, workers, load, said, warmed } = world()
    assert.equal(workers.length, 0)
    lanes.open()
    lanes.open()
    assert.equal(lanes.ready(), false)
    assert.equal(workers.length, 2)
    assert.equal(warmed(), 0)
    await load()
    assert.equal(warmed(), 1)
    assert.equal(lanes.ready(), true)
    assert.equal(workers.length, 2)
    assert.deepEqual(said(), ['lanes opened'])
  })

  test('are not opened where memory would run short, and the log says so once', async () => {
    const { lanes, workers, said } = world({ freeMebibytes: 155 })
    lanes.open()
    lanes.open()
    assert.equal(lanes.ready(), false)
    assert.equal(workers.length, 0)
    assert.deepEqual(said(), ['batches run one after the other'])
  })

  test('are done without where one cannot be loaded', async () => {
    const { lanes, workers, settle, said, closed } = world()
    lanes.open()
    const [first, second] = workers
    first?.say({ kind: 'loaded', session: loadedSession })
    second?.say({ kind: 'load-failed', message: 'bad_alloc' })
    second?.exit(0)
    await settle()
    lanes.open()
    assert.equal(lanes.ready(), false)
    assert.equal(workers.length, 2)
    assert.deepEqual(said(), ['batches run one after the other'])
    assert.equal(closed(), 2)
  })

  test('give their memory back when they were not needed for a minute, and open again', async () => {
    const { lanes, workers, clock, load, closed, said } = world()
    lanes.open()
    await load()
    clock.advance(59_000)
    void lanes.runners.run(inputs, 1)
    clock.advance(59_000)
    assert.equal(closed(), 0)
    const [message] = workers[0]?.posted ?? []
    assert.ok(message?.kind === 'run')
    clock.advance(59_000)
    assert.equal(closed(), 0, 'a run is under way')
    workers[0]?.say({ kind: 'ran', id: message.id, outputs: inputs, inferMs: 1 })
    for (let round = 0; round < 8; round++) await null
    clock.advance(120_000)
    assert.equal(closed(), 2)
    assert.deepEqual(said(), ['lanes opened', 'lanes closed'])
    assert.equal(lanes.ready(), false)
    lanes.open()
    assert.equal(workers.length, 4)
  })

  test('are not ready while one of them is being replaced', async () => {
    const { lanes, workers, load } = world()
    lanes.open()
    await load()
    workers[0]?.crash('gone')
    lanes.open()
    assert.equal(lanes.ready(), false)
    assert.equal(workers.length, 2)
  })

  test('are seen to be stuck though they are about to end', async () => {
    const { lanes, clock, load } = world()
    lanes.open()
    await load()
    void lanes.runners.run(inputs, 1)
    void lanes.close()
    clock.advance(500)
    assert.equal(lanes.longestRunMs(), 500)
  })

  test('stay closed once the model has ended, though a run that outlasted its callers asks for them', async () => {
    const { lanes, workers, load } = world()
    lanes.open()
    await load()
    void lanes.close()
    lanes.open()
    assert.equal(lanes.ready(), false)
    assert.equal(workers.length, 2)
  })

  test('end with the model, also while they open', async () => {
    const { lanes, workers, load, said, closed } = world()
    lanes.open()
    const ended = lanes.close()
    await load()
    for (const worker of workers) worker.exit(0)
    await ended
    assert.equal(closed(), 2)
    assert.deepEqual(said(), [])
  })
})

describe('a server', () => {
  const crowd = async (server: Awaited<ReturnType<typeof testServer>>): Promise<number[]> => {
    const ask = async (value: number): Promise<number> => {
      const tensor = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [value] }
      const response = await server.post('/v2/models/m/infer', { inputs: [tensor] })
      assert.equal(response.status, 200, await response.clone().text())
      const { outputs } = (await response.json()) as { outputs: readonly { data: readonly number[] }[] }
      return outputs[0]?.data[0] ?? Number.NaN
    }
    return Promise.all(values.map(ask))
  }
  const values = Array.from({ length: 24 }, (_, index) => index)
  const args = ['--threads', '2', '--max-rows', '2']
  const opened = (server: Awaited<ReturnType<typeof testServer>>): boolean =>
    server.lines.some(({ message }) => message === 'lanes opened')

  test('opens lanes in a crowd, and answers the same through them', async () => {
    await using server = await testServer(slow(2), args)
    assert.deepEqual(await crowd(server), values)
    while (!opened(server)) assert.deepEqual(await crowd(server), values)
    assert.deepEqual(await crowd(server), values)
  })

  test('opens none with --lanes off', async () => {
    await using server = await testServer(slow(2), [...args, '--lanes', 'off'])
    for (let round = 0; round < 4; round++) assert.deepEqual(await crowd(server), values)
    assert.ok(!opened(server))
  })
})
