/** U+FEFF, which is a character of a text, and no part of JSON that it stands before. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { call, inference, type Message } from '../testing/grpc.ts'
import { identity } from '../testing/models.ts'
import { folderServer, type TestServer, testServer } from '../testing/server.ts'

const mark = '\uFEFF'
const elements = [`${mark}abc`, mark, `${mark}${mark}`, `a${mark}b`, `b${mark}`, ''] as const

const withLengths = (texts: readonly string[]): Buffer =>
  Buffer.concat(
    texts.flatMap((text) => {
      const content = Buffer.from(text)
      const length = Buffer.alloc(4)
      length.writeUInt32LE(content.length)
      return [length, content]
    }),
  )

interface Answer {
  readonly outputs: readonly [{ readonly data: readonly string[] }]
}

describe('U+FEFF in an element of BYTES', () => {
  let server: TestServer
  before(async () => {
    server = await testServer(identity('BYTES', ['n']))
  })
  after(() => server[Symbol.asyncDispose]())
  const head = { name: 'x', datatype: 'BYTES', shape: [elements.length] }
  const post = (body: unknown, headers = {}) => server.post('/v2/models/m/infer', body, headers)

  test('is kept in JSON', async () => {
    const { outputs } = (await (await post({ inputs: [{ ...head, data: elements }] })).json()) as Answer
    assert.deepEqual(outputs[0].data, elements)
  })

  test('is kept in binary, both ways', async () => {
    const raw = withLengths(elements)
    const parameters = { binary_data_size: raw.length }
    for (const binary_data of [false, true]) {
      const outputs = [{ name: 'y', parameters: { binary_data } }]
      const header = Buffer.from(JSON.stringify({ inputs: [{ ...head, parameters }], outputs }))
      const response = await post(Buffer.concat([header, raw]), {
        'inference-header-content-length': String(header.length),
      })
      const body = Buffer.from(await response.arrayBuffer())
      if (binary_data) assert.deepEqual(body.subarray(-raw.length), raw)
      else assert.deepEqual((JSON.parse(body.toString()) as Answer).outputs[0].data, elements)
    }
  })

  test('is kept over gRPC, raw and typed', async () => {
    const client = inference(server)
    try {
      const raw = withLengths(elements)
      const contents = { bytes_contents: elements.map((text) => Buffer.from(text)) }
      for (const request of [
        { inputs: [head], raw_input_contents: [raw] },
        { inputs: [{ ...head, contents }] },
      ]) {
        const answer: Message = await call(client, 'ModelInfer', { model_name: 'm', ...request })
        assert.deepEqual((answer['raw_output_contents'] as readonly Buffer[])[0], raw)
      }
    } finally {
      client.close()
    }
  })

  test('before the JSON of a body is passed over', async () => {
    const response = await post(mark + JSON.stringify({ inputs: [{ ...head, data: elements }] }))
    assert.equal(response.status, 200)
    assert.deepEqual(((await response.json()) as Answer).outputs[0].data, elements)
    assert.equal((await post(mark + mark + JSON.stringify({ inputs: [] }))).status, 400)
  })
})

test('files of a model folder may begin with U+FEFF', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-marks-'))
  try {
    await cp(join(import.meta.dirname, '../../golden/models/token-classification'), dir, { recursive: true })
    for (const name of ['config.json', 'tokenizer.json'])
      await writeFile(join(dir, name), mark + (await readFile(join(dir, name), 'utf8')))
    await using server = await folderServer(dir, ['--task', 'token-classification'])
    assert.equal((await server.post('/predict', { text: 'Alice lives in Oslo' })).status, 200)
  } finally {
    await rm(dir, { recursive: true })
  }
})
