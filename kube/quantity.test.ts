import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSameQuantity, mebibytes, parseQuantity } from './quantity.ts'

test('reads every form of a quantity', () => {
  const forms = {
    '500m': 0.5,
    '2': 2,
    '1.5': 1.5,
    '.5': 0.5,
    '1e3': 1000,
    '2k': 2000,
    '1Ki': 1024,
    '1.5Gi': 1.5 * 2 ** 30,
  }
  for (const [text, amount] of Object.entries(forms)) assert.equal(parseQuantity(text), amount, text)
  assert.equal(parseQuantity(3), 3)
})

test('takes nothing else for a quantity', () => {
  for (const text of ['', 'Gi', '1 Gi', '1GiB', 'one', undefined, null, {}])
    assert.equal(parseQuantity(text), undefined)
})

test('compares amounts, not their spelling', () => {
  assert.ok(isSameQuantity('1000m', 1))
  assert.ok(isSameQuantity('0.1', '100m'))
  assert.ok(isSameQuantity('1024Mi', '1Gi'))
  assert.ok(!isSameQuantity('1G', '1Gi'))
  assert.ok(!isSameQuantity('x', 'x'))
})

test('rounds bytes up to whole mebibytes', () => {
  assert.equal(mebibytes(2 ** 20), '1Mi')
  assert.equal(mebibytes(2 ** 20 + 1), '2Mi')
})
