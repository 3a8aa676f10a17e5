/** Names with a meaning in JavaScript are ordinary names in every protocol: they never reach the prototypes of objects. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Client } from '@grpc/grpc-js'
import { call, inference } from '../testing/grpc.ts'
import { addition } from '../testing/models.ts'
import { folderServer, type TestServer, testServer } from '../testing/server.ts'

const golden = (...path: string[]): string => join(import.meta.dirname, '../../golden/models', ...path)

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
]
/** What would be seen on every object if one of them got through. */
const value = '{"polluted":true,"text":"stolen","timeout":1,"prototype":{"polluted":true}}'

const own = [Object.prototype, Array.prototype, Function.prototype].map((prototype) => ({
  prototype,
  known: new Set(Object.getOwnPropertyNames(prototype)),
}))

afterEach(() => {
  for (const { prototype, known } of own)
    assert.deepEqual(
      Object.getOwnPropertyNames(prototype).filter((name) => !known.has(name)),
      [],
    )
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
})

/** Posts JSON as it is written: an object literal would lose `__proto__`. */
const ask = async (server: TestServer, path: string, body: string) => {
  const response = await server.post(path, body, { 'content-type': 'application/json' })
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}

const input = (name: string, more = '', datatype = 'FP32'): string =>
  `{"name":"${name}","datatype":"${datatype}","shape":[1,3],"data":[1,2,3]${more}}`
const both = `${input('a')},${input('b')}`

describe('raw tensors', () => {
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
  const infer = '/v2/models/m/infer'

  for (const name of names) {
    test(`a name such as __proto__ as a member or parameter changes nothing of an infer request: ${name}`, async () => {
      const bodies = [
        `{"${name}":${value},"inputs":[${both}]}`,
        `{"inputs":[${both}],"parameters":{"${name}":${value}}}`,
        `{"inputs":[${input('a', `,"${name}":${value}`)},${input('b')}]}`,
        `{"inputs":[${input('a', `,"parameters":{"${name}":${value}}`)},${input('b')}]}`,
        `{"inputs":[${both}],"outputs":[{"name":"sum","${name}":${value}}]}`,
        `{"inputs":[${both}],"outputs":[{"name":"sum","parameters":{"${name}":${value}}}]}`,
        `{"inputs":[${both}],"id":"${name}","${name}":null}`,
      ]
      for (const body of bodies) {
        const { status, answer } = await ask(server, infer, body)
        assert.equal(status, 200, `${body} ${JSON.stringify(answer)}`)
        const [sum] = answer['outputs'] as { data: number[] }[]
        assert.deepEqual(sum?.data, [2, 4, 6])
      }
    })

    test(`a name such as __proto__ as an input, output or datatype is 422 and names it: ${name}`, async () => {
      const [strange, unknown, twice] = await Promise.all([
        ask(server, infer, `{"inputs":[${both},${input(name)}]}`),
        ask(server, infer, `{"inputs":[${both}],"outputs":[{"name":"${name}"}]}`),
        ask(server, infer, `{"inputs":[${input('a', '', name)},${input('b')}]}`),
      ])
      assert.deepEqual([strange.status, strange.answer['field']], [422, name])
      assert.deepEqual([unknown.status, unknown.answer['field']], [422, name])
      assert.deepEqual([twice.status, twice.answer['field']], [422, 'a'])
    })

    test(`a name such as __proto__ as a key of gRPC's parameters changes nothing; as an input, output or datatype it is refused: ${name}`, async () => {
      const tensor = (of: string, datatype = 'FP32') => ({
        name: of,
        datatype,
        shape: [1, 3],
        contents: { fp32_contents: [1, 2, 3] },
      })
      const parameters = Object.fromEntries([[name, { string_param: 'polluted' }]])
      const inputs = [tensor('a'), tensor('b')]
      const raw = Buffer.from(Float32Array.of(2, 4, 6).buffer)
      const answer = await call(client, 'ModelInfer', { model_name: 'm', inputs, parameters })
      assert.deepEqual((answer['raw_output_contents'] as readonly Buffer[])[0], raw)
      for (const wrong of [
        { inputs: [...inputs, tensor(name)] },
        { inputs: [tensor('a', name), tensor('b')] },
        { inputs, outputs: [{ name }] },
      ])
        await assert.rejects(call(client, 'ModelInfer', { model_name: 'm', ...wrong }), { code: 3 })
    })

    test(`a name such as __proto__ as a model or version is unknown, over HTTP and gRPC: ${name}`, async () => {
      for (const path of [`/v2/models/${name}`, `/v2/models/m/versions/${name}`])
        assert.equal((await server.get(path)).status, 404)
      await assert.rejects(call(client, 'ModelMetadata', { name }), { code: 5 })
    })
  }
})

describe('items and parameters of a task', () => {
  let server: TestServer
  before(async () => {
    server = await folderServer(golden('token-classification'), ['--task', 'token-classification'])
  })
  after(() => server[Symbol.asyncDispose]())

  for (const name of names)
    test(`a name such as __proto__ is refused as a member, a parameter, or of an instance: ${name}`, async () => {
      const bodies = [
        `{"text":"Anna","${name}":${value}}`,
        `{"text":"Anna","parameters":{"${name}":${value}}}`,
        `{"instances":[{"text":"Anna","${name}":${value}}]}`,
        `{"instances":["Anna"],"${name}":${value}}`,
        `{"${name}":${value}}`,
        `{"text":"Anna","parameters":{"aggregation_strategy":"${name}"}}`,
      ]
      for (const body of bodies) {
        const { status, answer } = await ask(server, '/predict', body)
        assert.equal(status, 422, `${body} ${JSON.stringify(answer)}`)
      }
      const inputs = `[{"name":"text","datatype":"BYTES","shape":[1],"data":["Anna"]}]`
      const { status } = await ask(
        server,
        '/v2/models/m/infer',
        `{"inputs":${inputs},"parameters":{"${name}":${value}}}`,
      )
      assert.equal(status, 200)
    })
})

describe('completions', () => {
  let server: TestServer
  before(async () => {
    server = await folderServer(golden('text-generation-gpt2'), ['--task', 'text-generation'])
  })
  after(() => server[Symbol.asyncDispose]())

  for (const name of names)
    test(`a name such as __proto__ as a member changes nothing, in logit_bias it is refused: ${name}`, async () => {
      const plain = await ask(server, '/v1/completions', `{"prompt":"a","max_tokens":2,"temperature":0}`)
      const odd = await ask(
        server,
        '/v1/completions',
        `{"prompt":"a","max_tokens":2,"temperature":0,"${name}":{"n":3,"echo":true},"stream_options":{"${name}":${value}}}`,
      )
      assert.deepEqual([odd.status, odd.answer['choices']], [200, plain.answer['choices']])
      const bias = await ask(server, '/v1/completions', `{"prompt":"a","logit_bias":{"${name}":1}}`)
      assert.equal(bias.status, 422)
      const model = await ask(server, '/v1/completions', `{"prompt":"a","model":"${name}"}`)
      assert.equal(model.status, 404)
    })
})

test('names of form fields are names, too', async () => {
  await using server = await folderServer(golden('image-classification'), ['--task', 'image-classification'])
  for (const name of names) {
    const form = new FormData()
    form.append(name, '{"polluted":true}')
    form.append('file', new Blob(['no picture']), 'x.png')
    const response = await fetch(`${server.url}/predict`, { method: 'POST', body: form })
    assert.ok([415, 422].includes(response.status), String(response.status))
  }
})
