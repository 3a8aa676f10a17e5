/** What a request of some bytes may bring back, and whom the writing of a large answer holds up. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from '@grpc/grpc-js'
import { call, inference } from '../testing/grpc.ts'
import { identity } from '../testing/models.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const path = '/v2/models/m/infer'

/** A request of `count` numbers in binary. */
const numbers = (count: number, parameters: object = {}) => {
  const raw = Buffer.from(Float32Array.from({ length: count }, (_, at) => at / 7).buffer)
  const input = { name: 'x', datatype: 'FP32', shape: [count], parameters: { binary_data_size: raw.length } }
  const header = Buffer.from(JSON.stringify({ inputs: [input], parameters }))
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(header.length),
  }
  return [Buffer.concat([header, raw]), headers] as const
}

describe('an answer that is larger as JSON than allowed', () => {
  let server: TestServer
  let client: Client
  before(async () => {
    server = await testServer(identity('FP32', ['n']), ['--max-answer-mib', '1'])
    client = inference(server)
  })
  after(async () => {
    client.close()
    await server[Symbol.asyncDispose]()
  })

  for (const count of [100_000, 1_000_000])
    test(`is 413 with the limit and what to do, of so many numbers: ${count}`, async () => {
      const response = await server.post(path, ...numbers(count))
      const { error, field } = (await response.json()) as { error: string; field: string }
      assert.deepEqual([response.status, field], [413, 'outputs'])
      assert.match(error, /more than 1 MiB as JSON; ask for the outputs in binary.*--max-answer-mib/)
    })

  test('comes in binary, over HTTP and over gRPC', async () => {
    const [body, headers] = numbers(1_000_000, { binary_data_output: true })
    const response = await server.post(path, body, headers)
    assert.equal(response.status, 200)
    const bytes = Buffer.from(await response.arrayBuffer())
    const header = Number(response.headers.get('inference-header-content-length'))
    assert.equal(bytes.length - header, 4_000_000)
    const raw = Buffer.from(new Float32Array(500_000).buffer)
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [500_000] }]
    const answer = await call(client, 'ModelInfer', { model_name: 'm', inputs, raw_input_contents: [raw] })
    assert.deepEqual((answer['raw_output_contents'] as readonly Buffer[])[0], raw)
  })
})

test('while an answer of five million numbers is written, probes are answered', async () => {
  await using server = await testServer(identity('FP32', ['n']))
  let ended = false
  const answer = server
    .post(path, ...numbers(5_000_000))
    .then(async (response) => {
      // Its head comes when all of it has been written.
      ended = true
      return (await response.text()).length
    })
    .finally(() => {
      ended = true
    })
  let probes = 0
  while (!ended) {
    await (await server.get('/v2/health/live')).arrayBuffer()
    probes += 1
  }
  assert.ok((await answer) > 50_000_000)
  assert.ok(probes > 20, `${probes} probes`)
})
