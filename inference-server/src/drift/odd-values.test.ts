/** References of odd data, and the requests that they are compared with. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../testing/random.ts'
import type { Feature, Seen } from './features.ts'
import { createJudgement } from './judgement.ts'
import { createRecorder } from './recorder.ts'
import { createWindow } from './window.ts'

type Row = (row: number) => Seen

const random = seededRandom(60)
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** What is said of 2,000 requests after an evaluation of so many rows. */
const compared = (
  kind: Feature['kind'],
  { of, with: asked, rows = 1000 }: { of: Row; with: Row; rows?: number },
) => {
  const recorder = createRecorder([{ name: 'x', kind }], random)
  for (let row = 0; row < rows; row++) {
    recorder.count()
    recorder.add(0, of(row))
  }
  const reference = recorder.reference() ?? assert.fail('no reference')
  const window = createWindow(reference, () => 0)
  for (let row = 0; row < 2000; row++) {
    window.count()
    window.add(0, asked(row))
  }
  const judgement = createJudgement(reference, window, () => new Date(0))
  return { ...judgement.state(), outside: judgement.judged()[0]?.others['outside'] }
}
const isDrifting = (...of: Parameters<typeof compared>): boolean => compared(...of).features.length > 0

const alike: readonly (readonly [what: string, kind: Feature['kind'], row: Row])[] = [
  ['a constant', 'number', () => 3],
  ['a constant with the rounding of FP32', 'number', (row) => (row % 2 ? 0.1 : Math.fround(0.1))],
  ['zero with both signs', 'number', (row) => (row % 2 ? 0 : -0)],
  ['the largest number', 'number', () => Number.MAX_VALUE],
  ['half infinite', 'number', (row) => (row % 2 ? Number.POSITIVE_INFINITY : normal())],
  ['nearly all missing', 'number', (row) => (row % 10 ? Number.NaN : normal())],
  ['one in a hundred', 'number', (row) => Number(row % 100 === 0)],
  ['half of them unique', 'category', (row) => (row % 2 ? 'a' : `${row} ${random()}`)],
  ['one long text', 'category', () => 'x'.repeat(100_000)],
  ['half a character', 'category', () => '\ud800'],
  ['a constant vector', 'vector', () => [1, 2]],
  [
    'a constant vector with the rounding of FP32',
    'vector',
    (row) => (row % 2 ? [0.1, 0.2] : [0.1, 0.2].map(Math.fround)),
  ],
  ['vectors of which half are not finite', 'vector', (row) => [normal(), row % 2 ? Number.NaN : normal()]],
]

test('the same odd data do not drift', () => {
  for (const [what, kind, row] of alike) {
    const { features, enough, outside = 0 } = compared(kind, { of: row, with: row })
    assert.deepEqual(features, [], what)
    assert.equal(enough, true)
    if (!what.includes('infinite')) assert.ok(outside < 0.05, `${what}: ${outside} are outside`)
  }
})

test('a constant that becomes another one drifts, by a number that JSON has', () => {
  const moved: readonly (readonly [Feature['kind'], Row, Row])[] = [
    ['number', () => 3, () => 4],
    ['number', () => 0, () => 1e-9],
    ['category', () => 'a', () => 'b'],
    ['vector', () => [1, 2], () => [1, 2.1]],
    ['vector', () => [0, 0], () => [0, 1e-9]],
    ['vector', () => [1, 2], () => [Number.MAX_VALUE, -Number.MAX_VALUE]],
    ['vector', () => [1e200, 1e200], () => [-1e200, 1e200]],
  ]
  for (const [kind, of, asked] of moved) {
    const { features } = compared(kind, { of, with: asked })
    assert.equal(features.length, 1, `${kind} ${of(0)}`)
    assert.ok(Number.isFinite(features[0]?.value), `${kind} ${of(0)}: ${features[0]?.value}`)
  }
})

test('missing and infinite numbers that were not there before drift', () => {
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    assert.ok(isDrifting('number', { of: normal, with: (row) => (row % 3 ? normal() : odd) }), `${odd}`)
})

test('the share of missing numbers is the same in a reference of many rows', () => {
  const row: Row = (at) => (at % 10 === 0 ? Number.NaN : normal())
  assert.equal(isDrifting('number', { of: row, with: row, rows: 100_000 }), false)
})
