import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TensorSpec } from '../tensors/tensor.ts'
import { cacheTokens } from './budget.ts'
import type { DecoderGraph } from './graph.ts'

const cache = (
  name: string,
  shape: readonly number[],
  datatype: TensorSpec['datatype'],
  ofSource: boolean,
): DecoderGraph['caches'][number] => ({
  past: { name, datatype, shape, symbols: shape.map(() => '') },
  present: name,
  axis: 2,
  ofSource,
})

test('caches may take an eighth of the memory, for every number of bytes that the graph keeps of a token', () => {
  const key = cache('key', [-1, 2, -1, 8], 'FP32', false)
  const value = cache('value', [-1, 2, -1, 8], 'FP16', false)
  // 2 x 8 x 4 and 2 x 8 x 2 bytes.
  assert.equal(cacheTokens({ caches: [key, value] }, 96 * 8 * 1000), 1000)
})

test('what is kept of a source does not grow, and a token always fits', () => {
  const own = cache('own', [-1, 1, -1, 1], 'FP32', false)
  const source = cache('source', [-1, 64, -1, 64], 'FP32', true)
  assert.equal(cacheTokens({ caches: [own, source] }, 32 * 100), 100)
  assert.equal(cacheTokens({ caches: [own] }, 0), 1)
})
