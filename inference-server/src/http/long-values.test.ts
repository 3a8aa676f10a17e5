/** What a refusal quotes of a request. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { folderServer, type TestServer } from '../testing/server.ts'

const examples = join(import.meta.dirname, '../../../examples')
const long = 'x'.repeat(100_000)
/** A sentence with a few names in it. */
const mostBytes = 5000

let texts: TestServer
let rows: TestServer
before(async () => {
  texts = await folderServer(join(examples, 'customer-service/model'), [
    '--name',
    'm',
    '--task',
    'text-classification',
  ])
  rows = await folderServer(join(examples, 'breast-cancer/model'), ['--name', 'm'])
})
after(() => Promise.all([texts[Symbol.asyncDispose](), rows[Symbol.asyncDispose]()]))

const input = { name: 'input', datatype: 'FP32', shape: [1, 30], data: Array.from({ length: 30 }, () => 1) }
const text = '衣服买大了,想换个小点的'
const infer = '/v2/models/m/infer'
const explain = '/v2/models/m/explain'

const requests: Readonly<Record<string, () => Promise<Response>>> = {
  'a member of a task': () => texts.post('/predict', { text, [long]: 1 }),
  'a parameter of a task': () => texts.post('/predict', { text, parameters: { [long]: 1 } }),
  'a member of an explanation': () => rows.post(explain, { inputs: [input], [long]: 1 }),
  'a parameter of an explanation': () => rows.post(explain, { inputs: [input], parameters: { [long]: 1 } }),
  'the target of a text': () => texts.post(explain, { text, parameters: { target: long } }),
  'the target of a row': () => rows.post(explain, { inputs: [input], parameters: { target: long } }),
  'the output of a row': () => rows.post(explain, { inputs: [input], parameters: { output: long } }),
  'an input': () => rows.post(infer, { inputs: [{ ...input, name: long }] }),
  'a datatype': () => rows.post(infer, { inputs: [{ ...input, datatype: long }] }),
  'an output': () => rows.post(infer, { inputs: [input], outputs: [{ name: long }] }),
  'an element': () => rows.post(infer, { inputs: [{ ...input, data: [long, ...input.data.slice(1)] }] }),
  'a shape': () =>
    rows.post(infer, { inputs: [{ ...input, shape: Array.from({ length: 50_000 }, () => 1) }] }),
  'a model in a body': () => texts.post('/v1/embeddings', { model: long, input: 'a' }),
}

for (const [what, request] of Object.entries(requests))
  test(`a refusal is short, however long ${what} is`, async () => {
    const response = await request()
    const answer = await response.text()
    assert.ok(response.status >= 400 && response.status < 500, `${response.status}`)
    assert.ok(answer.length < mostBytes, `${answer.length} characters: ${answer.slice(0, 200)}`)
  })
