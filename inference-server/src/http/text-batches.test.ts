/** Texts of many callers at once: cut by tokens, and answered as if each had come alone. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { slow } from '../testing/models.ts'
import { folderServer, type TestServer, testServer } from '../testing/server.ts'

const folder = join(import.meta.dirname, '../../golden/models/feature-extraction')
const words = 'the team that won match after a long evening in Oslo wrote letters to Kyoto'.split(' ')
/** 2 to 37 words, no two texts the same. */
const texts = Array.from({ length: 24 }, (_, index) =>
  Array.from(
    { length: 2 + ((index * 7) % 36) },
    (_, place) => words[(index + place * (index + 1)) % words.length],
  ).join(' '),
)
const tolerance = 1e-4

const close = (found: readonly number[], wanted: readonly number[], where: string): void => {
  assert.equal(found.length, wanted.length, where)
  assert.ok(wanted.length > 0)
  for (const [index, value] of wanted.entries())
    assert.ok(
      Math.abs(value - (found[index] ?? Number.NaN)) <= tolerance,
      `${where}: ${found[index]}, not ${value}`,
    )
}

describe('texts that share batches', () => {
  let server: TestServer
  before(async () => {
    server = await folderServer(folder, ['--task', 'feature-extraction', '--max-tokens', '64'])
  })
  after(() => server[Symbol.asyncDispose]())

  const embed = async (input: string | readonly string[]): Promise<readonly (readonly number[])[]> => {
    const response = await server.post('/v1/embeddings', { input, model: 'm' })
    const { data } = (await response.json()) as { readonly data: readonly { readonly embedding: number[] }[] }
    assert.equal(response.status, 200)
    return data.map(({ embedding }) => embedding)
  }
  /** Rows that all batches of more than one row had, and the batches. */
  const batches = async (): Promise<{ readonly rows: number; readonly count: number }> => {
    const text = await (await server.get('/metrics')).text()
    const read = (name: string): number =>
      Number(new RegExp(`^${name}(?:{[^}]*})? (.+)$`, 'm').exec(text)?.[1])
    return { rows: read('gantry_batch_rows_sum'), count: read('gantry_batch_rows_count') }
  }

  test('are answered as they are alone, whether they come at once or in one request', async () => {
    const alone: (readonly number[])[] = []
    for (const text of texts) alone.push((await embed(text))[0] ?? [])
    const first = await batches()
    const together = await Promise.all(texts.map((text) => embed(text)))
    for (const [index, [found = []]] of together.entries()) close(found, alone[index] ?? [], `text ${index}`)
    const second = await batches()
    assert.equal(second.rows - first.rows, texts.length)
    assert.ok(second.count - first.count < texts.length, 'none shared a batch')
    const many = await embed(texts)
    for (const [index, found] of many.entries())
      close(found, alone[index] ?? [], `text ${index} of one request`)
  })

  test('a text longer than a batch may be is answered', async () => {
    const [found = []] = await embed(words.join(' ').repeat(8))
    assert.ok(found.length > 0)
  })
})

for (const model of ['text-generation-gpt2', 'text-generation-llama']) {
  describe(`${model}: long prompts among those who write, in caches that are too small for all`, () => {
    let server: TestServer
    before(async () => {
      const dir = join(import.meta.dirname, '../../golden/models', model)
      server = await folderServer(dir, ['--device', 'cpu', '--max-tokens', '200'])
    })
    after(() => server[Symbol.asyncDispose]())

    const write = async (caller: number): Promise<string> => {
      const length = [3, 100, 12, 90, 5, 70, 8, 40][caller] as number
      const prompt = Array.from({ length }, (_, index) => 5 + ((index * 7 + caller * 13) % 300))
      const limits = { max_tokens: 24, min_tokens: 24, temperature: 0 }
      const response = await server.post('/v1/completions', { prompt, ...limits })
      const { choices } = (await response.json()) as {
        readonly choices: readonly { readonly text: string }[]
      }
      return choices[0]?.text ?? assert.fail('nothing was written')
    }

    test('each is written as it is alone', async () => {
      const callers = [0, 1, 2, 3, 4, 5, 6, 7]
      const alone: string[] = []
      for (const caller of callers) alone.push(await write(caller))
      assert.ok(new Set(alone).size > 4)
      assert.deepEqual(await Promise.all(callers.map(write)), alone)
    })
  })
}

describe('a sequence of requests', () => {
  let server: TestServer
  before(async () => {
    server = await testServer(slow(1))
  })
  after(() => server[Symbol.asyncDispose]())
  const ask = (parameters: Readonly<Record<string, unknown>>): Promise<Response> =>
    server.post('/v2/models/m/infer', {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }],
      parameters,
    })

  for (const [name, value] of [
    ['sequence_id', 7],
    ['sequence_id', 'chat'],
    ['sequence_start', true],
    ['sequence_end', true],
  ] as const)
    test(`is refused for its ${name} ${value}, since no request knows of another`, async () => {
      const answer = await ask({ [name]: value })
      assert.equal(answer.status, 422)
      assert.deepEqual(await answer.json(), {
        error: `${name}: sequences are not supported, each request stands alone; leave it out`,
        field: name,
      })
    })

  test('is none where a client says so', async () => {
    for (const sequence_id of [0, ''])
      assert.equal((await ask({ sequence_id, sequence_start: false, sequence_end: false })).status, 200)
  })
})

describe('the timeout of a request', () => {
  const ask = (server: TestServer, timeout?: unknown): Promise<Response> =>
    server.post('/v2/models/m/infer', {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }],
      ...(timeout !== undefined && { parameters: { timeout } }),
    })

  test('is in microseconds and counts where it is earlier than the deadline of all', async () => {
    await using server = await testServer(slow(20))
    const statuses = await Promise.all(
      [undefined, 1000, 0, 60_000_000].map(async (timeout) => (await ask(server, timeout)).status),
    )
    assert.deepEqual(statuses, [200, 504, 200, 200])
    const answer = await ask(server, 1000)
    assert.match(await answer.text(), /no result within 1000 microseconds, the timeout of the request/)
    assert.equal(
      server.lines.some(({ level }) => level === 'error'),
      false,
    )
  })

  for (const timeout of [-1, 1.5, '1s'])
    test(`${JSON.stringify(timeout)} is refused`, async () => {
      await using server = await testServer(slow(1))
      const answer = await ask(server, timeout)
      assert.equal(answer.status, 422)
      assert.match(await answer.text(), /timeout has to be a whole number of microseconds/)
    })
})
