import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onnxFile } from '../testing/onnx.ts'
import { buildGraph } from './testing/builder.ts'
import { proofOf } from './testing/proven.ts'

/** Resizes the rows to half of them and back: at opset 10 and before, the scales are where later versions have a region. */
const resized = (opsets: Readonly<Record<string, number>>): Buffer => {
  const builder = buildGraph()
  const region = builder.constant('FP32', [2], [1, 1])
  const y = [0.5, 2].reduce(
    (data, scale) => builder.node('Resize', [data, region, builder.constant('FP32', [2], [scale, 1])]),
    builder.input('FP32', 4),
  )
  return onnxFile({ ...builder.model([y]), opsets })
}

test('a model that does not say its version of ONNX is not taken for one of the first: the run time takes the latest', () => {
  assert.equal(proofOf(resized({ '': 17 })).verdict, 'unproven')
  const proof = proofOf(resized({ 'com.microsoft': 1 }))
  assert.equal(proof.verdict, 'unproven')
  assert.match('reason' in proof ? proof.reason : '', /does not say which version/)
})
