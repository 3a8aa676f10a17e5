/** What never appears in a log of mode hashed, for every kind and place of input: each text below carries a mark. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { call, inference } from '../testing/grpc.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

const mark = 'Frau-Mustermann'

interface Line extends Readonly<Record<string, unknown>> {
  readonly status: number
}

const golden = (name: string): string =>
  fileURLToPath(new URL(`../../golden/models/${name}`, import.meta.url))
const example = fileURLToPath(new URL('../../../examples/customer-service/model', import.meta.url))

interface Logging extends AsyncDisposable {
  readonly server: TestServer
  /** What has been written, once there are so many lines of it. */
  readonly log: (lines: number) => Promise<string>
}

/** A server that logs in mode hashed. */
const logging = async (folder: string, args: readonly string[]): Promise<Logging> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-secrets-'))
  const file = join(dir, 'requests')
  await writeFile(file, '')
  const keys = await mkdtemp(join(dir, 'keys-'))
  await writeFile(join(keys, '2026-11'), 'a key that is long enough\n')
  const hashed = ['--request-log', 'hashed', '--request-log-file', file, '--request-log-keys', keys]
  const server = await folderServer(folder, [...hashed, ...args])
  const log = async (lines: number): Promise<string> => {
    for (;;) {
      const text = await readFile(file, 'utf8')
      if (linesOf(text).length >= lines) return text
      await turn()
    }
  }
  return {
    server,
    log,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]()
      await rm(dir, { recursive: true })
    },
  }
}

/** Serves, sends what is given, and gives the file as it was written. */
const logOf = async (
  folder: string,
  args: readonly string[],
  lines: number,
  send: (server: TestServer) => Promise<void>,
): Promise<string> => {
  await using one = await logging(folder, args)
  await send(one.server)
  return await one.log(lines)
}

/** Whole lines: the last one may be half written. */
const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)

const textTask = ['--task', 'text-classification', '--sensitive-fields', 'text']
const infer = '/v2/models/m/infer'
const tensor = (over: object = {}): object => ({
  ...{ name: 'text', datatype: 'BYTES', shape: [1], data: [mark] },
  ...over,
})

/** Where a text stands in a request, the address, and the body. */
const bodies: readonly (readonly [title: string, path: string, body: unknown])[] = [
  ['in its member', '/predict', { text: mark }],
  ['in a member of another name', '/predict', { txt: mark }],
  ['in a member in capitals', '/predict', { Text: mark }],
  ['in an object inside the member', '/predict', { text: { inner: mark } }],
  ['as the instances themselves', '/predict', { instances: mark }],
  ['in a list of instances', '/predict', { instances: [mark, { text: mark }] }],
  ['in an instance under another name', '/predict', { instances: [{ txt: mark }] }],
  ['in a list without a name', '/predict', [mark]],
  ['as the body itself', '/predict', mark],
  ['as the name of a member', '/predict', { text: 'a', [mark]: 1 }],
  ['as the name of a parameter', '/predict', { text: 'a', parameters: { [mark]: 1 } }],
  ['in a parameter', '/predict', { text: 'a', parameters: { function_to_apply: mark } }],
  ['in a body of /chat', '/chat', { text: mark }],
  ['in an unknown member of a body of /chat that is answered', '/chat', { text: 'a', note: mark }],
  ['in a text that is explained', '/explain', { text: mark }],
  ['in an option of an explanation', '/explain', { text: 'a b', parameters: { target: mark } }],
  [
    'in the mask of an explanation',
    '/explain',
    { text: 'a b', parameters: { method: 'occlusion', mask: mark } },
  ],
  ['in a tensor', infer, { inputs: [tensor()] }],
  ['in a tensor of another name', infer, { inputs: [tensor({ name: 'txt' })] }],
  ['in a second tensor of another name', infer, { inputs: [tensor(), tensor({ name: 'other' })] }],
  ['in the name of a tensor', infer, { inputs: [tensor({ name: mark })] }],
  ['in the id', infer, { id: mark, inputs: [tensor()] }],
  ['in the parameters of a request', infer, { parameters: { note: mark }, inputs: [tensor()] }],
  ['in the name of a parameter of a request', infer, { parameters: { [mark]: 1 }, inputs: [tensor()] }],
  ['in a known parameter of a request', infer, { parameters: { priority: mark }, inputs: [tensor()] }],
  ['in the parameters of a tensor', infer, { inputs: [tensor({ parameters: { note: mark } })] }],
  ['in a shape', infer, { inputs: [tensor({ shape: [mark] })] }],
  ['in a datatype', infer, { inputs: [tensor({ datatype: mark })] }],
  ['in an unknown member of a tensor', infer, { inputs: [tensor({ note: mark })] }],
  ['in an unknown member of a request', infer, { note: mark, inputs: [tensor()] }],
  ['in the name of an output', infer, { inputs: [tensor()], outputs: [{ name: mark }] }],
  [
    'in the parameters of an output',
    infer,
    { inputs: [tensor()], outputs: [{ name: 'label', parameters: { note: mark } }] },
  ],
  ['in the name of the model', infer, { model_name: mark, inputs: [tensor()] }],
]

describe('a text is hidden', () => {
  let one: Logging
  let sent = 0
  before(async () => {
    one = await logging(example, textTask)
  })
  after(() => one[Symbol.asyncDispose]())

  for (const [title, path, body] of bodies) {
    test(title, async () => {
      const answer = await one.server.post(path, JSON.stringify(body))
      await answer.arrayBuffer()
      sent += 1
      const log = await one.log(sent)
      assert.doesNotMatch(log, new RegExp(mark))
      assert.equal(linesOf(log).length, sent)
    })
  }

  test('in everything that goes over gRPC', async () => {
    const inputs = [
      { name: 'text', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [Buffer.from(mark)] } },
    ]
    const strange = {
      name: mark,
      datatype: mark,
      shape: [1],
      contents: { bytes_contents: [Buffer.from(mark)] },
    }
    const log = await logOf(example, textTask, 2, async (server) => {
      const client = inference(server)
      await call(client, 'ModelInfer', { model_name: 'm', id: mark, inputs })
      await assert.rejects(
        call(client, 'ModelInfer', { model_name: 'm', id: mark, inputs: [...inputs, strange] }),
      )
      client.close()
    })
    assert.doesNotMatch(log, new RegExp(mark))
    assert.deepEqual(
      linesOf(log).map(({ status }) => status),
      [200, 422],
    )
  })
})

describe('what a model reads and writes is hidden', () => {
  test('in messages, prompts, stops, users and answers of OpenAI’s addresses, the numbers shown', async () => {
    const args = ['--task', 'text-generation', '--sensitive-fields', 'text']
    const log = await logOf(golden('text-generation-llama'), args, 3, async (server) => {
      const shared = { max_tokens: 2, temperature: 0, user: mark, stop: [mark], metadata: { [mark]: mark } }
      const prompt = await server.post('/v1/completions', { ...shared, prompt: mark, echo: true })
      assert.equal(prompt.status, 200, await prompt.text())
      const messages = [{ role: 'user', content: mark, name: mark }]
      await server.post('/v1/chat/completions', { ...shared, messages })
      await server.post('/predict', { text: mark, parameters: { max_new_tokens: 2 } })
    })
    assert.doesNotMatch(log, new RegExp(mark))
    const [line] = linesOf(log)
    const { request, response } = line as unknown as Readonly<
      Record<string, Readonly<Record<string, unknown>>>
    >
    assert.equal(request?.['max_tokens'], 2)
    assert.equal(request?.['echo'], true)
    assert.equal(response?.['object'], 'text_completion')
  })

  test('in answers that repeat it, though only the text is named', async () => {
    const args = ['--task', 'token-classification', '--sensitive-fields', 'text']
    const log = await logOf(golden('token-classification'), args, 2, async (server) => {
      const answer = await server.post('/predict', {
        text: 'paris',
        parameters: { aggregation_strategy: 'none' },
      })
      assert.match(await answer.text(), /paris|##|UNK/)
      await server.post(infer, { inputs: [tensor({ data: ['paris'] })] })
    })
    assert.doesNotMatch(log, /paris/)
  })

  test('in the words of an explanation and the values of a row, the weights of words shown', async () => {
    const words = await logOf(example, textTask, 1, async (server) => {
      const answer = await server.post('/explain', { text: 'Mustermann 我想退货' })
      assert.match(await answer.text(), /"text":"Mustermann","start":0,"end":10,"weight":/)
    })
    assert.doesNotMatch(words, /Mustermann/)
    assert.match(words, /"start":0,"end":10,"weight":/)
    const table = fileURLToPath(new URL('../../../examples/breast-cancer/model', import.meta.url))
    const rows = await logOf(
      table,
      ['--task', 'tensor', '--sensitive-fields', 'input'],
      1,
      async (server) => {
        const data = new Array(30).fill(1234.5)
        const body = {
          inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 30], data }],
          background: [data],
        }
        assert.match(await (await server.post('/explain', body)).text(), /1234\.5/)
      },
    )
    assert.doesNotMatch(rows, /1234\.5/)
    assert.match(rows, /"base":/)
  })

  test('in labels that the caller gives, shown in those of the model', async () => {
    const zero = await logOf(
      golden('zero-shot-classification'),
      ['--task', 'zero-shot-classification', '--sensitive-fields', 'text'],
      1,
      async (server) => {
        const asked = await server.post('/predict', { text: 'a', candidate_labels: [mark, 'b'] })
        assert.equal(asked.status, 200, await asked.text())
      },
    )
    assert.doesNotMatch(zero, new RegExp(mark))
    let label = ''
    const own = await logOf(example, textTask, 1, async (server) => {
      label = ((await (await server.post('/predict', { text: 'a' })).json()) as { label: string }).label
    })
    const [line] = linesOf(own)
    const { response } = line as unknown as { readonly response: Readonly<Record<string, unknown>> }
    assert.equal(response['label'], label)
    assert.equal(typeof response['score'], 'number')
  })

  test('in the model’s own tensors, where a task’s text is sensitive: ids of tokens are a text', async () => {
    const log = await logOf(example, textTask, 1, async (server) => {
      const ids = (name: string) => ({ name, datatype: 'INT64', shape: [1, 3], data: [2, 1234567, 3] })
      await server.post(infer, { inputs: [ids('input_ids'), ids('attention_mask'), ids('token_type_ids')] })
    })
    assert.doesNotMatch(log, /1234567/)
  })
})

test('a field that is not sensitive stays readable, its neighbour does not', async () => {
  const args = ['--task', 'question-answering', '--sensitive-fields', 'context']
  const log = await logOf(golden('question-answering'), args, 1, async (server) => {
    const asked = await server.post('/predict', { question: 'who is it?', context: `it is ${mark}` })
    assert.equal(asked.status, 200, await asked.text())
  })
  assert.doesNotMatch(log, new RegExp(mark))
  const [line] = linesOf(log)
  assert.equal((line as unknown as { request: { question: string } }).request.question, 'who is it?')
})

test('a name that the model does not have hides everything: it may be a slip of the pen', async () => {
  const args = ['--task', 'text-classification', '--sensitive-fields', 'txet']
  const log = await logOf(
    example,
    args,
    1,
    async (server) => void (await server.post('/predict', { text: mark })),
  )
  assert.doesNotMatch(log, new RegExp(mark))
  assert.match(String(linesOf(log)[0]?.['request']), /^hmac-sha256:[0-9a-f]{64}$/)
})
