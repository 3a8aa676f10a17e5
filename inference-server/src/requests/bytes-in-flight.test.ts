import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../failures/errors.ts'
import { pick, printedRandom } from '../testing/fuzz.ts'
import { createBytesInFlight, type Hold } from './bytes-in-flight.ts'

const kib = 1024
const limitBytes = 1000 * kib

/** Bodies by name, and who had to give up. */
const world = () => {
  const inFlight = createBytesInFlight(limitBytes)
  const gaveUp: string[] = []
  const begin = (name: string, bytes: number): Hold => {
    const hold = inFlight.hold(({ kind }) => void gaveUp.push(`${name}: ${kind}`))
    hold.add(bytes)
    return hold
  }
  return { inFlight, gaveUp, begin }
}
const isFull = (error: unknown): boolean =>
  error instanceof Failure && error.kind === 'bodies-full' && error.retryAfterSeconds === 1

test('as many bytes as there is room for are held', () => {
  const { inFlight, gaveUp, begin } = world()
  begin('one', 400 * kib)
  begin('two', 600 * kib)
  assert.equal(inFlight.bytes(), limitBytes)
  assert.deepEqual(gaveUp, [])
})

test('the body that began first and still arrives makes room, and as many more as it takes', () => {
  const { inFlight, gaveUp, begin } = world()
  for (const name of ['one', 'two', 'three']) begin(name, 300 * kib)
  begin('four', 650 * kib)
  assert.deepEqual(gaveUp, ['one: bodies-full', 'two: bodies-full'])
  assert.equal(inFlight.bytes(), 950 * kib)
})

test('a body that is whole makes no room: the one that arrives is refused', () => {
  const { inFlight, gaveUp, begin } = world()
  begin('whole', 950 * kib).arriving(false)
  begin('arriving', 100 * kib)
  assert.deepEqual(gaveUp, ['arriving: bodies-full'])
  assert.equal(inFlight.bytes(), 950 * kib)
  const other = begin('answered', 10 * kib)
  other.arriving(false)
  assert.throws(() => other.add(100 * kib), isFull)
})

test('small bodies pass although there is no room, until they take half of it themselves', () => {
  const { gaveUp, begin } = world()
  begin('whole', limitBytes).arriving(false)
  for (let count = 0; count < 10; count++) begin(`small ${count}`, 50 * kib)
  assert.deepEqual(gaveUp, [])
  begin('small 10', 50 * kib)
  assert.ok(gaveUp.length > 0)
  assert.equal(gaveUp[0], 'small 0: bodies-full')
})

test('what was released counts no more, and twice is once', () => {
  const { inFlight, begin } = world()
  const one = begin('one', 500 * kib)
  one.release()
  one.release()
  one.add(5)
  one.remove(5)
  one.arriving(true)
  assert.equal(inFlight.bytes(), 0)
})

/** A body, and what is known of it beside the bound. */
interface Known {
  readonly hold: Hold
  bytes: number
  gone: boolean
}

const acts: readonly ((body: Known, bytes: number) => void)[] = [
  (body, bytes) => {
    body.bytes += bytes
    try {
      body.hold.add(bytes)
    } catch {
      body.gone = true
    }
  },
  (body, bytes) => {
    const fewer = Math.min(bytes, body.bytes)
    body.bytes -= fewer
    body.hold.remove(fewer)
  },
  ({ hold }) => hold.arriving(false),
  ({ hold }) => hold.arriving(true),
  (body) => {
    body.hold.release()
    body.gone = true
  },
]

test('the sum is right for any bodies in any order, and only small bodies go beyond the bound', (context) => {
  const random = printedRandom(context)
  const { inFlight } = world()
  let bodies: readonly Known[] = []
  const begin = (): Known => {
    const hold = inFlight.hold(() => {
      body.gone = true
    })
    const body: Known = { hold, bytes: 0, gone: false }
    return body
  }
  for (let round = 0; round < 20_000; round++) {
    if (bodies.length < 30) bodies = [...bodies, begin()]
    pick(random, acts)(pick(random, bodies), Math.floor(random() * 200 * kib))
    bodies = bodies.filter(({ gone }) => !gone)
    const sum = bodies.reduce((total, { bytes }) => total + bytes, 0)
    assert.equal(inFlight.bytes(), sum)
    const small = bodies.filter(({ bytes }) => bytes <= 64 * kib)
    assert.ok(sum <= limitBytes + small.reduce((total, { bytes }) => total + bytes, 0))
  }
})
