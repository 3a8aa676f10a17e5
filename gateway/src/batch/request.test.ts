import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBatch } from './request.ts'

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
