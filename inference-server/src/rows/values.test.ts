import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modelOf } from '../testing/onnx-graph.ts'
import { proveRows } from './prove.ts'

/** Cuts rows of 6 numbers into the rest of a / b parts: proven where the rest is found to be 2 or 3. */
const verdictOf = (a: number, b: number, fmod: number): string =>
  proveRows(
    modelOf({
      inputs: { x: ['batch', 6] },
      constants: { a: [a], b: [b], rows: [0], last: [-1] },
      nodes: [
        ['Mod(a, b) -> parts', { fmod }],
        ['Concat(rows, parts, last) -> shape', { axis: 0 }],
        'Reshape(x, shape) -> y',
      ],
      outputs: ['y'],
    }),
  ).verdict

test('knows the rest of a division of two known whole numbers', () => {
  assert.equal(verdictOf(5, 3, 0), 'independent')
  assert.equal(verdictOf(-1, 3, 0), 'independent', 'it has the sign of the divisor')
  assert.equal(verdictOf(5, -3, 1), 'independent', 'with fmod it has the sign of the dividend')
})

test('proves nothing where the rest is negative or the divisor is 0', () => {
  assert.equal(verdictOf(-2, 3, 1), 'unproven')
  assert.equal(verdictOf(4, -3, 0), 'unproven')
  assert.equal(verdictOf(4, 0, 0), 'unproven')
})
