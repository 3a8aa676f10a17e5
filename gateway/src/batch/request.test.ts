import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchIn, readBatch } from './request.ts'

const list = (payloads: string): Buffer => Buffer.from(`{"path": "/predict", "payloads": [${payloads}]}`)

/** Texts on which a single value, many values, or what stands between values takes long. */
const large: readonly (readonly [what: string, payloads: string, count: number])[] = [
  ['one long list', `[${'1,'.repeat(2_000_000)}1]`, 1],
  ['a text full of quotes', `"${'\\"'.repeat(2_000_000)}"`, 1],
  ['a long number', '1'.repeat(4_000_000), 1],
  ['many blanks', `1${' '.repeat(4_000_000)}`, 1],
  ['many payloads', Array.from({ length: 1000 }, () => `[${'1,'.repeat(2000)}1]`).join(), 1000],
]
for (const [what, payloads, count] of large)
  test(`others have their turn while a batch of ${what} is read`, async () => {
    const order: string[] = []
    setImmediate(() => order.push('other'))
    const batch = await readBatch(list(payloads))
    order.push('batch')
    assert.deepEqual(order, ['other', 'batch'])
    assert.equal(batch.payloads.length, count)
    assert.equal(batch.payloads.map(String).join().length, payloads.trim().length)
  })

test('the bytes of a batch are looked at once', () => {
  const [, , , , [, payloads, count]] = large as readonly [
    unknown,
    unknown,
    unknown,
    unknown,
    (typeof large)[number],
  ]
  const json = list(payloads)
  const stepsOf = (work: Generator): number => {
    let steps = 0
    while (!work.next().done) steps += 1
    return steps
  }
  // A step is at most 64 KiB, and one stands behind each payload.
  const once = Math.ceil(json.length / 65_536) + count
  assert.ok(stepsOf(batchIn(json)) <= once + 8)
  const one = list(large[0]?.[1] ?? '')
  assert.ok(stepsOf(batchIn(one)) <= Math.ceil(one.length / 65_536) + 8)
})
