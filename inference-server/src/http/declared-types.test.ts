/** Models that declare no shape, or a type that the protocol cannot carry. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { call, inference } from '../testing/grpc.ts'
import { identity } from '../testing/models.ts'
import type { Graph, OpenValue } from '../testing/onnx.ts'
import { testServer } from '../testing/server.ts'

/** y = -x, FP32, without a word on shapes. */
const shapeless: Graph<OpenValue> = {
  inputs: [{ name: 'x', datatype: 'FP32' }],
  outputs: [{ name: 'y', datatype: 'FP32' }],
  nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }],
}

interface Answer {
  readonly outputs: readonly [{ readonly shape: readonly number[]; readonly data: readonly number[] }]
}

describe('a model that declares no shape', () => {
  const shapes = [[], [1], [4], [2, 2], [1, 2, 3], [2, 1, 1, 1, 2], [0], [3, 0, 2]] as const
  const count = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1)

  test('takes and gives any rank, over every protocol', async () => {
    await using server = await testServer(shapeless)
    const client = inference(server)
    for (const shape of shapes) {
      const data = Array.from({ length: count(shape) }, (_, index) => index + 1)
      const x = { name: 'x', datatype: 'FP32', shape }
      const response = await server.post('/v2/models/m/infer', { inputs: [{ ...x, data }] })
      assert.equal(response.status, 200, await response.clone().text())
      const [y] = ((await response.json()) as Answer).outputs
      assert.deepEqual([y.shape, y.data], [shape, data.map((value) => -value)])
      const contents = { fp32_contents: data }
      const { outputs } = await call(client, 'ModelInfer', { model_name: 'm', inputs: [{ ...x, contents }] })
      assert.deepEqual((outputs as readonly { shape?: unknown }[])[0]?.shape ?? [], shape.map(String))
    }
    client.close()
  })

  test('says so in its metadata, and still checks the datatype and the number of elements', async () => {
    await using server = await testServer(shapeless)
    const { gantry } = (await (await server.get('/v2/models/m')).json()) as { gantry: { anyRank: unknown } }
    assert.deepEqual(gantry.anyRank, ['x', 'y'])
    for (const change of [{ datatype: 'INT32' }, { data: [1, 2, 3] }, { shape: [-1] }]) {
      const x = { name: 'x', datatype: 'FP32', shape: [2], data: [1, 2], ...change }
      assert.equal((await server.post('/v2/models/m/infer', { inputs: [x] })).status, 422)
    }
  })

  test('is not to be mixed up with one that takes a scalar', async () => {
    await using server = await testServer(identity('FP32', []))
    const ask = (shape: readonly number[]) =>
      server.post('/v2/models/m/infer', { inputs: [{ name: 'x', datatype: 'FP32', shape, data: [1] }] })
    assert.deepEqual([(await ask([])).status, (await ask([1])).status], [200, 422])
    const { gantry } = (await (await server.get('/v2/models/m')).json()) as { gantry: object }
    assert.equal('anyRank' in gantry, false)
  })

  test('may have inputs that declare one', async () => {
    await using server = await testServer({
      inputs: [...shapeless.inputs, { name: 'w', datatype: 'FP32', shape: ['n', 2] }],
      outputs: shapeless.outputs,
      nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
    })
    const ask = (shape: readonly number[], data: readonly number[]) =>
      server.post('/v2/models/m/infer', {
        inputs: [
          { name: 'x', datatype: 'FP32', shape: [2], data: [1, 2] },
          { name: 'w', datatype: 'FP32', shape, data },
        ],
      })
    const { outputs } = (await (await ask([1, 2], [10, 20])).json()) as Answer
    assert.deepEqual(outputs[0].data, [11, 22])
    assert.equal((await ask([2], [10, 20])).status, 422)
  })
})

for (const [elementType, name] of [
  [16, 'BF16'],
  [17, 'FLOAT8E4M3FN'],
  [19, 'FLOAT8E5M2'],
  [21, 'UINT4'],
  [22, 'INT4'],
  [14, 'COMPLEX64'],
] as const) {
  test(`a model of type ${name} is refused by that name`, async () => {
    const { inputs, outputs, nodes } = identity('FP32', ['n'])
    const graph = { nodes, inputs: inputs.map((value) => ({ ...value, elementType })) }
    await assert.rejects(
      testServer({ ...graph, outputs: outputs.map((value) => ({ ...value, elementType })) }),
      (error) => error instanceof StartError && error.message.includes(`an input is of type ${name}, which`),
    )
  })
}
