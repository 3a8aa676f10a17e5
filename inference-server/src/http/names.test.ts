/** What models and callers name, in names that plain objects would reorder or lose. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, inference, type Message } from '../testing/grpc.ts'
import type { Graph } from '../testing/onnx.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const shape = ['batch', 1] as const
const value = (name: string) => ({ name, datatype: 'FP32', shape }) as const

/** Every output is the input in the same place, times -1. */
const negation = (inputs: readonly string[], outputs: readonly string[]): Graph => ({
  inputs: inputs.map(value),
  outputs: outputs.map(value),
  nodes: outputs.map((name, index) => ({ op: 'Neg', inputs: [inputs[index] as string], outputs: [name] })),
})

interface Output {
  readonly name: string
  readonly data?: readonly number[]
}

const models = [
  { inputs: ['in', '7', '2'], outputs: ['output', '391', '339'] },
  { inputs: ['__proto__', '0', 'toString'], outputs: ['constructor', '10', 'x'] },
  { inputs: ['valueOf', '1', 'y'], outputs: ['__proto__', '-1', 'hasOwnProperty'] },
] as const

for (const { inputs, outputs } of models) {
  describe(`a model of ${inputs.join(', ')} that gives ${outputs.join(', ')}`, () => {
    let server: TestServer
    before(async () => {
      server = await testServer(negation(inputs, outputs))
    })
    after(() => server[Symbol.asyncDispose]())

    const sent = inputs.map((name, index) => ({ name, datatype: 'FP32', shape: [2, 1], data: [index, 5] }))
    const wanted = outputs.map((name, index) => ({ name, data: [-index, -5] }))
    const found = (list: readonly Output[]) =>
      list.map(({ name, data }) => ({ name, data: data?.map((number) => (number === 0 ? 0 : number)) }))
    const rounded = wanted.map(({ name, data }) => ({
      name,
      data: data.map((number) => (number === 0 ? 0 : number)),
    }))

    test('answers JSON in its own order', async () => {
      const response = await server.post('/v2/models/m/infer', { inputs: sent.toReversed() })
      const answer = (await response.json()) as { readonly outputs: readonly Output[] }
      assert.equal(response.status, 200, JSON.stringify(answer))
      assert.deepEqual(found(answer.outputs), rounded)
    })

    test('answers binary in its own order, or in that of the request', async () => {
      for (const order of [outputs, outputs.toReversed()]) {
        const asked = order.map((name) => ({ name, parameters: { binary_data: true } }))
        const response = await server.post('/v2/models/m/infer', { inputs: sent, outputs: asked })
        const body = Buffer.from(await response.arrayBuffer())
        const length = Number(response.headers.get('inference-header-content-length'))
        const header = JSON.parse(body.subarray(0, length).toString()) as {
          readonly outputs: readonly Output[]
        }
        const floats = order.map((_, index) => [0, 4].map((at) => body.readFloatLE(length + index * 8 + at)))
        assert.deepEqual(
          found(header.outputs.map(({ name }, index) => ({ name, data: floats[index] ?? [] }))),
          order.map((name) => rounded.find((output) => output.name === name)),
        )
      }
    })

    test('answers gRPC in its own order', async () => {
      const client = inference(server)
      try {
        const typed = sent.map(({ data, ...head }) => ({ ...head, contents: { fp32_contents: data } }))
        const answer = await call(client, 'ModelInfer', { model_name: 'm', inputs: typed })
        assert.deepEqual(
          (answer['outputs'] as readonly Message[]).map(({ name }) => name),
          outputs,
        )
      } finally {
        client.close()
      }
    })

    test('refuses what is missing by its name', async () => {
      const response = await server.post('/v2/models/m/infer', { inputs: sent.slice(1) })
      assert.equal(response.status, 422)
      assert.equal(((await response.json()) as { readonly field: string }).field, inputs[0])
    })
  })
}
