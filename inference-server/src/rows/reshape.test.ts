import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modelOf } from '../testing/onnx-graph.ts'
import { proveRows } from './prove.ts'

/** Places in front of rows, split into [places, rows * 2, parts] and set back: as torch's attention writes it. */
const verdictOf = (places: number, heads: number, size: number, axis = 0): string =>
  proveRows(
    modelOf({
      inputs: { x: ['batch', 'length', 6] },
      constants: { axis, heads: [heads], places: [places], size: [size], back: [0, -1, 6], first: [0] },
      nodes: [
        'Shape(x) -> shape',
        'Gather(shape, axis) -> count',
        'Unsqueeze(count, first) -> counts',
        'Mul(counts, heads) -> merged',
        ['Concat(places, merged, size) -> target', { axis: 0 }],
        ['Transpose(x) -> turned', { perm: [1, 0, 2] }],
        'Reshape(turned, target) -> split',
        'Softmax(split) -> soft',
        'Reshape(soft, back) -> joined',
        ['Transpose(joined) -> y', { perm: [1, 0, 2] }],
      ],
      outputs: ['y'],
    }),
  ).verdict

test('takes a length that was written into a target for that of the data, where the rest of the target is as large', () => {
  assert.equal(verdictOf(7, 2, 3), 'independent')
})

test('does not, where the rest is larger or smaller: a row would take numbers of the next', () => {
  assert.equal(verdictOf(7, 4, 3), 'unproven')
  assert.equal(verdictOf(7, 1, 3), 'unproven')
  assert.equal(verdictOf(7, 2, 3, 1), 'unproven')
})
