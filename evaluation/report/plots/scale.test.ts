import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linearScale, scaleFor } from './scale.ts'

const texts = (values: readonly number[]): readonly string[] =>
  scaleFor(values, [0, 100]).ticks.map(({ text }) => text)

test('ticks stand at 1, 2 or 5 times a power of ten and enclose the values', () => {
  assert.deepEqual(texts([0.86, 0.93]), ['0.86', '0.88', '0.90', '0.92', '0.94'])
  assert.deepEqual(texts([0, 1764]), ['0', '500', '1000', '1500', '2000'])
  assert.deepEqual(texts([-3, 8]), ['-5', '0', '5', '10'])
})

test('values that differ by little have ticks that differ', () => {
  const found = texts([2.000012, 2.000034])
  assert.equal(new Set(found).size, found.length)
  assert.deepEqual(found, ['2.000010', '2.000015', '2.000020', '2.000025', '2.000030', '2.000035'])
})

test('one value, zero alone and the smallest differences have an axis', () => {
  for (const values of [[5], [0], [-2], [1, 1 + 2e-16], [1e-300], [1e300]]) {
    const { at, ticks } = linearScale(values, [0, 100])
    assert.ok(ticks.length >= 2 && ticks.length < 20, String(values))
    for (const value of values) assert.ok(at(value) >= -1 && at(value) <= 101, `${value} at ${at(value)}`)
  }
})

test('values of several powers of ten stand on a logarithmic axis, with zero among them on a linear one', () => {
  assert.deepEqual(texts([2, 900]), ['1', '3', '10', '30', '100', '300', '1000'])
  assert.equal(texts([0, 900])[0], '0')
  assert.deepEqual([1, 10, 100].map(scaleFor([1, 100], [0, 100]).at), [0, 50, 100])
})

test('values that differ by less than is worth showing stand close together', () => {
  const { at } = scaleFor([2.000001, 2.000002], [0, 100], { leastShare: 0.02 })
  assert.ok(at(2.000002) - at(2.000001) < 1)
  assert.ok(at(2) > 0 && at(2) < 100)
})
