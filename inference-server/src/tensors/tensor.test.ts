import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytes, fp32, int64 } from '../testing/tensors.ts'
import { rowsOf, stack, textsOf } from './tensor.ts'

test('stacks rows of tensors and takes them apart again', () => {
  const one = fp32([1, 2], [1, 2])
  const two = fp32([2, 2], [3, 4, 5, 6])
  const both = stack([one, two])
  assert.deepEqual(both, fp32([3, 2], [1, 2, 3, 4, 5, 6]))
  assert.deepEqual(rowsOf(both, 0, 1), one)
  assert.deepEqual(rowsOf(both, 1, 3), two)
})

test('stacks 64-bit integers and texts', () => {
  assert.deepEqual(stack([int64([1], [1]), int64([2], [2, 3])]), int64([3], [1, 2, 3]))
  const texts = stack([bytes([1, 1], ['a']), bytes([1, 1], ['b'])])
  assert.deepEqual(texts, bytes([2, 1], ['a', 'b']))
  assert.deepEqual(rowsOf(texts, 1, 2), bytes([1, 1], ['b']))
})

test('gives a single tensor back without a copy', () => {
  const one = fp32([1, 2], [1, 2])
  assert.equal(stack([one]), one)
  assert.equal(rowsOf(one, 0, 1), one)
})

test('takes apart rows that hold no elements', () => {
  const empty = fp32([3, 0], [])
  assert.deepEqual(rowsOf(empty, 1, 3), fp32([2, 0], []))
})

test('reads BYTES as UTF-8, and refuses what is not', () => {
  const raw = (content: Uint8Array) => ({ dtype: 'BYTES', shape: [1], data: [content] }) as const
  assert.deepEqual(textsOf(raw(Buffer.from('你好'))), ['你好'])
  assert.throws(() => textsOf(raw(Uint8Array.of(0xff, 0xfe))), TypeError)
})
