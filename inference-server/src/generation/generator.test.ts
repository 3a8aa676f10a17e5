import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Failure } from '../failures/errors.ts'
import type { Pool } from '../sessions/pool.ts'
import type { Ending } from '../sessions/session-messages.ts'
import { plainSettings } from '../sessions/writing-settings.ts'
import { manualClock } from '../testing/clock.ts'
import { createGenerator, type GeneratorOptions, type TextRequest } from './generator.ts'

interface FakeRow {
  readonly promptIds: readonly number[]
  readonly say: (text: string) => void
  readonly search: () => void
  readonly end: (ending: Ending) => void
  readonly fail: (error: Error) => void
  left: boolean
}

/** A pool whose texts the test writes; a token is the code of a character. */
const fakePool = () => {
  const rows: FakeRow[] = []
  const write: Pool['write'] = ({ promptIds }, onToken) => {
    const { promise: ended, resolve, reject } = Promise.withResolvers<Ending>()
    const row: FakeRow = {
      promptIds,
      say: (text) => {
        for (const character of text) onToken(character.charCodeAt(0))
      },
      search: () => onToken(),
      end: resolve,
      fail: reject,
      left: false,
    }
    rows.push(row)
    const leave = (): void => {
      row.left = true
    }
    return { ended, leave }
  }
  return { rows, write }
}

const world = (limits: Partial<GeneratorOptions['limits']> = {}) => {
  const clock = manualClock()
  const pool = fakePool()
  const tokens: [sinceMs: number, isFirst: boolean][] = []
  const generator = createGenerator({
    limits: { maxRows: 1, maxQueue: 2, timeoutMs: 1000, ...limits },
    write: pool.write,
    runners: 1,
    decode: (ids) => String.fromCharCode(...ids),
    clock,
    onToken: (...token) => tokens.push(token),
  })
  const ask = (request: Partial<TextRequest> = {}) =>
    generator.write({ promptIds: [65], settings: plainSettings, stops: [], keepStop: false, ...request })
  return { clock, generator, ask, rows: pool.rows, tokens }
}

const kindOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (failure: Failure) => failure.kind,
  )

const row = (rows: readonly FakeRow[], index: number): FakeRow => {
  const found = rows[index]
  assert.ok(found, `row ${index} has begun`)
  return found
}

describe('generator', () => {
  test('answers with the text, its tokens and why it ended', async () => {
    const { ask, rows, clock } = world()
    const seen: string[] = []
    const answer = ask({ onPiece: (text) => seen.push(text), timeoutMs: 500 })
    assert.equal(clock.timers(), 2)
    clock.advance(5)
    row(rows, 0).say('hi')
    row(rows, 0).end('eos')
    const { text, ids, ending, queueMs, writeMs } = await answer
    assert.deepEqual({ text, ids, ending }, { text: 'hi', ids: [104, 105], ending: 'eos' })
    assert.deepEqual([queueMs, writeMs], [0, 5])
    assert.equal(clock.timers(), 0)
    assert.deepEqual(seen, ['h', 'i'])
  })

  test('tells of each token how long it took, of the first one from when its text was asked for', async () => {
    const { ask, rows, clock, tokens } = world()
    const first = ask({ promptIds: [1] })
    const second = ask({ promptIds: [2] })
    clock.advance(20)
    row(rows, 0).end('eos')
    await first
    clock.advance(5)
    row(rows, 1).say('a')
    clock.advance(3)
    row(rows, 1).say('b')
    row(rows, 1).end('eos')
    await second
    row(rows, 1).say('late')
    assert.deepEqual(tokens, [
      [25, true],
      [3, false],
    ])
  })

  test('a stop text frees the row at once', async () => {
    const { ask, rows } = world()
    const answer = ask({ stops: ['!'] })
    row(rows, 0).say('hi!')
    assert.ok(row(rows, 0).left)
    row(rows, 0).say(' there')
    const { text, ending } = await answer
    assert.deepEqual({ text, ending }, { text: 'hi', ending: 'stop' })
  })

  test('texts beyond the slots wait their turn, in order', async () => {
    const { ask, rows, generator } = world()
    const first = ask({ promptIds: [1] })
    const second = ask({ promptIds: [2] })
    const third = ask({ promptIds: [3] })
    assert.equal(rows.length, 1)
    assert.equal(generator.queueLength(), 2)
    row(rows, 0).end('eos')
    await first
    assert.deepEqual(row(rows, 1).promptIds, [2])
    row(rows, 1).end('eos')
    await second
    row(rows, 2).end('length')
    assert.equal((await third).ending, 'length')
    assert.equal(generator.queueLength(), 0)
  })

  test('a full queue answers 429', async () => {
    const { ask } = world()
    const waiting = [ask(), ask(), ask()]
    assert.equal(await kindOf(ask()), 'queue-full')
    for (const one of waiting) one.catch(() => {})
  })

  test('a deadline ends texts that wait and texts that are written, and frees the row', async () => {
    const { ask, rows, clock } = world()
    const kinds = [kindOf(ask()), kindOf(ask())]
    clock.advance(1000)
    assert.deepEqual(await Promise.all(kinds), ['timeout', 'timeout'])
    assert.ok(row(rows, 0).left)
    const after = ask()
    row(rows, rows.length - 1).end('eos')
    assert.equal((await after).ending, 'eos')
  })

  test('a text that goes on may take longer than the deadline; it ends when no token comes for so long', async () => {
    const { ask, rows, clock } = world()
    const answer = ask().catch((failure: Failure) => failure)
    for (const text of ['a', 'b', 'c']) {
      clock.advance(900)
      row(rows, 0).say(text)
    }
    clock.advance(999)
    assert.ok(!row(rows, 0).left)
    clock.advance(1)
    assert.match(String(await answer), /did not go on within 1 s/)
    assert.ok(row(rows, 0).left)
  })

  test('its caller may give the whole text less time', async () => {
    const { ask, rows, clock } = world()
    const kind = kindOf(ask({ timeoutMs: 1500 }))
    for (const text of ['a', 'b', 'c']) {
      row(rows, 0).say(text)
      clock.advance(500)
    }
    assert.equal(await kind, 'timeout')
    assert.ok(row(rows, 0).left)
  })

  test('a text whose beams go on has time until they stand still, and ends when its caller has gone', async () => {
    const { ask, rows, clock, tokens } = world({ maxRows: 2 })
    let here = true
    const still = kindOf(ask())
    const gone = kindOf(ask({ gone: () => !here }))
    for (let step = 0; step < 3; step++) {
      clock.advance(900)
      row(rows, 0).search()
      row(rows, 1).search()
    }
    here = false
    row(rows, 1).search()
    assert.equal(await gone, 'cancelled')
    clock.advance(1000)
    assert.equal(await still, 'timeout')
    assert.deepEqual(tokens, [])
  })

  test('a caller that left is seen at the next token; the next in line gets the row', async () => {
    const { ask, rows } = world()
    let here = true
    const gone = kindOf(ask({ gone: () => !here }))
    const next = ask({ promptIds: [2] })
    row(rows, 0).say('a')
    here = false
    row(rows, 0).say('b')
    assert.equal(await gone, 'cancelled')
    assert.ok(row(rows, 0).left)
    row(rows, 1).end('eos')
    assert.equal((await next).ending, 'eos')
  })

  test('a caller that left before its turn is never written', async () => {
    const { ask, rows } = world()
    const first = ask()
    const gone = kindOf(ask({ promptIds: [2], gone: () => true }))
    const third = ask({ promptIds: [3] })
    row(rows, 0).end('eos')
    await first
    assert.equal(await gone, 'cancelled')
    assert.deepEqual(row(rows, 1).promptIds, [3])
    row(rows, 1).end('eos')
    await third
  })

  test('a failure of the worker is the answer, and the next in line gets the row', async () => {
    const { ask, rows } = world()
    const failing = ask()
    const next = ask()
    row(rows, 0).fail(new Error('the worker ended'))
    await assert.rejects(failing, /the worker ended/)
    row(rows, 1).end('eos')
    assert.equal((await next).ending, 'eos')
  })
})
