/** Requests of a few bytes for which a model would make gigabytes. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Client } from '@grpc/grpc-js'
import { call, inference, refusal } from '../testing/grpc.ts'
import { identity } from '../testing/models.ts'
import type { Graph } from '../testing/onnx.ts'
import { type TestServer, testServer } from '../testing/server.ts'

const infer = '/v2/models/m/infer'
const width = 8192

/** y = x * ones, FP32 [batch, 8192]: eight thousand numbers for one. */
const widening: Graph = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', width] }],
  constants: [{ name: 'ones', shape: [1, width], data: new Float32Array(width).fill(1) }],
  nodes: [{ op: 'MatMul', inputs: ['x', 'ones'], outputs: ['y'] }],
}

const inBinary = (input: object, raw: Buffer) => {
  const parameters = { binary_data_size: raw.length }
  const header = Buffer.from(
    JSON.stringify({ inputs: [{ ...input, parameters }], parameters: { binary_data_output: true } }),
  )
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(header.length),
  }
  return [infer, Buffer.concat([header, raw]), headers] as const
}

interface Refused {
  readonly error: string
  readonly field: string
}

describe('a model whose outputs are much larger than its inputs', () => {
  let server: TestServer
  let client: Client
  before(async () => {
    server = await testServer(widening)
    client = inference(server)
  })
  after(async () => {
    client.close()
    await server[Symbol.asyncDispose]()
  })
  const rows = 40_000
  const input = { name: 'x', datatype: 'FP32', shape: [rows, 1] }
  const raw = Buffer.alloc(rows * 4)

  test('runs no request whose outputs could not be sent: 160 kB for 1.2 GiB', async () => {
    const response = await server.post(...inBinary(input, raw))
    const { error, field } = (await response.json()) as Refused
    assert.deepEqual([response.status, field], [413, 'outputs'])
    assert.match(error, /the outputs have 1250 MiB, but at most 1024 are sent; send fewer rows/)
    const failed = await refusal(
      call(client, 'ModelInfer', { model_name: 'm', inputs: [input], raw_input_contents: [raw] }),
    )
    assert.match(failed.details, /1250 MiB/)
  })

  test('answers what can be sent', async () => {
    const response = await server.post(...inBinary({ ...input, shape: [9, 1] }, raw.subarray(0, 36)))
    assert.equal(response.status, 200)
    assert.ok((await response.arrayBuffer()).byteLength > 9 * width * 4)
  })
})

test('millions of rows without elements, for which nothing is sent, are refused by name', async () => {
  await using server = await testServer(identity('FP32', ['n', 'w', 'h']))
  const ask = (shape: readonly number[]) =>
    server.post(infer, { inputs: [{ name: 'x', datatype: 'FP32', shape, data: [] }] })
  for (const shape of [
    [5_000_000, 0, 1],
    [1, 5_000_000, 0],
    [0, 5_000_000, 3],
    [2, 0, Number.MAX_SAFE_INTEGER],
  ]) {
    const response = await ask(shape)
    const { error, field } = (await response.json()) as Refused
    assert.deepEqual([response.status, field], [413, 'x'], error)
  }
  for (const shape of [
    [0, 3, 3],
    [32, 0, 64],
    [4096, 0, 1],
  ])
    assert.equal((await ask(shape)).status, 200, shape.join())
})

test('millions of texts without a letter are refused by name', async () => {
  await using server = await testServer(identity('BYTES', ['n']))
  const count = 2_000_000
  const body = inBinary({ name: 'x', datatype: 'BYTES', shape: [count] }, Buffer.alloc(count * 4))
  const response = await server.post(...body)
  const { error, field } = (await response.json()) as Refused
  assert.deepEqual([response.status, field], [413, 'x'], error)
  assert.match(error, /more than 500000 elements of BYTES/)
})
