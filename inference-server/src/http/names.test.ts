/** What models and callers name, in names that plain objects would reorder or lose. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { call, inference, type Message } from '../testing/grpc.ts'
import type { Graph } from '../testing/onnx.ts'
import { folderServer, type TestServer, testServer } from '../testing/server.ts'

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

describe('names that are given to classes', () => {
  const labels = ['10', '2', '__proto__', 'constructor', '-1'] as const
  let server: TestServer
  let settings: string
  before(async () => {
    settings = await mkdtemp(join(tmpdir(), 'gantry-names-'))
    const path = join(settings, 'settings.json')
    const responses = JSON.parse('{"10":"ten","2":"two","__proto__":"proto","default":"other"}')
    await writeFile(path, JSON.stringify({ labels, responses }))
    const folder = join(import.meta.dirname, '../../golden/models/text-classification-roberta')
    server = await folderServer(folder, ['--task', 'text-classification', '--settings', path])
  })
  after(async () => {
    await server[Symbol.asyncDispose]()
    await rm(settings, { recursive: true })
  })
  const texts = ['goal in the last minute', 'rain and snow', 'bread and soup', 'a song', 'a bank', 'x', 'tax']

  test('come in the order of the model from /predict, each with its own probability', async () => {
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], data: [texts[0]] }]
    const { outputs } = (await (await server.post('/v2/models/m/infer', { inputs })).json()) as {
      readonly outputs: readonly Output[]
    }
    const wanted = outputs.find(({ name }) => name === 'probabilities')?.data ?? []
    const text = await (await server.post('/predict', { text: texts[0] })).text()
    const [, members = ''] = /"probabilities":\{([^}]*)\}/.exec(text) ?? []
    const found = members.split(',').map((member) => member.split(':'))
    assert.deepEqual(
      found.map(([label]) => JSON.parse(String(label))),
      labels,
    )
    for (const [index, [, probability]] of found.entries())
      assert.ok(Math.abs(Number(probability) - Number(wanted[index])) < 1e-6)
    const many = await (await server.post('/predict', { instances: texts })).text()
    assert.equal(
      many.match(/"probabilities":\{"10":[^,]*,"2":[^,]*,"__proto__":[^,]*,"constructor":/g)?.length,
      7,
    )
  })

  test('choose the reply of /chat, where there is one for them', async () => {
    const replies = new Map([
      ['10', 'ten'],
      ['2', 'two'],
      ['__proto__', 'proto'],
    ])
    const seen = new Set<string>()
    for (const text of texts) {
      const { category, response } = (await (await server.post('/chat', { text })).json()) as {
        readonly category: string
        readonly response: string
      }
      assert.equal(response, replies.get(category) ?? 'other', category)
      seen.add(category)
    }
    assert.ok(seen.size > 1)
  })
})

test('labels and parameters of a request may be called as they like', async () => {
  const folder = join(import.meta.dirname, '../../golden/models/zero-shot-classification')
  await using server = await folderServer(folder, ['--task', 'zero-shot-classification'])
  const candidate_labels = ['10', '2', '__proto__', 'constructor']
  const response = await server.post('/predict', { text: 'the cat sat', candidate_labels })
  const { labels, scores } = (await response.json()) as { labels: string[]; scores: number[] }
  assert.deepEqual(labels.toSorted(), candidate_labels.toSorted())
  assert.ok(Math.abs(scores.reduce((sum, score) => sum + score, 0) - 1) < 1e-5)
  for (const name of ['__proto__', 'constructor', 'toString', '10']) {
    const body = `{"text":"a","candidate_labels":["a"],"parameters":{"${name}":1}}`
    const refused = await server.post('/predict', body)
    assert.equal(refused.status, 422, name)
    assert.equal(((await refused.json()) as { field: string }).field, `parameters.${name}`)
    const beside = await server.post('/predict', `{"text":"a","candidate_labels":["a"],"${name}":1}`)
    assert.equal(((await beside.json()) as { field: string }).field, name)
  }
})

test('unknown parameters and members are ignored, for every name', async () => {
  await using server = await testServer(negation(['x'], ['y']))
  const client = inference(server)
  for (const name of ['__proto__', 'constructor', 'hasOwnProperty', '10']) {
    const x = `{"name":"x","datatype":"FP32","shape":[1,1],"data":[1],"parameters":{"${name}":{"a":1}},"${name}":[]}`
    const body = `{"id":"7","inputs":[${x}],"parameters":{"${name}":{"timeout":"x"}},"${name}":{"id":8}}`
    const response = await server.post('/v2/models/m/infer', body)
    assert.equal(response.status, 200, await response.clone().text())
    assert.equal(((await response.json()) as { id: string }).id, '7')
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [1] } }]
    const parameters = Object.fromEntries([[name, { int64_param: 1 }]])
    await call(client, 'ModelInfer', { model_name: 'm', inputs, parameters })
  }
  client.close()
})
