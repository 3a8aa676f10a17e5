/** Texts over HTTP: each weight is what two predictions differ by. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { folderServer, type TestServer } from '../testing/server.ts'

const root = join(import.meta.dirname, '../../..')
const example = join(root, 'examples/customer-service/model')
const golden = (name: string): string => join(root, 'inference-server/golden/models', name)

interface Part {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly weight: number
  readonly words?: number
}
interface Answer {
  readonly error?: string
  readonly field?: string
  readonly model_name: string
  readonly task: string
  readonly method: string
  readonly mask?: string
  readonly target: string
  readonly score: number
  readonly words?: readonly Part[]
  readonly phrases?: readonly Part[]
  readonly evaluations: number
}

const near = (found: number | undefined, wanted: number, what: string): void =>
  assert.ok(Math.abs(Number(found) - wanted) < 1e-5, `${what}: ${found}, not ${wanted}`)

const explain = async (server: TestServer, body: unknown, path = '/v2/models/m/explain'): Promise<Answer> => {
  const response = await server.post(path, body)
  const answer = (await response.json()) as Answer
  assert.equal(response.status, 200, JSON.stringify(answer))
  return answer
}

describe('a classifier of texts', () => {
  let server: TestServer
  before(async () => {
    server = await folderServer(example, ['--task', 'text-classification'])
  })
  after(() => server[Symbol.asyncDispose]())
  const text = '衣服买大了,想换个小点的😡'

  const predicted = async (one: string, label: string): Promise<number> => {
    const response = await server.post('/predict', { text: one })
    const { probabilities } = (await response.json()) as { probabilities: Record<string, number> }
    return Number(probabilities[label])
  }

  test('weighs each word by the prediction without it', async () => {
    const answer = await explain(server, { text })
    assert.deepEqual(
      [answer.model_name, answer.task, answer.method],
      ['m', 'text-classification', 'leave-one-out'],
    )
    assert.equal(answer.target, '退换货')
    near(answer.score, await predicted(text, answer.target), 'score')
    const points = [...text]
    assert.ok(answer.words && answer.words.length > 5)
    assert.equal(answer.evaluations, answer.words.length + 1)
    for (const { text: word, start, end, weight } of answer.words) {
      assert.equal(points.slice(start, end).join(''), word)
      const rest = [...points.slice(0, start), ...points.slice(end)].join('')
      near(weight, answer.score - (await predicted(rest, answer.target)), word)
    }
  })

  test('weighs phrases by the prediction with a mask in their place, for the label that is asked for', async () => {
    const parameters = { method: 'occlusion', windows: [1, 2], target: '技术支持' }
    const answer = await explain(server, { text, parameters }, '/explain')
    assert.deepEqual([answer.mask, answer.target], ['[MASK]', '技术支持'])
    const points = [...text]
    const all = [...(answer.words ?? []), ...(answer.phrases ?? [])]
    assert.equal(answer.phrases?.length, Number(answer.words?.length) - 1)
    for (const { text: part, start, end, weight } of all) {
      const masked = [...points.slice(0, start), '[MASK]', ...points.slice(end)].join('')
      near(weight, answer.score - (await predicted(masked, answer.target)), part)
    }
  })

  test('takes the item as the Open Inference Protocol has it', async () => {
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1, 1], data: [text] }]
    const parameters = { method: 'occlusion', mask: '某' }
    const answer = await explain(server, { inputs, parameters })
    assert.equal(answer.mask, '某')
    const same = await explain(server, { text, parameters })
    for (const [index, { weight }] of (same.words ?? []).entries())
      near(answer.words?.[index]?.weight, weight, `word ${index}`)
  })

  test('counts as an explanation and as no prediction', async () => {
    const metrics = async (): Promise<string> => (await server.get('/metrics')).text()
    const read = (of: string, name: string): number =>
      Number(new RegExp(`^${name}(?:{[^}]*})? (.+)$`, 'm').exec(of)?.[1])
    const before = await metrics()
    const { evaluations } = await explain(server, { text })
    const now = await metrics()
    const grew = (name: string): number => read(now, name) - read(before, name)
    assert.equal(grew('gantry_explanation_evaluations_total'), evaluations)
    assert.equal(grew('gantry_explanation_duration_seconds_count'), 1)
    assert.equal(grew('gantry_explanations_total'), 1)
    assert.equal(grew('gantry_request_duration_seconds_count'), 0)
    assert.doesNotMatch(now, /gantry_requests_total\{endpoint="explain"/)
  })

  const refusals: readonly (readonly [string, unknown, number, string | undefined, RegExp])[] = [
    ['no text', {}, 422, 'text', /text is missing/],
    ['a text without words', { text: '。!' }, 422, 'text', /has no word/],
    [
      'a text that is one word',
      { text: '谢谢' },
      422,
      'text',
      /longer text, shorter windows, or method occlusion/,
    ],
    ['a text of too many words', { text: '好 '.repeat(1025) }, 413, 'text', /more than 1024 words/],
    ['several texts', { instances: ['a', 'b'] }, 422, 'instances', /one by one/],
    [
      'an unknown label',
      { text, parameters: { target: 'x' } },
      422,
      'parameters.target',
      /"商品信息", "订单状态"/,
    ],
    [
      'an unknown method',
      { text, parameters: { method: 'lime' } },
      422,
      'parameters.method',
      /leave-one-out, occlusion/,
    ],
    ['an unknown parameter', { text, parameters: { window: 2 } }, 422, 'parameters.window', /windows/],
    [
      'a mask that would not be used',
      { text, parameters: { mask: 'x' } },
      422,
      'parameters.mask',
      /occlusion/,
    ],
    ['a window of no words', { text, parameters: { windows: [0] } }, 422, 'parameters.windows', /1 to 16/],
    [
      'more evaluations than it allows',
      { text, parameters: { maxEvaluations: 5 } },
      413,
      'text',
      /11 rows, but at most 5/,
    ],
    ['a file', Buffer.from('x'), 415, undefined, /application\/json/],
    [
      'tensors of the model',
      {
        inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({
          name,
          datatype: 'INT64',
          shape: [1, 1],
          data: [1],
        })),
      },
      422,
      'inputs',
      /what is explained are "text"/,
    ],
  ]
  for (const [title, body, status, field, sentence] of refusals)
    test(`refuses ${title}`, async () => {
      const headers: Record<string, string> =
        body instanceof Uint8Array ? { 'content-type': 'image/png' } : {}
      const response = await server.post('/explain', body, headers)
      const answer = (await response.json()) as Answer
      assert.equal(response.status, status, JSON.stringify(answer))
      assert.match(String(answer.error), sentence)
      assert.equal(answer.field, field)
    })

  test('refuses other methods, versions and models by name', async () => {
    assert.equal((await server.get('/explain')).status, 405)
    assert.equal((await server.post('/v2/models/m/versions/9/explain', { text })).status, 404)
    assert.equal((await server.post('/v2/models/n/explain', { text })).status, 404)
    assert.equal(
      (await explain(server, { text }, '/v2/models/m/versions/1/explain')).task,
      'text-classification',
    )
  })
})

test('labels that the request brings are explained, with a row of the model for each', async () => {
  await using server = await folderServer(golden('zero-shot-classification'), [
    '--task',
    'zero-shot-classification',
  ])
  const body = { text: 'The team won the match today.', candidate_labels: ['sport', 'food', 'weather'] }
  const answer = await explain(server, body)
  assert.equal(answer.target, 'sport')
  assert.equal(answer.evaluations, 3 * (Number(answer.words?.length) + 1))
  const response = await server.post('/predict', { ...body, text: 'The team won the today.' })
  const { labels, scores } = (await response.json()) as { labels: string[]; scores: number[] }
  const match = answer.words?.find((word) => word.text === 'match')
  near(match?.weight, answer.score - Number(scores[labels.indexOf('sport')]), 'match')
})

test('a task whose answers are not explained says which are', async () => {
  await using server = await folderServer(golden('fill-mask'), ['--task', 'fill-mask'])
  const response = await server.post('/explain', { text: 'a' })
  assert.equal(response.status, 404)
  const { error } = (await response.json()) as { error: string }
  assert.match(
    error,
    /task fill-mask, whose answers are not explained; those of tasks "text-classification", "zero-shot-classification", "image-classification", "tensor"/,
  )
})

test('a server can make no explanations at all', async () => {
  await using server = await folderServer(example, [
    '--task',
    'text-classification',
    '--max-explanations',
    '0',
  ])
  const response = await server.post('/explain', { text: '我想退货' })
  assert.equal(response.status, 404)
  assert.match(((await response.json()) as { error: string }).error, /--max-explanations 0/)
})
