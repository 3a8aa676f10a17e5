import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Datatype, NamedTensors, Signature, Tensor } from './tensor.ts'
import { fp32, named } from './testing/tensors.ts'
import { warmUp } from './warm-up.ts'

const spec = (name: string, shape: readonly number[], symbol = '', datatype: Datatype = 'FP32') => ({
  name,
  datatype,
  shape,
  symbols: shape.map((_, axis) => (axis === 0 ? symbol : '')),
})
const signature = (input = spec('x', [-1, 2]), output = spec('y', [-1, 2])): Signature => ({
  inputs: [input],
  outputs: [output],
})

const map = (change: (data: Float32Array) => Float32Array<ArrayBuffer>) => async (inputs: NamedTensors) => {
  const { shape, data } = inputs.get('x') as Tensor
  return { outputs: named({ y: { dtype: 'FP32', shape, data: change(data as Float32Array) } }) }
}
const double = map((data) => Float32Array.from(data, (value) => value * 2))
const runningTotal = map((data) => {
  let total = 0
  return Float32Array.from(data, (value) => {
    total += value
    return total
  })
})

const reasonOf = async (...args: Parameters<typeof warmUp>): Promise<string> => {
  const batching = await warmUp(...args)
  return batching.kind === 'alone' ? batching.reason : assert.fail('is batchable')
}

describe('requests share a batch', () => {
  test('when rows come out the same together as apart', async () => {
    assert.deepEqual(await warmUp(signature(), double), { kind: 'batchable' })
  })

  test('though quantization moves them a little', async () => {
    const quantized = map((data) =>
      Float32Array.from(data, (value) => value * 2 + (data.length > 2 ? 0.01 : 0)),
    )
    assert.deepEqual(await warmUp(signature(), quantized), { kind: 'batchable' })
  })
})

describe('requests run one by one', () => {
  test('when rows depend on those before', async () => {
    assert.match(await reasonOf(signature(), runningTotal), /rows of output y depend on each other/)
  })

  test('when the output loses the axis', async () => {
    const sum = async () => ({ outputs: named({ y: fp32([1], [3]) }) })
    assert.match(await reasonOf(signature(spec('x', [-1, 2]), spec('y', [-1])), sum), /depend on each other/)
  })

  test('when an axis 0 is fixed or missing', async () => {
    assert.match(await reasonOf(signature(spec('x', [1, 2])), double), /first axis of x is not free/)
    assert.match(
      await reasonOf(signature(spec('x', [-1, 2]), spec('y', [])), double),
      /first axis of y is not free/,
    )
  })

  test('when first axes have different names', async () => {
    const unlike = signature(spec('x', [-1, 2], 'batch'), spec('y', [-1, 2], 'time'))
    assert.match(await reasonOf(unlike, double), /batch, time/)
  })

  test('when no made-up row could be run, which alone is no reason to refuse the model', async () => {
    const failing = () => Promise.reject(new Error('needs a square picture'))
    assert.match(await reasonOf(signature(), failing), /could not be tried together: needs a square picture/)
  })
})

test('free axes get a size that an image model takes where a small one fails', async () => {
  const sizes: number[] = []
  const picky = async (inputs: NamedTensors) => {
    const size = inputs.get('x')?.shape[2] ?? 0
    sizes.push(size)
    if (size < 32) throw new Error('too small')
    return double(inputs)
  }
  const images = signature(spec('x', [-1, 1, -1, -1]), spec('y', [-1, 1, -1, -1]))
  assert.deepEqual(await warmUp(images, picky), { kind: 'batchable' })
  assert.deepEqual(sizes, [8, 224, 224, 224])
})
