/** Bodies that no ordinary client sends: each is answered by a status with a sentence, and the server goes on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../failures/errors.ts'
import { decodeInfer } from '../protocol/protocol.ts'
import { datatypes, type Signature } from '../tensors/tensor.ts'
import { mutated, pick, printedRandom, type Random } from '../testing/fuzz.ts'
import { addition } from '../testing/models.ts'
import { testServer } from '../testing/server.ts'

const signature: Signature = {
  inputs: datatypes.map((datatype) => ({ name: datatype, datatype, shape: [-1], symbols: [''] })),
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1], symbols: [''] }],
}

const oddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  'x',
  '\u0000',
  '__proto__',
  'constructor',
  [],
  [[]],
  {},
  [null],
  [[1], 2],
  { toString: 1 },
  { __proto__: null },
  [2 ** 31],
  [2 ** 53],
  [-1],
  'NaN',
]
const words = [
  'inputs',
  'outputs',
  'name',
  'datatype',
  'shape',
  'data',
  'parameters',
  'id',
  'binary_data_size',
  'binary_data',
]

const oddValue = (random: Random, depth = 0): unknown => {
  if (depth > 4 || random() < 0.6) return random() < 0.2 ? pick(random, datatypes) : pick(random, oddities)
  if (random() < 0.5)
    return Array.from({ length: Math.floor(random() * 4) }, () => oddValue(random, depth + 1))
  return Object.fromEntries(
    Array.from({ length: Math.floor(random() * 4) }, () => [
      pick(random, words),
      oddValue(random, depth + 1),
    ]),
  )
}

/** A right request with one or two members replaced. */
const oddRequest = (random: Random): unknown => {
  const datatype = pick(random, datatypes)
  const input: Record<string, unknown> = { name: datatype, datatype, shape: [1], data: [1] }
  for (let change = 0; change < 2; change++) input[pick(random, words)] = oddValue(random)
  const body: Record<string, unknown> = { inputs: [input, oddValue(random)] }
  if (random() < 0.3) body[pick(random, words)] = oddValue(random)
  return body
}

const refuse = (run: () => unknown, seen: string): void => {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof Failure, `${String((error as Error).stack)}\n${seen}`)
    assert.ok(error.status < 500, seen)
  }
}

test('JSON of any form is read or refused, never anything else', (context) => {
  const random = printedRandom(context)
  for (let round = 0; round < 20_000; round++) {
    const text = JSON.stringify(random() < 0.2 ? oddValue(random) : oddRequest(random))
    refuse(
      () =>
        decodeInfer(Buffer.from(text), undefined, {
          signature,
          items: { fields: ['text', 'pair'], lists: ['labels'], outputs: [{ name: 'label' }] },
        }),
      text,
    )
  }
})

test('bytes of any kind behind any header are read or refused', (context) => {
  const random = printedRandom(context)
  for (let round = 0; round < 20_000; round++) {
    const datatype = pick(random, datatypes)
    const binary = Buffer.from(
      Array.from({ length: Math.floor(random() * 24) }, () => Math.floor(random() * 256)),
    )
    const size = random() < 0.7 ? binary.length : Math.floor(random() * 64) - 8
    const input = {
      name: datatype,
      datatype,
      shape: [Math.floor(random() * 5)],
      parameters: { binary_data_size: size },
    }
    const header = Buffer.from(JSON.stringify({ inputs: [input] }))
    const body =
      random() < 0.5 ? Buffer.concat([header, binary]) : mutated(random, Buffer.concat([header, binary]))
    const length = random() < 0.8 ? header.length : Math.floor(random() * 400)
    const only = signature.inputs.filter(({ name }) => name === datatype)
    refuse(
      () => decodeInfer(body, length, { signature: { ...signature, inputs: only }, items: undefined }),
      body.toString('latin1'),
    )
  }
})

test('a server that got all of it still answers', async (context) => {
  await using server = await testServer(addition())
  const random = printedRandom(context)
  const right = {
    inputs: ['a', 'b'].map((name) => ({ name, datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] })),
  }
  const paths = ['/v2/models/m/infer', '/predict', '/chat', '/analyze', '/v2/models/m/versions/1/infer']
  for (let round = 0; round < 800; round++) {
    const body =
      random() < 0.5
        ? mutated(random, Buffer.from(JSON.stringify(right)))
        : Buffer.from(JSON.stringify(oddRequest(random)))
    const headers: Record<string, string> = {}
    if (random() < 0.2) headers['inference-header-content-length'] = String(Math.floor(random() * 300) - 5)
    if (random() < 0.1) headers['content-encoding'] = pick(random, ['gzip', 'deflate', 'br', ''])
    if (random() < 0.2)
      headers['content-type'] = pick(random, [
        'multipart/form-data; boundary=x',
        'image/png',
        'text/html',
        ';',
        '',
      ])
    const response = await server.post(pick(random, paths), body, headers)
    const text = await response.text()
    assert.ok(response.status < 500, `${response.status} ${text}\n${body.toString('latin1')}`)
    if (response.status >= 400) assert.equal(typeof (JSON.parse(text) as { error: string }).error, 'string')
  }
  assert.equal((await server.post('/v2/models/m/infer', right)).status, 200)
  assert.deepEqual(
    server.lines.filter(({ level }) => level === 'error'),
    [],
  )
})
