/** Members that are null, which clients built on pydantic send for all that is not there. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { addition, modelRepository, shifted } from '../testing/models.ts'
import { folderServer, repositoryServer, type TestServer, testServer } from '../testing/server.ts'

type Json = Readonly<Record<string, unknown>>
const golden = (task: string): string => join(import.meta.dirname, '../../golden/models', task)

const answered = async (response: Response): Promise<unknown> => {
  const answer = await response.text()
  assert.equal(response.status, 200, answer)
  return JSON.parse(answer)
}

/** The answer is the same with any of the members null, and with all of them. */
const sameWith = async (
  ask: (body: Json) => Promise<unknown>,
  body: Json,
  names: readonly string[],
): Promise<void> => {
  const wanted = await ask(body)
  const nulls = names.map((name) => [name, null] as const)
  for (const some of [...nulls.map((one) => [one]), nulls])
    assert.deepEqual(await ask({ ...Object.fromEntries(some), ...body }), wanted, JSON.stringify(some))
}

describe('null is as if it were not there', () => {
  test('in every member of an infer request that may be left out', async () => {
    await using server = await testServer(addition())
    const ask = async (body: Json) => answered(await server.post('/v2/models/m/infer', body))
    const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] })
    const [a, b] = [tensor('a'), tensor('b')]
    await sameWith(ask, { inputs: [a, b] }, ['id', 'parameters', 'outputs', 'model_name', 'whatever'])
    await sameWith((body) => ask({ inputs: [body, b] }), a, ['parameters', 'whatever'])
    await sameWith((body) => ask({ inputs: [a, b], outputs: [body] }), { name: 'sum' }, ['parameters'])
    await sameWith((parameters) => ask({ inputs: [{ ...a, parameters }, b] }), {}, [
      'binary_data_size',
      'shared_memory_region',
      'content_type',
    ])
    await sameWith((parameters) => ask({ inputs: [a, b], outputs: [{ name: 'sum', parameters }] }), {}, [
      'binary_data',
      'classification',
      'shared_memory_region',
    ])
    await sameWith((parameters) => ask({ inputs: [a, b], parameters }), {}, [
      'binary_data_output',
      'timeout',
      'sequence_id',
      'sequence_start',
      'priority',
    ])
  })

  test('leaves to the request as a whole whether an output is binary', async () => {
    await using server = await testServer(addition())
    const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] })
    const response = await server.post('/v2/models/m/infer', {
      inputs: [tensor('a'), tensor('b')],
      outputs: [{ name: 'sum', parameters: { binary_data: null } }],
      parameters: { binary_data_output: true },
    })
    assert.equal(response.headers.get('content-type'), 'application/octet-stream')
    await response.arrayBuffer()
  })

  test('but is missing where a member has to be there', async () => {
    await using server = await testServer(addition())
    const tensor = { name: 'a', datatype: 'FP32', shape: [1, 3], data: [1, 2, 3] }
    for (const [change, sentence] of [
      [{ name: null }, /inputs\[0\] must have a name/],
      [{ datatype: null }, /"a" has no datatype/],
      [{ shape: null }, /shape of input "a"/],
      [{ data: null }, /"a" has no data/],
    ] as const) {
      const response = await server.post('/v2/models/m/infer', { inputs: [{ ...tensor, ...change }] })
      assert.match(((await response.json()) as { readonly error: string }).error, sentence)
      assert.ok([400, 422].includes(response.status))
    }
  })

  test('in requests that look at a repository or change it', async () => {
    await using folder = await modelRepository({ 1: shifted(1) })
    await using server = await repositoryServer(folder.dir, ['--load-unload'])
    const at = (path: string) => async (body: Json) =>
      answered(await server.post(`/v2/repository/${path}`, body))
    await sameWith(at('index'), {}, ['ready', 'whatever'])
    await sameWith(at('models/m/load'), {}, ['parameters', 'whatever'])
    await sameWith((parameters) => at('models/m/load')({ parameters }), {}, ['version', 'unload_dependents'])
    for (const path of ['index', 'models/m/load'])
      await answered(await server.post(`/v2/repository/${path}`, 'null'))
  })
})

describe('null in a request to a task', () => {
  let server: TestServer
  before(async () => {
    server = await folderServer(golden('zero-shot-classification'), ['--task', 'zero-shot-classification'])
  })
  after(() => server[Symbol.asyncDispose]())
  const predict = async (body: Json): Promise<unknown> => answered(await server.post('/predict', body))
  const item = { text: 'the cat sat', candidate_labels: ['cat', 'dog'] }

  test('is as if it were not there, beside the item, in it and in its parameters', async () => {
    await sameWith(predict, item, ['parameters', 'instances', 'whatever'])
    await sameWith((parameters) => predict({ ...item, parameters }), {}, [
      'multi_label',
      'hypothesis_template',
      'candidate_labels',
      'whatever',
    ])
    await sameWith(predict, { instances: [item] }, ['parameters', 'text', 'candidate_labels'])
    await sameWith(
      (one) => predict({ instances: [one], candidate_labels: ['cat', 'dog'] }),
      { text: 'a cat' },
      ['candidate_labels', 'whatever'],
    )
  })

  test('is missing where it stands for the text', async () => {
    for (const body of [
      { ...item, text: null },
      { ...item, text: undefined, instances: [null] },
    ]) {
      const response = await server.post('/predict', body)
      assert.equal(response.status, 422)
      assert.match(((await response.json()) as { readonly error: string }).error, /is missing/)
    }
  })
})

describe('null in a request of OpenAI', () => {
  const shared = ['stop', 'logprobs', 'n', 'seed', 'user', 'stream', 'stream_options', 'top_p', 'temperature']
  const settings = { model: 'm', temperature: 0, max_tokens: 3 }
  const withoutIds = async (response: Response): Promise<unknown> => {
    const { id: _, created: __, ...rest } = (await answered(response)) as Json
    return rest
  }

  test('is as if it were not there', async () => {
    await using server = await folderServer(golden('text-generation-llama'), ['--task', 'text-generation'])
    const complete = async (body: Json) => withoutIds(await server.post('/v1/completions', body))
    const prompt = { prompt: 'a b', ...settings }
    await sameWith(complete, prompt, [
      ...shared,
      ...['suffix', 'echo', 'best_of', 'logit_bias', 'presence_penalty', 'frequency_penalty', 'whatever'],
    ])
    await sameWith((logit_bias) => complete({ ...prompt, logit_bias }), {}, ['3'])
    const chat = async (body: Json) => withoutIds(await server.post('/v1/chat/completions', body))
    const messages = [{ role: 'user', content: 'a b' }]
    await sameWith(chat, { messages, ...settings }, [
      ...shared,
      ...[
        'tools',
        'tool_choice',
        'response_format',
        'modalities',
        'top_logprobs',
        'functions',
        'function_call',
      ],
      ...['max_completion_tokens', 'logit_bias', 'metadata', 'store', 'parallel_tool_calls', 'audio'],
    ])
    await sameWith((message) => chat({ messages: [message], ...settings }), messages[0] as Json, [
      'name',
      'tool_calls',
      'refusal',
      'function_call',
      'audio',
    ])
    await sameWith(
      (part) => chat({ messages: [{ role: 'user', content: [part] }], ...settings }),
      {
        type: 'text',
        text: 'a b',
      },
      ['cache_control'],
    )
    const streamed = async (stream_options: Json): Promise<unknown> => {
      const response = await server.post('/v1/completions', { ...prompt, stream: true, stream_options })
      assert.equal(response.status, 200)
      return (await response.text()).match(/"text":"[^"]*"/g)
    }
    await sameWith(streamed, {}, ['include_usage', 'include_obfuscation'])
  })

  test('is as if it were not there for embeddings', async () => {
    await using server = await folderServer(golden('feature-extraction'), ['--task', 'feature-extraction'])
    const embed = async (body: Json) => answered(await server.post('/v1/embeddings', body))
    await sameWith(embed, { input: 'a b', model: 'm' }, ['encoding_format', 'dimensions', 'user', 'whatever'])
    await sameWith(embed, { input: 'a b' }, ['model'])
  })
})
