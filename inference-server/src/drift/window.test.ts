import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '../testing/random.ts'
import { categoryKey } from './category-key.ts'
import { createPick } from './picking.ts'
import { createRecorder } from './recorder.ts'
import { createWindow } from './window.ts'

const salt = 'of a test'.padEnd(16)
const features = [
  { name: 'x', kind: 'number', edges: [0], counts: [50, 50], missing: 0, least: -1, most: 1 },
  { name: 'y', kind: 'category', values: [categoryKey(salt)('a')], counts: [100], missing: 0 },
] as const

test('a window holds the latest rows, in tallies that do not grow', () => {
  let now = 0
  const window = createWindow({ features, salt }, () => now)
  const see = (rows: number, value: number): void => {
    for (let row = 0; row < rows; row++) {
      window.count()
      window.add(0, value)
      window.add(1, `value ${row}`)
    }
  }
  see(20_000, -5)
  assert.ok(window.rows() <= 10_000)
  see(10_001, 5)
  assert.deepEqual([...window.tally(0).counts].slice(0, 1), [0])
  assert.equal(window.tally(0).outside, window.rows())
  assert.equal(window.tally(1).counts.length, 2)
  now += 2 * 86_400_000
  assert.equal(window.rows(), 0)
})

test('each row is as likely to be looked at as any other, and few are while many come', () => {
  const random = seededRandom(3)
  let now = 0
  const pick = createPick(() => now, random)
  const looked = new Array<number>(7).fill(0)
  let rows = 0
  let last = 0
  for (let request = 0; request < 400_000; request++) {
    now += 1 / 30 // 30,000 requests a second, of 7 rows in turn
    for (const at of pick(7)) {
      looked[at] = (looked[at] as number) + 1
      last = rows
    }
    rows += 7
  }
  const all = looked.reduce((sum, count) => sum + count, 0)
  const seconds = now / 1000
  assert.ok(all > 1000 && all < 1000 + 400 * seconds, `${all} in ${seconds} s`)
  assert.ok(rows - last < 50_000)
  for (const count of looked) assert.ok(Math.abs(count / all - 1 / 7) < 0.04, looked.join())
})

test('a request after a burst is looked at soon', () => {
  let now = 0
  const pick = createPick(() => now, seededRandom(4))
  for (let request = 0; request < 100_000; request++) {
    now += 0.01
    pick(1)
  }
  let looked = 0
  for (let request = 0; request < 100; request++) {
    now += 1000
    looked += pick(1).length
  }
  assert.ok(looked >= 5, `${looked}`)
})

test('of bursts that come with pauses as many rows are looked at as of a steady stream, and each as likely as the others', () => {
  let now = 0
  const pick = createPick(() => now, seededRandom(6))
  for (let row = 0; row < 1000; row++) pick(1) // those at the start are all looked at
  const looked = new Array<number>(10).fill(0)
  const bursts = 300
  for (let burst = 0; burst < bursts; burst++) {
    now += 2000
    for (let request = 0; request < 20; request++) {
      now += 2
      const half = Math.floor(request / 2)
      looked[half] = (looked[half] as number) + pick(32).length
    }
  }
  const all = looked.reduce((sum, count) => sum + count, 0) / bursts
  assert.ok(all > 100 && all < 400, `${all} of 640 rows`)
  for (const count of looked) assert.ok(count / bursts > all / 20 && count / bursts < all / 5, looked.join())
})

test('a reference is of bounded size, and one of too few rows is none', () => {
  const recorder = createRecorder(
    [
      { name: 'x', kind: 'number' },
      { name: 'constant', kind: 'number' },
      { name: 'id', kind: 'category' },
      { name: 'kind', kind: 'category' },
    ],
    seededRandom(5),
  )
  assert.equal(recorder.reference(), undefined)
  for (let row = 0; row < 30_000; row++) {
    recorder.count()
    recorder.add(0, row)
    recorder.add(1, 7)
    recorder.add(2, `id ${row}`)
    recorder.add(3, row % 3 === 0 ? 'a' : 'b')
  }
  const reference = recorder.reference()
  assert.deepEqual(
    reference?.features.map(({ name }) => name),
    ['x', 'constant', 'kind'],
  )
  const [x, constant, kind] = reference?.features ?? []
  assert.equal(x?.edges?.length, 9)
  assert.deepEqual(constant?.counts, [0, 10_000, 0])
  assert.deepEqual(kind?.counts, [20_000, 10_000])
})
