import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOf } from './quantity.ts'

test('sizes are read as Kubernetes writes them', () => {
  assert.equal(bytesOf('4096'), 4096)
  assert.equal(bytesOf('20Gi'), 20 * 1024 ** 3)
  assert.equal(bytesOf('500M'), 500_000_000)
  assert.equal(bytesOf('1.5Mi'), 1_572_864)
  assert.equal(bytesOf('1e9'), 1_000_000_000)
})

test('what is no size is refused by name', () => {
  assert.throws(() => bytesOf('large'), /"large" is not a size/)
  assert.throws(() => bytesOf('-1Gi'), /not a size/)
})
