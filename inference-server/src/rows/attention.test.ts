import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modelOf } from '../testing/onnx-graph.ts'
import { proveRows } from './prove.ts'

/** Scores of [rows, heads, length, length] and a bias by distance, whose length is that of an axis of the scores. */
const biasedBy = (axis: number): string =>
  proveRows(
    modelOf({
      inputs: { scores: ['batch', 2, 'length', 'length'] },
      constants: { axis },
      weights: { table: [32, 2] },
      nodes: [
        'Shape(scores) -> shape',
        'Gather(shape, axis) -> length',
        'com.microsoft.RelativePositionBias(table, length, length) -> bias',
        'Add(scores, bias) -> y',
      ],
      outputs: ['y'],
    }),
  ).verdict

test('takes a bias by distance for the same in all rows, unless its length is the number of rows', () => {
  assert.equal(biasedBy(2), 'independent')
  assert.equal(biasedBy(0), 'unproven')
})
