/** The examples over HTTP: what their golden.json says, through every address that leads to them. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { folderServer, type TestServer } from '../testing/server.ts'

const example = (name: string, ...path: string[]): string =>
  join(import.meta.dirname, '../../../examples', name, ...path)
const goldenOf = async (name: string) => JSON.parse(await readFile(example(name, 'golden.json'), 'utf8'))

type Body = Readonly<Record<string, unknown>>
const bodyOf = async (response: Response): Promise<Body> => (await response.json()) as Body
const infer = '/v2/models/m/infer'

const near = (found: unknown, wanted: number): void =>
  assert.ok(Math.abs(Number(found) - wanted) < 1e-4, `${found} is not ${wanted}`)

interface Output {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: readonly unknown[]
}
const outputsOf = async (response: Response): Promise<Readonly<Record<string, Output>>> => {
  const { outputs } = (await bodyOf(response)) as { readonly outputs: readonly Output[] }
  return Object.fromEntries(outputs.map((output) => [output.name, output]))
}

interface Refusal {
  readonly title: string
  readonly path: string
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  readonly error: RegExp
  readonly field?: string
}

const refuses = (server: () => TestServer, refusals: readonly Refusal[]): void => {
  for (const { title, path, body, headers = {}, status, error, field } of refusals) {
    test(`answers ${status} to ${title}`, async () => {
      const response = await server().post(path, body, headers)
      const answer = await bodyOf(response)
      assert.equal(response.status, status, String(answer['error']))
      assert.match(String(answer['error']), error)
      if (field !== undefined) assert.equal(answer['field'], field)
    })
  }
}

describe('customer service', () => {
  let server: TestServer
  let cases: readonly {
    text: string
    label: string
    confidence: number
    probabilities: number[]
    response: string
  }[]
  before(async () => {
    server = await folderServer(example('customer-service', 'model'), ['--task', 'text-classification'])
    // The server refuses the empty text that the model itself would answer.
    cases = (await goldenOf('customer-service')).cases.filter(({ text }: { text: string }) => text !== '')
  })
  after(() => server[Symbol.asyncDispose]())

  test('/chat answers with category, confidence and the reply to it', async () => {
    for (const { text, label, confidence, response } of cases.slice(0, 4)) {
      const answer = await bodyOf(await server.post('/chat', { text }))
      assert.deepEqual(Object.keys(answer), ['response', 'category', 'confidence', 'timestamp'])
      assert.equal(answer['category'], label)
      assert.equal(answer['response'], response)
      near(answer['confidence'], confidence)
      assert.match(String(answer['timestamp']), /^\d{4}-\d\d-\d\dT/)
    }
  })

  test('/predict answers one text, or a list in its order', async () => {
    const [first] = cases
    const single = await bodyOf(await server.post('/predict', { text: first?.text }))
    assert.equal(single['label'], first?.label)
    const { predictions } = (await bodyOf(
      await server.post('/predict', { instances: cases.map(({ text }) => text) }),
    )) as { readonly predictions: readonly { label: string; score: number }[] }
    assert.deepEqual(
      predictions.map(({ label }) => label),
      cases.map(({ label }) => label),
    )
    for (const [index, { score }] of predictions.entries())
      near(score, cases[index]?.confidence ?? Number.NaN)
  })

  test('the protocol takes texts and gives label, score and probabilities', async () => {
    const data = cases.map(({ text }) => text)
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [data.length, 1], data }]
    const { label, score, probabilities } = await outputsOf(await server.post(infer, { inputs }))
    assert.deepEqual(
      label?.data,
      cases.map((one) => one.label),
    )
    assert.deepEqual(score?.shape, [data.length])
    assert.deepEqual(probabilities?.shape, [data.length, 4])
    for (const [index, value] of cases.flatMap((one) => one.probabilities).entries())
      near(probabilities?.data[index], value)
  })

  test('the protocol takes the model’s own tensors too', async () => {
    const [first] = (await goldenOf('customer-service')).cases as { input_ids: number[]; logits: number[] }[]
    assert.ok(first)
    const shape = [1, first.input_ids.length]
    const tensor = (name: string, data: number[]) => ({ name, datatype: 'INT64', shape, data })
    const inputs = [
      tensor('input_ids', first.input_ids),
      tensor(
        'attention_mask',
        first.input_ids.map(() => 1),
      ),
      tensor(
        'token_type_ids',
        first.input_ids.map(() => 0),
      ),
    ]
    const { logits } = await outputsOf(await server.post(infer, { inputs }))
    for (const [index, value] of first.logits.entries()) near(logits?.data[index], value)
  })

  const text = (data: unknown, shape = [1]) => ({
    inputs: [{ name: 'text', datatype: 'BYTES', shape, data }],
  })
  refuses(
    () => server,
    [
      { title: 'no text', path: '/chat', body: {}, status: 422, error: /text is missing/, field: 'text' },
      {
        title: 'a text that is a number',
        path: '/chat',
        body: { text: 5 },
        status: 422,
        error: /string/,
        field: 'text',
      },
      {
        title: 'an empty text',
        path: '/chat',
        body: { text: ' ' },
        status: 422,
        error: /empty/,
        field: 'text',
      },
      { title: 'a body that is a list', path: '/chat', body: [], status: 400, error: /JSON object/ },
      { title: 'a body that is no JSON', path: '/chat', body: '{', status: 400, error: /not JSON/ },
      {
        title: 'a text that is too long',
        path: '/predict',
        body: { text: 'x'.repeat(100_001) },
        status: 413,
        error: /100001 bytes/,
        field: 'text',
      },
      {
        title: 'no instances',
        path: '/predict',
        body: { instances: [] },
        status: 422,
        error: /instances/,
        field: 'instances',
      },
      {
        title: 'a form',
        path: '/chat',
        body: 'text=a',
        headers: { 'content-type': 'multipart/form-data; boundary=a' },
        status: 415,
        error: /send application\/json/,
      },
      {
        title: 'a picture to a model of texts',
        path: '/analyze',
        body: 'x',
        headers: { 'content-type': 'image/png' },
        status: 404,
        error: /has task text-classification; use \/chat or \/predict/,
      },
      {
        title: 'an empty text over the protocol',
        path: infer,
        body: text(['']),
        status: 422,
        error: /text\[0\] is empty/,
        field: 'text[0]',
      },
      {
        title: 'texts of the wrong shape',
        path: infer,
        body: text(['a', 'b'], [1, 2]),
        status: 422,
        error: /\[n\] or \[n, 1\]/,
        field: 'text',
      },
      {
        title: 'more items than rows of one request, before any is read',
        path: infer,
        body: text(Array(5000).fill(''), [5000]),
        status: 413,
        error: /"text" has 5000 items, but at most 4096 are read/,
        field: 'text',
      },
      {
        title: 'hundreds of combining marks in a row',
        path: '/predict',
        body: { instances: ['a', `a${'\u0316\u0301'.repeat(24_000)}`] },
        status: 422,
        error: /instances\[1\] has more than 256 combining marks in a row/,
        field: 'instances[1]',
      },
      {
        title: 'an output that the task does not have',
        path: infer,
        body: { ...text(['a']), outputs: [{ name: 'logits' }] },
        status: 422,
        error: /no output "logits"; it gives "label", "score", "probabilities"/,
        field: 'logits',
      },
    ],
  )
})

describe('chest X-ray', () => {
  let server: TestServer
  let picture: Buffer
  let golden: { label: string; probabilities: number[] }
  before(async () => {
    server = await folderServer(example('chest-xray', 'model'), ['--task', 'image-classification'])
    picture = await readFile(example('chest-xray', 'samples/tuberculosis.png'))
    const { cases } = await goldenOf('chest-xray')
    golden = cases.find(({ file }: { file: string }) => file === 'samples/tuberculosis.png')
  })
  after(() => server[Symbol.asyncDispose]())

  const form = (field: string, content: Buffer): Promise<Response> => {
    const data = new FormData()
    data.append('note', 'first')
    data.append(field, new Blob([Uint8Array.from(content)], { type: 'image/png' }), 'x.png')
    return fetch(`${server.url}/analyze`, { method: 'POST', body: data })
  }

  test('/analyze answers an upload with all probabilities and the disclaimer', async () => {
    for (const field of ['file', 'image']) {
      const answer = await bodyOf(await form(field, picture))
      assert.equal(answer['prediction'], golden.label)
      near(answer['confidence'], Math.max(...golden.probabilities))
      const sum = Object.values(answer['probabilities'] as Record<string, number>).reduce(
        (total, one) => total + one,
        0,
      )
      near(sum, 1)
      assert.match(String(answer['disclaimer']), /not for diagnosis/)
    }
  })

  test('several pictures in one form are refused, not left unread', async () => {
    for (const [first, second] of [
      ['file', 'file'],
      ['file', 'image'],
    ] as const)
      for (const path of ['analyze', 'predict']) {
        const data = new FormData()
        for (const field of [first, second])
          data.append(field, new Blob([Uint8Array.from(picture)], { type: 'image/png' }), 'x.png')
        const response = await fetch(`${server.url}/${path}`, { method: 'POST', body: data })
        assert.equal(response.status, 422)
        assert.deepEqual(await response.json(), {
          error: 'the form has several files; send one picture in each request',
          field: 'file',
        })
      }
  })

  test('/analyze and /predict take the file itself, /predict base64 too', async () => {
    const png = { 'content-type': 'image/png' }
    assert.equal((await bodyOf(await server.post('/analyze', picture, png)))['prediction'], golden.label)
    assert.equal((await bodyOf(await server.post('/predict', picture, png)))['label'], golden.label)
    const image = picture.toString('base64')
    assert.equal((await bodyOf(await server.post('/predict', { image })))['label'], golden.label)
  })

  test('the protocol takes pictures, as base64 in JSON and as they are in binary', async () => {
    const image = { name: 'image', datatype: 'BYTES', shape: [1] }
    const json = await outputsOf(
      await server.post(infer, { inputs: [{ ...image, data: [picture.toString('base64')] }] }),
    )
    assert.deepEqual(json['label']?.data, [golden.label])
    const header = Buffer.from(
      JSON.stringify({ inputs: [{ ...image, parameters: { binary_data_size: picture.length + 4 } }] }),
    )
    const length = Buffer.alloc(4)
    length.writeUInt32LE(picture.length)
    const binary = await outputsOf(
      await server.post(infer, Buffer.concat([header, length, picture]), {
        'inference-header-content-length': String(header.length),
      }),
    )
    assert.deepEqual(binary, json)
  })

  const png = { 'content-type': 'image/png' }
  refuses(
    () => server,
    [
      {
        title: 'what is no picture',
        path: '/analyze',
        body: 'nonsense',
        headers: png,
        status: 415,
        error: /not a picture/,
      },
      {
        title: 'an empty file',
        path: '/analyze',
        body: '',
        headers: png,
        status: 422,
        error: /empty/,
        field: 'file',
      },
      { title: 'JSON', path: '/analyze', body: {}, status: 415, error: /field "file"/ },
      {
        title: 'a form without a file',
        path: '/analyze',
        body: '--x\r\ncontent-disposition: form-data; name="note"\r\n\r\nhi\r\n--x--\r\n',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        status: 422,
        error: /no file/,
        field: 'file',
      },
      {
        title: 'a form that breaks off',
        path: '/analyze',
        body: '--x\r\n',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        status: 400,
        error: /form cannot be read/,
      },
      {
        title: 'a text to a model of pictures',
        path: '/chat',
        body: { text: 'a' },
        status: 404,
        error: /has task image-classification; use \/analyze or \/predict/,
      },
    ],
  )
})

test('breast cancer: raw tensors give the reference’s probabilities', async () => {
  await using server = await folderServer(example('breast-cancer', 'model'))
  const { cases } = (await goldenOf('breast-cancer')) as {
    cases: { input: number[]; probabilities: number[] }[]
  }
  const data = cases.flatMap(({ input }) => input)
  const inputs = [{ name: 'input', datatype: 'FP32', shape: [cases.length, 30], data }]
  const { probabilities } = await outputsOf(await server.post(infer, { inputs }))
  for (const [index, value] of cases.flatMap((one) => one.probabilities).entries())
    near(probabilities?.data[index], value)
})
