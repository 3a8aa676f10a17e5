import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { call, inference, refusal } from '../testing/grpc.ts'
import { hungry, lookup } from '../testing/models.ts'
import type { Constant, Graph } from '../testing/onnx.ts'
import { testServer } from '../testing/server.ts'
import { Failure, inputFailed } from './errors.ts'
import { shapeRefusal } from './shape-refusal.ts'

/** Inputs whose axes have no names, so that nothing is known of them before the run. */
const two = (op: string, attributes = {}): Graph => ({
  inputs: ['x', 'w'].map((name) => ({ name, datatype: 'FP32', shape: ['', ''] })),
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['', ''] }],
  nodes: [{ op, inputs: ['x', 'w'], outputs: ['y'], attributes }],
})
const one = (op: string, constant: Constant, shape: readonly string[] = ['', '']): Graph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: shape.map(() => '') }],
  constants: [constant],
  nodes: [{ op, inputs: ['x', constant.name], outputs: ['y'] }],
})
const tensor = (name: string, shape: readonly number[]) => ({
  name,
  datatype: 'FP32',
  shape,
  data: new Array<number>(shape.reduce((product, length) => product * length, 1)).fill(1),
})

const cases: readonly (readonly [Graph, readonly (readonly number[])[], RegExp])[] = [
  [
    two('Add'),
    [
      [2, 3],
      [2, 4],
    ],
    /\(Add: Attempting to broadcast an axis by a dimension other than 1\. [34] by [34]\)/,
  ],
  [
    two('Sum'),
    [
      [2, 3],
      [3, 3],
    ],
    /\(Sum: Attempting to broadcast/,
  ],
  [
    two('MatMul'),
    [
      [2, 3],
      [4, 2],
    ],
    /\(MatMul: .*dimension mismatch\)/,
  ],
  [
    two('Gemm'),
    [
      [2, 3],
      [4, 2],
    ],
    /\(Gemm: GEMM: Dimension mismatch, W: \{4,2\} K: 3 N:2\)/,
  ],
  [
    two('Concat', { axis: 0 }),
    [
      [2, 3],
      [2, 4],
    ],
    /\(Concat: .*mismatched dimensions of [34] and [34]\)/,
  ],
  [
    one('Reshape', { name: 's', shape: [2], data: BigInt64Array.of(-1n, 4n) }),
    [[2, 3]],
    /\(Reshape: The input tensor cannot be reshaped .*requested shape:\{-1,4\}\)/,
  ],
  [
    one('Expand', { name: 's', shape: [2], data: BigInt64Array.of(2n, 4n) }),
    [[2, 3]],
    /\(Expand: invalid expand shape\)/,
  ],
  [
    one('Conv', { name: 'k', shape: [2, 3, 1, 1], data: new Float32Array(6) }, ['', '', '', '']),
    [[1, 4, 2, 2]],
    /\(Conv: Input channels C is not equal to kernel channels/,
  ],
  [
    one('Squeeze', { name: 'a', shape: [1], data: BigInt64Array.of(0n) }),
    [[2, 3]],
    /\(Squeeze: Dimension of input 0 must be 1 instead of 2\. shape=\{2,3\}\)/,
  ],
]

describe('shapes that the graph cannot compute', () => {
  for (const [graph, shapes, words] of cases) {
    test(`are the caller's to mend: ${graph.nodes[0]?.op}`, async () => {
      await using server = await testServer(graph)
      const inputs = shapes.map((shape, index) => tensor(index === 0 ? 'x' : 'w', shape))
      const response = await server.post('/v2/models/m/infer', { inputs })
      const { error } = (await response.json()) as { readonly error: string }
      assert.deepEqual([response.status, response.status === 422 && words.test(error)], [422, true], error)
      assert.doesNotMatch(error, /onnxruntime|\.h:|\.cc:|::/)
      const client = inference(server)
      const typed = inputs.map(({ data, ...head }) => ({ ...head, contents: { fp32_contents: data } }))
      const { code, details } = await refusal(call(client, 'ModelInfer', { model_name: 'm', inputs: typed }))
      client.close()
      assert.deepEqual([code, details], [3, error])
    })
  }

  test('leave the model ready for the next request', async () => {
    await using server = await testServer(two('Add'))
    const ask = async (width: number) =>
      (await server.post('/v2/models/m/infer', { inputs: [tensor('x', [1, 3]), tensor('w', [1, width])] }))
        .status
    assert.deepEqual([await ask(4), await ask(3), await ask(2), await ask(1)], [422, 200, 422, 200])
  })
})

describe('what fails for another reason', () => {
  test('stays a failure of the run', async () => {
    await using server = await testServer(lookup())
    const index = { name: 'index', datatype: 'INT64', shape: [1], data: [9] }
    const response = await server.post('/v2/models/m/infer', { inputs: [index] })
    assert.equal(response.status, 500)
    assert.equal(((await response.json()) as { readonly error: string }).error, inputFailed)
  })

  test('stays a want of memory', async () => {
    await using server = await testServer(hungry(3), ['--max-rows', '1'])
    assert.equal((await server.post('/v2/models/m/infer', { inputs: [tensor('x', [4, 1])] })).status, 503)
  })

  test('is not blamed on shapes that a device or a worker speaks of', () => {
    for (const cause of [
      'CUDA failure 700: an illegal memory access ; expr=cudaMemcpy(shape)',
      "Non-zero status code returned while running Conv node. Name:'' Status Message: CUDNN_STATUS_BAD_PARAM dims",
      'the worker that ran this request ended',
      undefined,
    ])
      assert.equal(shapeRefusal(new Failure('inference-failed', inputFailed, { cause })), undefined)
    assert.equal(shapeRefusal(new Failure('timeout', 'shape')), undefined)
    assert.equal(shapeRefusal(new Error('dimension mismatch')), undefined)
  })
})
