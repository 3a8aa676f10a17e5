import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { manualClock } from '../testing/clock.ts'
import { seededRandom } from '../testing/random.ts'
import { fp32, named } from '../testing/tensors.ts'
import { createBatcher } from './batcher.ts'
import type { BatchRun, RunBatch, Runners } from './runners.ts'

type By = 'usual' | 'lanes'
/** Milliseconds of a run. */
type Device = (by: By, rows: number) => number

interface SimulationOptions {
  readonly device: () => Device
  readonly callers: number
  /** Rows of each request. */
  readonly rows?: number
  readonly maxRows?: number
  readonly lanes?: boolean
}

interface Ran {
  readonly by: By
  readonly rows: number
  readonly atMs: number
}

/**
 * Callers that each send the next request when the last one is answered, and a device whose runs take what the test says: two
 * lanes, or one usual runner.
 */
const simulation = ({ device, callers, rows = 1, maxRows = 32, lanes = true }: SimulationOptions) => {
  const clock = manualClock()
  const ran: Ran[] = []
  const latencies: number[] = []
  let turns: (() => void)[] = []
  /** Whether anything happened that others have to hear of. */
  let stirred = true
  let asked = 0
  let opened = false

  const runnersOf = (by: By, count: number): Runners => {
    /** When each of them has done all that it was given. */
    const freeMs = new Array<number>(count).fill(0)
    const run: RunBatch = (inputs) =>
      new Promise<BatchRun>((resolve) => {
        const atMs = clock.nowMs()
        const size = inputs.get('x')?.shape[0] ?? 0
        const runner = freeMs.indexOf(Math.min(...freeMs))
        const inferMs = device()(by, size)
        freeMs[runner] = Math.max(atMs, freeMs[runner] ?? 0) + inferMs
        clock.after((freeMs[runner] as number) - atMs, () => {
          stirred = true
          ran.push({ by, rows: size, atMs: clock.nowMs() })
          resolve({ outputs: named({ y: fp32([size, 1], new Array<number>(size).fill(0)) }), inferMs })
        })
      })
    return {
      run,
      count,
      maxTokens: () => Number.POSITIVE_INFINITY,
    }
  }
  const batcher = createBatcher({
    limits: { maxRows, maxDelayMs: 0, maxQueue: 1000, timeoutMs: 1e9 },
    usual: runnersOf('usual', 1),
    beside: () => assert.fail('nothing runs beside'),
    lanes: lanes
      ? {
          runners: runnersOf('lanes', 2),
          ready: () => opened,
          open: () => {
            asked += 1
            if (asked === 1) clock.after(50, () => (opened = true))
          },
        }
      : undefined,
    batchable: true,
    clock,
    soon: (callback) => turns.push(callback),
  })

  let wanted = callers
  const call = async (caller: number): Promise<void> => {
    while (caller < wanted) {
      const sentMs = clock.nowMs()
      const inputs = named({ x: fp32([rows, 1], new Array<number>(rows).fill(caller)) })
      await batcher.submit({ inputs })
      latencies.push(clock.nowMs() - sentMs)
    }
  }
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 12; round++) await null
    const due = turns
    turns = []
    for (const callback of due) callback()
    if (due.length > 0) await settle()
  }
  for (let caller = 0; caller < callers; caller++) void call(caller)

  return {
    asked: () => asked,
    /** Lets time pass. @returns what ran meanwhile */
    passed: async (ms: number): Promise<{ readonly ran: readonly Ran[]; readonly latencies: number[] }> => {
      ran.length = 0
      latencies.length = 0
      const untilMs = clock.nowMs() + ms
      while (clock.nowMs() < untilMs) {
        if (stirred) await settle()
        stirred = false
        clock.advance(1)
      }
      return { ran: [...ran], latencies: [...latencies] }
    },
    leave: (left: number) => {
      wanted = left
      stirred = true
    },
  }
}

const perSecond = (ran: readonly Ran[], ms: number): number =>
  (ran.reduce((sum, { rows }) => sum + rows, 0) * 1000) / ms
const shareOf = (ran: readonly Ran[], wanted: (each: Ran) => boolean): number =>
  ran.filter(wanted).reduce((sum, { rows }) => sum + rows, 0) / ran.reduce((sum, { rows }) => sum + rows, 0)

/** Rows gain nothing together, and two threads on one of them little: a small convolutional network. */
const lanesWin: Device = (by, rows) => (by === 'lanes' ? 10 * rows : 8 * rows)
/** A run costs as much as 30 rows before its first: a large matrix product. */
const batchesWin: Device = (by, rows) => (by === 'lanes' ? 2 : 1) * (3 + 0.1 * rows)
/** Rows together fall out of the cache. */
const singlesWin: Device = (by, rows) => (by === 'lanes' ? 22 : 10) * (rows === 1 ? 1 : rows * 1.6)

describe('a crowd', () => {
  test('runs side by side where that gets most done', async () => {
    const { passed } = simulation({ device: () => lanesWin, callers: 16 })
    await passed(5000)
    const { ran } = await passed(10_000)
    assert.ok(perSecond(ran, 10_000) > 0.95 * 200, `${perSecond(ran, 10_000)}`)
    assert.ok(shareOf(ran, ({ by }) => by === 'lanes') > 0.9)
  })

  test('shares runs where that gets most done', async () => {
    const { passed } = simulation({ device: () => batchesWin, callers: 64 })
    await passed(5000)
    const { ran } = await passed(10_000)
    assert.ok(shareOf(ran, ({ by, rows }) => by === 'usual' && rows >= 31) > 0.9)
  })

  test('runs row by row with all threads where that gets most done', async () => {
    const { passed } = simulation({ device: () => singlesWin, callers: 16 })
    await passed(20_000)
    const { ran } = await passed(10_000)
    assert.ok(perSecond(ran, 10_000) > 0.9 * 100, `${perSecond(ran, 10_000)}`)
    assert.ok(shareOf(ran, ({ by, rows }) => by === 'usual' && rows === 1) > 0.9)
  })

  test('finds another way when the device has changed', async () => {
    let device = lanesWin
    const { passed } = simulation({ device: () => device, callers: 32 })
    await passed(20_000)
    device = batchesWin
    await passed(60_000)
    const { ran } = await passed(10_000)
    assert.ok(shareOf(ran, ({ by, rows }) => by === 'usual' && rows >= 15) > 0.9)
  })

  test('has the limit of rows in every run, and in time where runs are long', async () => {
    const { passed } = simulation({ device: () => (_, rows) => 30 * rows, callers: 32, lanes: false })
    await passed(20_000)
    const { ran } = await passed(5000)
    assert.ok(ran.every(({ rows }) => rows <= 6))
  })

  test('of long single rows may still have four in a run', async () => {
    const { passed } = simulation({ device: () => (_, rows) => 300 + 10 * rows, callers: 16, lanes: false })
    const { ran } = await passed(60_000)
    assert.ok(shareOf(ran, ({ rows }) => rows >= 4) > 0.5)
    assert.ok(ran.slice(20).every(({ rows }) => rows <= 100))
  })

  test('lets no request wait more than a few times as long as the others', async () => {
    const { passed } = simulation({ device: () => lanesWin, callers: 16 })
    const { latencies } = await passed(20_000)
    const longest = Math.max(...latencies)
    assert.ok(longest <= 3 * 16 * 10, `${longest} ms`)
  })
})

describe('on every kind of device', () => {
  /** A run has a price, and rows may share work or spill out of the cache; a lane takes between 1.2 and 2.4 times as long. */
  const deviceFrom = (random: () => number): Device => {
    const [runMs, rowMs, lane] = [0.5 + random() * 6, 2 + random() * 12, 1.2 + random() * 1.2]
    const shared = random() < 0.3 ? 0.3 + random() * 0.6 : 1
    const [spill, from] = [random() < 0.5 ? 1 + random() : 1, 2 + Math.floor(random() * 8)]
    return (by, rows) => {
      const ms = (runMs + rowMs * rows ** shared) * (rows >= from ? spill : 1)
      return Math.max(1, Math.round(by === 'lanes' ? lane * ms : ms))
    }
  }
  const bestOf = (device: Device): number =>
    Math.max(
      ...[1, 4, 8, 16].map((rows) => (rows * 1000) / device('usual', rows)),
      ...[1, 4, 8].map((rows) => (2 * rows * 1000) / device('lanes', rows)),
    )

  test('a crowd gets nearly as much done as in the best of all ways (seeded)', async () => {
    const random = seededRandom(27)
    const shares: number[] = []
    for (let round = 0; round < 12; round++) {
      const device = deviceFrom(random)
      const { passed } = simulation({ device: () => device, callers: 16 })
      await passed(10_000)
      const { ran } = await passed(10_000)
      shares.push(perSecond(ran, 10_000) / bestOf(device))
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    const all = shares.map((share) => share.toFixed(2)).join(' ')
    assert.ok(mean >= 0.95 && Math.min(...shares) >= 0.85, all)
  })
})

describe('a lone caller', () => {
  test('has all threads, nothing is tried and no lane opens', async () => {
    const { passed, asked } = simulation({ device: () => lanesWin, callers: 1 })
    const { ran } = await passed(20_000)
    assert.ok(ran.every(({ by, rows }) => by === 'usual' && rows === 1))
    assert.equal(asked(), 0)
  })

  test('has them again a second after a crowd', async () => {
    const { passed, leave } = simulation({ device: () => lanesWin, callers: 16 })
    await passed(10_000)
    leave(1)
    await passed(2000)
    const { ran } = await passed(5000)
    assert.ok(ran.every(({ by }) => by === 'usual'))
  })

  test('with many rows is not waited for row by row though single rows got most done', async () => {
    const { passed } = simulation({ device: () => batchesWin, callers: 1, rows: 16 })
    const { ran } = await passed(1000)
    assert.ok(ran.every(({ rows }) => rows === 16))
  })
})
