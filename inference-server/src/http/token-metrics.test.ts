/** Tokens that were read and written, as /metrics counts them. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Tokenizer } from '@huggingface/tokenizers'
import { folderServer, type TestServer } from '../testing/server.ts'

const folder = (model: string): string => join(import.meta.dirname, '../../golden/models', model)

/** How many tokens the tokenizer of a folder makes of a text, or of two. */
const tokenCounter = (model: string) => {
  const json = (name: string) => JSON.parse(readFileSync(join(folder(model), name), 'utf8'))
  const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'))
  return (text: string, pair?: string): number =>
    tokenizer.encode(text, pair === undefined ? {} : { text_pair: pair }).ids.length
}

/** Value of a series in the text of /metrics; 0 where it is not there yet. */
const seriesOf = async (server: TestServer, series: string): Promise<number> => {
  const lines = (await (await server.get('/metrics')).text()).split('\n')
  return Number(lines.find((line) => line.startsWith(`${series} `))?.slice(series.length + 1) ?? 0)
}
const read = 'gantry_tokens_total{direction="prompt"}'
const written = 'gantry_tokens_total{direction="generated"}'

const posted = async (server: TestServer, path: string, body: object): Promise<unknown> => {
  const answer = await server.post(path, body)
  assert.equal(answer.status, 200, await answer.clone().text())
  return answer.json()
}

test('a text counts the tokens it went on from, those it added, and how long they took', async () => {
  const model = 'text-generation-gpt2'
  const count = tokenCounter(model)
  await using server = await folderServer(folder(model))
  const prompt = 'the cat'
  const body = { prompt, max_tokens: 7, min_tokens: 7, temperature: 0 }
  const { usage } = (await posted(server, '/v1/completions', body)) as {
    readonly usage: Readonly<Record<string, number>>
  }
  assert.deepEqual(usage, {
    prompt_tokens: count(prompt),
    completion_tokens: 7,
    total_tokens: count(prompt) + 7,
  })
  assert.equal(await seriesOf(server, read), count(prompt))
  assert.equal(await seriesOf(server, written), 7)
  assert.equal(await seriesOf(server, 'gantry_time_to_first_token_seconds_count'), 1)
  assert.equal(await seriesOf(server, 'gantry_time_per_output_token_seconds_count'), 6)
  await posted(server, '/predict', { text: prompt, parameters: { max_new_tokens: 2, min_new_tokens: 2 } })
  assert.equal(await seriesOf(server, read), 2 * count(prompt))
  assert.equal(await seriesOf(server, written), 9)
})

test('a translation reads its source', async () => {
  const model = 'translation-marian'
  await using server = await folderServer(folder(model))
  const { cases } = JSON.parse(readFileSync(join(folder(model), 'golden.json'), 'utf8')) as {
    readonly cases: readonly { readonly input: string }[]
  }
  const text = cases[0]?.input ?? ''
  await posted(server, '/predict', { text })
  assert.equal(await seriesOf(server, read), tokenCounter(model)(text))
  assert.ok((await seriesOf(server, written)) > 0)
})

describe('a model that only reads counts what it reads, without what fills rows up', () => {
  test('embeddings, several at once', async () => {
    const model = 'feature-extraction'
    const count = tokenCounter(model)
    await using server = await folderServer(folder(model), ['--task', model])
    const input = ['the cat', 'the big dog sees the cat']
    const { usage } = (await posted(server, '/v1/embeddings', { input })) as {
      readonly usage: { readonly prompt_tokens: number }
    }
    const tokens = input.reduce((sum, text) => sum + count(text), 0)
    assert.equal(usage.prompt_tokens, tokens)
    assert.equal(await seriesOf(server, read), tokens)
    assert.equal(await seriesOf(server, written), 0)
  })

  for (const model of ['token-classification', 'fill-mask'] as const) {
    test(model, async () => {
      await using server = await folderServer(folder(model), ['--task', model])
      const text = model === 'fill-mask' ? 'the [MASK] sees the cat' : 'the big dog sees the cat'
      await posted(server, '/predict', { text })
      assert.equal(await seriesOf(server, read), tokenCounter(model)(text))
    })
  }

  test('question-answering: the question with the context', async () => {
    const model = 'question-answering'
    await using server = await folderServer(folder(model), ['--task', model])
    const [question, context] = ['who sees the cat', 'the big dog sees the cat']
    await posted(server, '/predict', { question, context })
    assert.equal(await seriesOf(server, read), tokenCounter(model)(question, context))
  })

  test('zero-shot-classification: the text with each label', async () => {
    const model = 'zero-shot-classification'
    const count = tokenCounter(model)
    await using server = await folderServer(folder(model), ['--task', model])
    const [text, labels] = ['the big dog sees the cat', ['animal', 'food']]
    await posted(server, '/predict', { text, candidate_labels: labels })
    const pairs = labels.map((label) => count(text, `This example is ${label}.`))
    assert.equal(
      await seriesOf(server, read),
      pairs.reduce((sum, pair) => sum + pair, 0),
    )
  })
})

test('tensors are no tokens', async () => {
  await using server = await folderServer(join(import.meta.dirname, '../../../examples/breast-cancer/model'))
  const data = Array.from({ length: 30 }, (_, index) => index)
  const inputs = [{ name: 'input', datatype: 'FP32', shape: [1, 30], data }]
  await posted(server, '/v2/models/m/infer', { inputs })
  assert.equal(await seriesOf(server, read), 0)
})
