import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Tokenizer } from '@huggingface/tokenizers'
import OpenAI from 'openai'
import type { TextModel } from '../generation/text-model.ts'
import { seededRandom } from '../testing/random.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

interface Case {
  readonly name: string
  readonly input: string | OpenAI.ChatCompletionMessageParam[]
  readonly parameters: {
    readonly max_new_tokens: number
    readonly min_new_tokens?: number
    readonly repetition_penalty?: number
    readonly no_repeat_ngram_size?: number
    readonly eos_token_id?: readonly number[]
    readonly stop_strings?: readonly string[]
  }
  readonly input_ids: readonly number[]
  readonly ids: readonly number[]
  readonly text: string
  readonly finish: 'eos' | 'stop' | 'length'
}

const folder = (model: string): string => join(import.meta.dirname, '../../golden/models', model)
const golden = (model: string): readonly Case[] =>
  JSON.parse(readFileSync(join(folder(model), 'golden.json'), 'utf8')).cases
const models = ['text-generation-gpt2', 'text-generation-llama', 'code-generation'] as const

const serve = (model: string, ...args: string[]): Promise<TestServer> =>
  folderServer(folder(model), [
    '--device',
    'cpu',
    '--task',
    model.startsWith('code') ? 'code-generation' : 'text-generation',
    ...args,
  ])

const textModel = ({ serving }: TestServer): TextModel => {
  const model = serving.served.task?.textModel
  assert.ok(model)
  return model
}

/** Writes a golden case as the Python did. */
const written = (server: TestServer, { input_ids: promptIds, parameters }: Case) => {
  const { generator, defaults } = textModel(server)
  return generator.write({
    promptIds,
    settings: {
      ...defaults.settings,
      maxNewTokens: parameters.max_new_tokens,
      minNewTokens: parameters.min_new_tokens ?? 0,
      repetitionPenalty: parameters.repetition_penalty ?? 1,
      noRepeatNgramSize: parameters.no_repeat_ngram_size ?? 0,
      eosIds: parameters.eos_token_id ?? defaults.settings.eosIds,
    },
    stops: parameters.stop_strings ?? [],
    keepStop: true,
  })
}

/** What a client of OpenAI may ask for to get the golden answer. */
const isPlain = ({ parameters }: Case): boolean =>
  Object.keys(parameters).every((name) =>
    ['max_new_tokens', 'stop_strings', 'repetition_penalty'].includes(name),
  )

const client = ({ url }: TestServer): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })

/** OpenAI leaves the stop text out. */
const withoutStop = ({ text, parameters, finish }: Case): string => {
  if (finish !== 'stop') return text
  const places = (parameters.stop_strings ?? []).map((stop) => text.indexOf(stop))
  return text.slice(0, Math.min(...places.filter((place) => place >= 0)))
}

const asked = ({ parameters }: Case) => ({
  model: 'm',
  temperature: 0,
  max_tokens: parameters.max_new_tokens,
  stop: [...(parameters.stop_strings ?? [])],
  repetition_penalty: parameters.repetition_penalty ?? 1,
})

interface Answered {
  text: string
  reason: string | null | undefined
}

/** Whole, then in pieces. */
const completed = async (openai: OpenAI, one: Case): Promise<readonly Answered[]> => {
  const prompt = one.input as string
  const { choices } = await openai.completions.create({ ...asked(one), prompt })
  const pieces: Answered = { text: '', reason: undefined }
  for await (const chunk of await openai.completions.create({ ...asked(one), prompt, stream: true })) {
    pieces.text += chunk.choices[0]?.text
    pieces.reason = chunk.choices[0]?.finish_reason
  }
  return [{ text: String(choices[0]?.text), reason: choices[0]?.finish_reason }, pieces]
}

/** The same of messages. */
const talked = async (openai: OpenAI, one: Case): Promise<readonly Answered[]> => {
  const messages = one.input as OpenAI.ChatCompletionMessageParam[]
  const { choices } = await openai.chat.completions.create({ ...asked(one), messages })
  const pieces: Answered = { text: '', reason: undefined }
  for await (const chunk of await openai.chat.completions.create({ ...asked(one), messages, stream: true })) {
    pieces.text += chunk.choices[0]?.delta.content ?? ''
    pieces.reason = chunk.choices[0]?.finish_reason
  }
  return [{ text: String(choices[0]?.message.content), reason: choices[0]?.finish_reason }, pieces]
}

for (const model of models) {
  describe(`${model} writes what transformers does`, () => {
    let server: TestServer
    before(async () => {
      server = await serve(model)
    })
    after(() => server[Symbol.asyncDispose]())

    for (const one of golden(model)) {
      test(one.name, async () => {
        const { codec, chatTemplate } = textModel(server)
        const isText = typeof one.input === 'string'
        const prompt = isText ? (one.input as string) : ((await chatTemplate?.(one.input as never)) ?? '')
        assert.deepEqual(await codec.encode(prompt, isText), one.input_ids)
        const { ids, text, ending } = await written(server, one)
        assert.deepEqual(ids, one.ids)
        assert.equal(text, one.text)
        assert.equal(ending, one.finish)
      })
    }

    test('all at once, each as on its own', async () => {
      const cases = golden(model)
      const answers = await Promise.all(
        cases.map(async (one, index) => {
          // Spread out, so that some come when others write.
          for (let turn = 0; turn < index; turn++) await new Promise(setImmediate)
          return written(server, one)
        }),
      )
      for (const [index, { ids }] of answers.entries()) assert.deepEqual(ids, cases[index]?.ids)
    })

    test('/predict, also several at a time', async () => {
      const plain = golden(model).filter(({ input }) => typeof input === 'string')
      for (const { input, parameters, text } of plain) {
        const answer = await server.post('/predict', { text: input, parameters })
        assert.deepEqual(await answer.json(), { generated_text: input + text })
      }
      const { max_new_tokens } = { max_new_tokens: 5 }
      const body = {
        instances: plain.map(({ input }) => input),
        parameters: { max_new_tokens, return_full_text: false },
      }
      const { predictions } = (await (await server.post('/predict', body)).json()) as {
        predictions: readonly unknown[]
      }
      assert.equal(predictions.length, plain.length)
    })

    for (const one of golden(model).filter(isPlain)) {
      test(`/v1, whole and in pieces: ${one.name}`, async () => {
        const answers = await (typeof one.input === 'string' ? completed : talked)(client(server), one)
        const expected = { text: withoutStop(one), reason: one.finish === 'length' ? 'length' : 'stop' }
        assert.deepEqual(answers, [expected, expected])
      })
    }
  })
}

describe('/v1 of a model that talks', () => {
  const messages = [{ role: 'user' as const, content: 'Please draw a red circle.' }]
  let server: TestServer
  before(async () => {
    server = await serve('text-generation-llama')
  })
  after(() => server[Symbol.asyncDispose]())

  test('lists its model, and finds it by name', async () => {
    const { data } = await client(server).models.list()
    assert.deepEqual(
      data.map(({ id, object }) => [id, object]),
      [['m', 'model']],
    )
    assert.equal((await client(server).models.retrieve('m')).id, 'm')
    await assert.rejects(client(server).models.retrieve('other'), OpenAI.NotFoundError)
  })

  test('a stream ends with how many tokens there were, when asked to', async () => {
    const stream = await client(server).chat.completions.create({
      model: 'm',
      messages,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    const whole = await client(server).chat.completions.create({ model: 'm', messages, temperature: 0 })
    assert.deepEqual(chunks.at(-1)?.usage, whole.usage)
    assert.deepEqual(chunks.at(-1)?.choices, [])
    assert.ok(chunks.slice(0, -1).every(({ usage }) => usage === null))
    assert.equal(chunks[0]?.choices[0]?.delta.role, 'assistant')
    assert.equal(chunks.at(-2)?.choices[0]?.finish_reason, 'stop')
  })

  test('equal seeds draw equally, each of several choices differently', async () => {
    const asked = { model: 'm', prompt: 'Hello', temperature: 2, max_tokens: 12, n: 3, seed: 11 }
    const [one, other] = [
      await client(server).completions.create(asked),
      await client(server).completions.create(asked),
    ]
    const texts = one.choices.map(({ text }) => text)
    assert.deepEqual(
      other.choices.map(({ text }) => text),
      texts,
    )
    assert.equal(new Set(texts).size, 3)
    assert.equal(one.usage?.prompt_tokens, (await textModel(server).codec.encode('Hello', true)).length)
    const unseeded = { ...asked, seed: null, n: 8 }
    const { choices } = await client(server).completions.create(unseeded)
    assert.ok(new Set(choices.map(({ text }) => text)).size > 1)
  })

  test('several prompts, also as token ids, with echo', async () => {
    const ids = [...(await textModel(server).codec.encode('Hello! How can', true))]
    const asked = { model: 'm', temperature: 0, max_tokens: 5 }
    const texts = await client(server).completions.create({
      ...asked,
      prompt: ['Hello! How can', 'Here is'],
      echo: true,
    })
    assert.deepEqual(
      texts.choices.map(({ index, text }) => [index, /^(Hello! How can|Here is) /.test(text)]),
      [
        [0, true],
        [1, true],
      ],
    )
    const byIds = await client(server).completions.create({ ...asked, prompt: ids })
    assert.equal(`Hello! How can${byIds.choices[0]?.text}`, texts.choices[0]?.text)
  })

  test('a bias can forbid a token', async () => {
    const asked = { model: 'm', prompt: 'Hello! How can', temperature: 0, max_tokens: 1 }
    const { ids } = await textModel(server).generator.write({
      promptIds: await textModel(server).codec.encode(asked.prompt, true),
      settings: { ...textModel(server).defaults.settings, maxNewTokens: 1 },
      stops: [],
      keepStop: false,
    })
    const plain = await client(server).completions.create(asked)
    const other = await client(server).completions.create({
      ...asked,
      logit_bias: { [String(ids[0])]: -100 },
    })
    assert.notEqual(other.choices[0]?.text, plain.choices[0]?.text)
  })

  const wrong: readonly (readonly [path: string, body: object, field: string | null, status: number])[] = [
    ['completions', {}, 'prompt', 422],
    ['completions', { prompt: 7 }, 'prompt', 422],
    ['completions', { prompt: [] }, 'prompt', 422],
    ['completions', { prompt: ['a', 3] }, 'prompt[1]', 422],
    ['completions', { prompt: [0, 9999] }, 'prompt', 422],
    ['completions', { prompt: 'red '.repeat(400) }, 'prompt', 422],
    ['completions', { prompt: 'x'.repeat(100_001) }, 'prompt', 413],
    ['completions', { prompt: ['x'.repeat(60_000), 'x'.repeat(60_000)] }, 'prompt', 413],
    ['completions', { prompt: 'a', temperature: -1 }, 'temperature', 422],
    ['completions', { prompt: 'a', temperature: 'hot' }, 'temperature', 422],
    ['completions', { prompt: 'a', top_p: 1.5 }, 'top_p', 422],
    ['completions', { prompt: 'a', top_k: 1.5 }, 'top_k', 422],
    ['completions', { prompt: 'a', max_tokens: 0 }, 'max_tokens', 422],
    ['completions', { prompt: 'a', n: 17 }, 'n', 422],
    ['completions', { prompt: 'a', seed: 0.5 }, 'seed', 422],
    ['completions', { prompt: 'a', stop: ['', 'b'] }, 'stop', 422],
    ['completions', { prompt: 'a', stop: 5 }, 'stop', 422],
    ['completions', { prompt: 'a', stream: 'yes' }, 'stream', 422],
    ['completions', { prompt: 'a', stream_options: 5 }, 'stream_options', 422],
    ['completions', { prompt: 'a', logit_bias: { '9999': 1 } }, 'logit_bias', 422],
    ['completions', { prompt: 'a', logit_bias: { '1': 101 } }, 'logit_bias', 422],
    ['completions', { prompt: 'a', presence_penalty: 3 }, 'presence_penalty', 422],
    ['completions', { prompt: 'a', logprobs: 2 }, 'logprobs', 422],
    ['completions', { prompt: 'a', suffix: 'b' }, 'suffix', 422],
    ['completions', { prompt: 'a', model: 'gpt-4' }, 'model', 404],
    ['chat/completions', {}, 'messages', 422],
    ['chat/completions', { messages: [] }, 'messages', 422],
    ['chat/completions', { messages: ['hi'] }, 'messages[0]', 422],
    ['chat/completions', { messages: [{ content: 'hi' }] }, 'messages[0].role', 422],
    ['chat/completions', { messages: [{ role: 'user' }] }, 'messages[0].content', 422],
    [
      'chat/completions',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
      'messages[0].content[0]',
      422,
    ],
    ['chat/completions', { messages, tools: [{ type: 'function' }] }, 'tools', 422],
    ['chat/completions', { messages, response_format: { type: 'json_object' } }, 'response_format', 422],
  ]
  for (const [path, body, field, status] of wrong) {
    test(`${path} ${JSON.stringify(body).slice(0, 60)} is refused, naming ${field}`, async () => {
      const answer = await server.post(`/v1/${path}`, body)
      const { error } = (await answer.json()) as { error: { message: string; param: unknown } }
      assert.deepEqual([answer.status, error.param], [status, field])
      assert.ok(error.message.length > 10)
    })
  }

  test('what is no JSON, no object or no POST is refused in the form that clients read', async () => {
    for (const [body, status] of [
      ['{', 400],
      ['[]', 400],
    ] as const) {
      const answer = await server.post('/v1/completions', body)
      assert.equal(answer.status, status)
      assert.equal(typeof ((await answer.json()) as { error: { message: unknown } }).error.message, 'string')
    }
    assert.equal((await server.get('/v1/completions')).status, 405)
    await assert.rejects(
      client(server).completions.create({ model: 'm', prompt: 'a', temperature: 900 }),
      OpenAI.UnprocessableEntityError,
    )
  })

  test('parameters made up at random are answered or refused, never failed', async () => {
    const random = seededRandom(20261123)
    const values = [
      0,
      1,
      -1,
      0.5,
      2,
      1e9,
      'x',
      '',
      true,
      null,
      [],
      {},
      [1],
      ['a'],
      { a: 1 },
      Number.MAX_SAFE_INTEGER,
    ]
    const names = [
      'temperature',
      'top_p',
      'top_k',
      'min_p',
      'max_tokens',
      'min_tokens',
      'seed',
      'stop',
      'n',
      'echo',
    ]
    names.push('presence_penalty', 'frequency_penalty', 'repetition_penalty', 'logit_bias', 'stream_options')
    for (let round = 0; round < 150; round++) {
      const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
      const some = Array.from({ length: 1 + Math.floor(random() * 4) }, () => [pick(names), pick(values)])
      const answer = await server.post('/v1/completions', {
        prompt: 'Hello',
        max_tokens: 3,
        ...Object.fromEntries(some),
      })
      const { error } = (await answer.json()) as { error?: { param: string } }
      assert.ok([200, 422].includes(answer.status), `${answer.status} for ${JSON.stringify(some)}`)
      if (error)
        assert.ok(
          some.some(([name]) => error.param.startsWith(String(name))),
          error.param,
        )
    }
  })
})

describe('a caller that leaves', () => {
  test('in the middle of a stream makes room for the next', async () => {
    await using server = await serve('text-generation-gpt2', '--max-rows', '1', '--max-queue', '1')
    const { generator, defaults, codec } = textModel(server)
    // Only a caller that is seen to have left lets a text without an end go.
    const endless = { model: 'm', prompt: 'Once', max_tokens: 120, min_tokens: 120, stream: true as const }
    const stream = await client(server).completions.create(endless)
    for await (const _ of stream) break
    stream.controller.abort()
    const { ending } = await generator.write({
      promptIds: await codec.encode('Once', true),
      settings: { ...defaults.settings, maxNewTokens: 2 },
      stops: [],
      keepStop: false,
    })
    assert.equal(ending, 'length')
    assert.equal(generator.queueLength(), 0)
  })
})

describe('/v1/embeddings', () => {
  const texts = ['A red circle.', 'A blue square is here.']
  let server: TestServer
  before(async () => {
    server = await folderServer(folder('feature-extraction'), [
      '--device',
      'cpu',
      '--task',
      'feature-extraction',
    ])
  })
  after(() => server[Symbol.asyncDispose]())

  test('says where the time went', async () => {
    const answer = await server.post('/v1/embeddings', { input: texts })
    assert.match(
      answer.headers.get('server-timing') ?? '',
      /^preprocess;dur=[\d.]+, queue;.*, infer;dur=[\d.]+/,
    )
  })

  test('gives the vectors that /predict gives, as digits and as base64', async () => {
    const answer = await server.post('/predict', { instances: texts })
    const { predictions } = (await answer.json()) as { predictions: { embedding: number[] }[] }
    for (const encoding_format of ['float', 'base64', undefined] as const) {
      const asked = { model: 'm', input: texts, ...(encoding_format && { encoding_format }) }
      const { data, usage } = await client(server).embeddings.create(asked)
      assert.ok(usage.prompt_tokens > texts.length)
      for (const [index, { embedding }] of data.entries()) {
        const vector: ArrayLike<number> =
          typeof embedding === 'string'
            ? new Float32Array(Uint8Array.from(Buffer.from(embedding, 'base64')).buffer)
            : embedding
        const expected = predictions[index]?.embedding ?? []
        assert.equal(vector.length, expected.length)
        for (const [place, value] of expected.entries())
          assert.ok(
            Math.abs((vector[place] as number) - value) < 1e-5,
            `${encoding_format} ${index} ${place}`,
          )
      }
    }
  })

  test('takes the ids of a text’s tokens in its place, alone and in lists', async () => {
    const tokenizer = JSON.parse(readFileSync(join(folder('feature-extraction'), 'tokenizer.json'), 'utf8'))
    const library = new Tokenizer(tokenizer, {})
    const ids = texts.map((text) => library.encode(text, { add_special_tokens: false }).ids)
    const embed = async (input: unknown) => {
      const answer = await server.post('/v1/embeddings', { input })
      assert.equal(answer.status, 200, await answer.clone().text())
      return (await answer.json()) as { readonly data: unknown; readonly usage: unknown }
    }
    assert.deepEqual(await embed(ids), await embed(texts))
    assert.deepEqual(await embed(ids[0]), await embed(texts[0]))
    assert.deepEqual(await embed([ids[1]]), await embed(texts[1]))
    const long = 'circle '.repeat(1000)
    const longIds = library.encode(long, { add_special_tokens: false }).ids
    assert.deepEqual(await embed(longIds), await embed(long))
  })

  test('one text is one vector', async () => {
    const { data } = await client(server).embeddings.create({ model: 'm', input: texts[0] as string })
    assert.equal(data.length, 1)
  })

  for (const [body, field] of [
    [{}, 'input'],
    [{ input: [] }, 'input'],
    [{ input: 5 }, 'input'],
    [{ input: ['a', 5] }, 'input[1]'],
    [{ input: ['a', ''] }, 'input[1]'],
    [{ input: [5, 'a'] }, 'input[1]'],
    [{ input: [5, [6]] }, 'input[1]'],
    [{ input: [[5], 'a'] }, 'input[1]'],
    [{ input: [[5], 6] }, 'input[1]'],
    [{ input: ['a', [5]] }, 'input[1]'],
    [{ input: [[5], [6, 'a']] }, 'input[1][1]'],
    [{ input: [[5], []] }, 'input[1]'],
    [{ input: [5, 1e6] }, 'input'],
    [{ input: [-1] }, 'input'],
    [{ input: [1.5] }, 'input'],
    [{ input: [[5], [1e6]] }, 'input[1]'],
    [{ input: [[[5]]] }, 'input[0][0]'],
    [{ input: { text: 'a' } }, 'input'],
    [{ input: new Array(2049).fill('a') }, 'input'],
    [{ input: 'a', encoding_format: 'hex' }, 'encoding_format'],
    [{ input: 'a', dimensions: 4 }, 'dimensions'],
  ] as const) {
    test(`${JSON.stringify(body).slice(0, 60)} is refused, naming ${field}`, async () => {
      const answer = await server.post('/v1/embeddings', body)
      assert.equal(answer.status, 422)
      assert.equal(((await answer.json()) as { error: { param: string } }).error.param, field)
    })
  }
})

test('tokens are refused where the folder puts a prompt before each text', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-prompts-'))
  try {
    await cp(folder('feature-extraction'), dir, { recursive: true })
    const settings = { prompts: { query: 'query: ', none: '' }, default_prompt_name: 'query' }
    await writeFile(join(dir, 'config_sentence_transformers.json'), JSON.stringify(settings))
    await using server = await folderServer(dir, ['--device', 'cpu', '--task', 'feature-extraction'])
    assert.equal((await server.post('/v1/embeddings', { input: 'a' })).status, 200)
    const answer = await server.post('/v1/embeddings', { input: [[5]] })
    const { error } = (await answer.json()) as { error: { message: string; param: string } }
    assert.deepEqual([answer.status, error.param], [422, 'input[0]'])
    assert.match(error.message, /"query: " before each text/)
  } finally {
    await rm(dir, { recursive: true })
  }
})

test('a model that writes no text says so at /v1', async () => {
  await using server = await folderServer(folder('fill-mask'), ['--device', 'cpu', '--task', 'fill-mask'])
  const answer = await server.post('/v1/completions', { prompt: 'a' })
  assert.equal(answer.status, 404)
  assert.match(((await answer.json()) as { error: { message: string } }).error.message, /fill-mask/)
})

test('a model without a chat template says so', async () => {
  await using server = await serve('text-generation-gpt2')
  const answer = await server.post('/v1/chat/completions', { messages: [{ role: 'user', content: 'a' }] })
  assert.equal(answer.status, 404)
  assert.match(((await answer.json()) as { error: { message: string } }).error.message, /chat template/)
})
