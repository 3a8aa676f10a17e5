import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '../testing/random.ts'
import { type Contest, createContest } from './contest.ts'
import type { Way } from './trials.ts'

const nameOf = ({ by, rows }: Way): string => `${by} ${rows}`

interface WorldOptions {
  /** Elements per ms, without noise. */
  readonly speed: (way: Way) => number
  /** Times are longer or shorter by such a factor. */
  readonly noise?: () => number
  readonly differs?: (way: Way) => boolean
  readonly ready?: (by: Way['by']) => boolean
  readonly withProcessor?: boolean
}

/** A contest whose time passes as batches of 100 elements run. */
const world = ({
  speed,
  noise = () => 1,
  differs = () => true,
  ready = () => true,
  withProcessor = false,
}: WorldOptions) => {
  let nowMs = 0
  let processorMs = 0
  const contest: Contest = createContest({
    differs,
    ready,
    countOf: (by) => (by === 'lanes' ? 2 : 1),
    nowMs: () => nowMs,
    processorMs: withProcessor ? () => processorMs : undefined,
  })
  const turns = new Map<string, number>()
  const run = (batches: number): void => {
    for (let batch = 0; batch < batches; batch++) {
      const way = contest.turn()
      const ms = 100 / speed(way)
      nowMs += ms * noise()
      processorMs += ms
      turns.set(nameOf(way), (turns.get(nameOf(way)) ?? 0) + 1)
      contest.ended(way, 100)
    }
  }
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { contest, run, pass, turns }
}

const prefer =
  (name: string, times: number) =>
  (way: Way): number =>
    nameOf(way) === name ? 5 * times : 5

describe('the best way', () => {
  for (const name of ['usual 1', 'usual 4', 'lanes 1', 'lanes 4', 'lanes Infinity']) {
    test(`is found: ${name}`, () => {
      const { contest, run } = world({ speed: prefer(name, 1.2) })
      run(300)
      assert.equal(nameOf(contest.best()), name)
    })
  }

  test('stays where the others are as good', () => {
    const { contest, run } = world({ speed: () => 5 })
    run(2000)
    assert.equal(nameOf(contest.best()), 'usual Infinity')
  })

  test('runs nearly always', () => {
    const { run, turns } = world({ speed: prefer('lanes 1', 1.5) })
    run(300)
    turns.clear()
    run(3000)
    assert.ok((turns.get('lanes 1') ?? 0) > 0.9 * 3000)
  })

  test('is found on a machine whose times vary by a factor of three, and is then mostly kept', () => {
    const random = seededRandom(9)
    for (let round = 0; round < 20; round++) {
      const { run, turns } = world({ speed: prefer('lanes 1', 2), noise: () => 3 ** (random() * 2 - 1) })
      run(1500)
      turns.clear()
      run(1000)
      assert.ok((turns.get('lanes 1') ?? 0) > 0.6 * 1000, `round ${round}: ${[...turns].join(' ')}`)
    }
  })

  test('is not told from time alone where the processor time says otherwise', () => {
    const { contest, run } = world({
      speed: prefer('usual 1', 1.5),
      // Another program takes the processors half of the time while that way is on trial.
      noise: () => (nameOf(contest.turn()) === 'usual 1' ? 1.8 : 1),
      withProcessor: true,
    })
    run(300)
    assert.equal(nameOf(contest.best()), 'usual 1')
  })
})

describe('a trial', () => {
  test('is not made of what would make no difference, or whose runners are missing', () => {
    const { run, turns } = world({
      speed: prefer('lanes 1', 2),
      differs: ({ rows }) => rows !== 4,
      ready: (by) => by === 'usual',
    })
    run(1000)
    assert.deepEqual([...turns.keys()], ['usual Infinity', 'usual 1'])
  })

  test('ends when the crowd has gone', () => {
    const { contest, run } = world({ speed: () => 5 })
    while (contest.turn() === contest.best()) run(1)
    contest.calm()
    assert.equal(contest.turn(), contest.best())
  })

  test('counts for nothing where runners waited for callers', () => {
    const { contest, run, pass } = world({ speed: prefer('usual 1', 3) })
    for (let batch = 0; batch < 500; batch++) {
      run(1)
      pass(20)
      contest.resumed()
    }
    assert.equal(nameOf(contest.best()), 'usual Infinity')
  })

  test('counts for nothing where requests were empty, and the next ones count again', () => {
    const { contest, run, pass } = world({ speed: prefer('usual 1', 3) })
    for (let batch = 0; batch < 500; batch++) {
      pass(10)
      contest.ended(contest.turn(), 0)
    }
    assert.equal(nameOf(contest.best()), 'usual Infinity')
    run(300)
    assert.equal(nameOf(contest.best()), 'usual 1')
  })

  test('gets rarer each time it is lost', () => {
    const { run, turns } = world({ speed: prefer('usual Infinity', 2) })
    run(2000)
    const early = turns.get('usual 1') ?? 0
    turns.clear()
    run(2000)
    assert.ok((turns.get('usual 1') ?? 0) < early)
    run(20_000)
    assert.ok((turns.get('usual Infinity') ?? 0) > 0.95 * 22_000)
  })
})

describe('lanes', () => {
  test('are hoped for once the best was measured, and no more when they have lost twice', () => {
    const { contest, run, pass } = world({ speed: prefer('usual Infinity', 2) })
    assert.equal(contest.hopesForLanes(), false)
    run(20)
    assert.equal(contest.hopesForLanes(), true)
    run(20_000)
    assert.equal(contest.hopesForLanes(), false)
    pass(600_000)
    assert.equal(contest.hopesForLanes(), true)
  })
})
