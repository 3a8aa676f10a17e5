/** A request of some hundred kilobytes must not multiply its outputs: each is named once. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from '@grpc/grpc-js'
import { call, inference, refusal } from '../testing/grpc.ts'
import { addition } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [1, 3] })
const named = (names: readonly string[]) => names.map((name) => ({ name }))

describe('an output that is named twice', () => {
  let server: TestServer
  let client: Client
  before(async () => {
    server = await testServer(addition())
    client = inference(server)
  })
  after(async () => {
    client.close()
    await server[Symbol.asyncDispose]()
  })

  const json = (names: readonly string[]) => ({
    inputs: ['a', 'b'].map((name) => ({ ...tensor(name), data: [1, 2, 3] })),
    outputs: named(names),
  })
  const message = (names: readonly string[]) => ({
    inputs: ['a', 'b'].map((name) => ({ ...tensor(name), contents: { fp32_contents: [1, 2, 3] } })),
    model_name: 'm',
    outputs: named(names),
  })

  test('is 422 with its place over HTTP, as JSON and in binary', async () => {
    for (const parameters of [{}, { binary_data: true }]) {
      const { inputs, outputs } = json(['sum', 'difference', 'sum'])
      const body = { inputs, outputs: outputs.map((output) => ({ ...output, parameters })) }
      const response = await server.post('/v2/models/m/infer', body)
      const { field, error } = (await response.json()) as { field: string; error: string }
      assert.deepEqual([response.status, field], [422, 'outputs[2].name'], error)
      assert.match(
        error,
        /outputs\[2\]\.name is "sum", which the request names before; name each output once/,
      )
    }
  })

  test('is INVALID_ARGUMENT with its place over gRPC', async () => {
    const { code, details } = await refusal(call(client, 'ModelInfer', message(['sum', 'difference', 'sum'])))
    assert.equal(code, 3)
    assert.match(details, /outputs\[2\]\.name is "sum"/)
  })

  test('and those that are named once come in the order of the request', async () => {
    const response = await server.post('/v2/models/m/infer', json(['difference', 'sum']))
    const { outputs } = (await response.json()) as { outputs: readonly { name: string }[] }
    assert.deepEqual(
      outputs.map(({ name }) => name),
      ['difference', 'sum'],
    )
    const answer = await call(client, 'ModelInfer', message(['difference', 'sum']))
    assert.deepEqual(
      (answer['outputs'] as readonly { name: string }[]).map(({ name }) => name),
      ['difference', 'sum'],
    )
  })
})
