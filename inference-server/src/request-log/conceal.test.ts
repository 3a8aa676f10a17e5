import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Declared } from '../requests/declared-names.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import { seededRandom } from '../testing/random.ts'
import { createConcealment } from './conceal.ts'

const cover = { keyId: 'k', text: (text: string) => `<${text}>` }

const textTask: Declared = {
  inputs: ['input_ids'],
  outputs: ['logits'],
  fields: ['text', 'question'],
  lists: ['candidate_labels'],
  parameters: ['top_k', 'prompt'],
  results: ['label', 'score', 'embedding'],
  labels: ['x', 'y'],
}
const tensorTask: Declared = {
  ...{ inputs: ['text', 'age'], outputs: ['probabilities', 'word'], labels: ['x'] },
  ...{ fields: [], lists: [], parameters: [], results: [] },
}

interface Asked {
  readonly endpoint?: Endpoint
  readonly status?: number
  readonly declared?: Declared
  readonly names?: readonly string[]
}

const protocol = ({ endpoint = 'predict', status = 200, declared = textTask, names = ['text'] }: Asked) => {
  const concealment = createConcealment({ model: 'm', sensitiveFields: names })
  concealment.declare('1', declared)
  return concealment.of({ endpoint, status, version: '1' })
}
const request = (content: unknown, asked: Asked = {}): unknown => protocol(asked).request(content, cover)
const response = (content: unknown, asked: Asked = {}): unknown => protocol(asked).response(content, cover)

describe('of a request for a task', () => {
  for (const [what, content, expected] of [
    ['a sensitive field is covered', { text: 'a', question: 'b' }, { text: '<a>', question: 'b' }],
    ['each instance is', { instances: [{ text: 'a' }] }, { instances: [{ text: '<a>' }] }],
    ['instances without a name are', { instances: ['a', 'b'] }, { instances: ['<a>', '<b>'] }],
    ['lists are, one by one', { candidate_labels: ['a', 'b'] }, { candidate_labels: ['<a>', '<b>'] }],
    [
      'numbers of known parameters are shown, texts are not',
      { parameters: { top_k: 2, prompt: 'p' } },
      { parameters: { top_k: 2, prompt: '<p>' } },
    ],
    [
      'unknown members are covered with their names',
      { text: 'a', who: 1 },
      { text: '<a>', hidden: '<{"who":1}>' },
    ],
    ['what is no object is covered whole', ['a'], ['<a>']],
  ] as const)
    test(what, () => assert.deepEqual(request(content), expected))
})

test('the fields of a task are covered where the tensors that are made of them are sensitive', () => {
  assert.deepEqual(request({ text: 'a' }, { names: ['input_ids'] }), { text: '<a>' })
  assert.deepEqual(request({ text: 'a' }, { names: ['question'] }), { text: 'a' })
})

test('of an answer, figures and the model’s own labels are shown', () => {
  const answer = { label: 'x', score: 0.5, probabilities: { x: 0.5, y: 0.5 }, word: 'a', other: 1 }
  const shown = {
    label: 'x',
    score: 0.5,
    probabilities: { x: 0.5, y: 0.5 },
    word: '<a>',
    hidden: '<{"other":1}>',
  }
  assert.deepEqual(response(answer), shown)
  assert.deepEqual(response({ predictions: [answer] }), { predictions: [shown] })
  assert.deepEqual(response({ label: 'z' }), { label: '<z>' })
  assert.deepEqual(response(answer, { names: ['text', 'score'] }), { ...shown, score: '<0.5>' })
})

describe('of tensors', () => {
  const tensor = (name: string, data: unknown, more: object = {}): object => ({
    ...{ name, datatype: 'FP32', shape: [1] },
    ...more,
    data,
  })
  const asked: Asked = { endpoint: 'infer', declared: tensorTask }

  test('those that are sensitive are covered, the model’s others are shown', () => {
    assert.deepEqual(request({ inputs: [tensor('text', ['a']), tensor('age', [42])] }, asked), {
      inputs: [tensor('text', ['<a>']), tensor('age', [42])],
    })
  })

  test('of a name that the model does not have nothing is shown', () => {
    const strange = tensor('txt', ['a'])
    assert.deepEqual(request({ inputs: [strange] }, asked), { inputs: [`<${JSON.stringify(strange)}>`] })
  })

  test('the words of the protocol are shown, other texts in their places are not', () => {
    const inputs = [
      tensor('age', [1], { datatype: 'a', shape: ['b'], parameters: { c: 'd', binary_data_size: 8 } }),
    ]
    const parameters = { hidden: '<{"c":"d"}>', binary_data_size: 8 }
    assert.deepEqual(request({ id: 'e', parameters: { timeout: 5 }, inputs }, asked), {
      id: '<e>',
      parameters: { timeout: 5 },
      inputs: [tensor('age', [1], { datatype: '<a>', shape: ['<b>'], parameters })],
    })
  })

  test('texts of answers are shown where they are labels, numbers where they are not sensitive', () => {
    const outputs = [tensor('probabilities', [0.5]), tensor('word', ['x', 'a'])]
    const shown = [tensor('probabilities', [0.5]), tensor('word', ['x', '<a>'])]
    assert.deepEqual(response({ model_name: 'm', id: 'e', outputs }, asked), {
      ...{ model_name: 'm', id: '<e>' },
      outputs: shown,
    })
  })

  test('the model’s own are covered where the text of its task is sensitive', () => {
    const ids = { inputs: [tensor('input_ids', [7])] }
    const covered = { inputs: [tensor('input_ids', '<[7]>')] }
    assert.deepEqual(request(ids, { endpoint: 'grpc' }), covered)
    const logits = { outputs: [tensor('logits', [7])] }
    assert.deepEqual(response(logits, { endpoint: 'infer' }), { outputs: [tensor('logits', '<[7]>')] })
  })
})

describe('covered whole are', () => {
  for (const [what, asked] of [
    ['requests that were refused', { status: 422 }],
    ['those that failed', { status: 503 }],
    ['all, where nothing is named', { names: [] }],
    ['all, where a name means nothing to the model', { names: ['text', 'txet'] }],
  ] as const)
    test(what, () => assert.equal(request({ a: 1 }, asked), '<{"a":1}>'))

  test('those of a version that nothing is known of', () => {
    const { of } = createConcealment({ model: 'm', sensitiveFields: ['text'] })
    assert.equal(of({ endpoint: 'infer', status: 200, version: '1' }).request({ a: 1 }, cover), '<{"a":1}>')
  })
})

test('names that objects have by nature are names like others', () => {
  const content: unknown = JSON.parse('{"__proto__":"a","constructor":"b","text":"c"}')
  assert.equal(
    JSON.stringify(request(content)),
    '{"text":"<c>","hidden":"<{\\"__proto__\\":\\"a\\",\\"constructor\\":\\"b\\"}>"}',
  )
  const named = { ...tensorTask, inputs: ['__proto__'] }
  const inputs = JSON.parse('[{"name":"__proto__","data":[1]}]') as unknown
  assert.equal(
    JSON.stringify(request({ inputs }, { endpoint: 'infer', declared: named, names: ['__proto__'] })),
    '{"inputs":[{"name":"__proto__","data":"<[1]>"}]}',
  )
})

describe('made-up contents show no text of a caller, for every text in every place', () => {
  const mark = 'Mustermann'
  const known = [
    ...[
      'text',
      'question',
      'candidate_labels',
      'top_k',
      'prompt',
      'instances',
      'parameters',
      'inputs',
      'outputs',
    ],
    ...[
      'name',
      'datatype',
      'shape',
      'data',
      'id',
      'model_name',
      'model',
      'messages',
      'temperature',
      'stream_options',
    ],
    ...[
      'label',
      'score',
      'probabilities',
      'predictions',
      'entities',
      'x',
      'usage',
      'include_usage',
      'priority',
      'input_ids',
    ],
  ]

  /** JSON with the mark in texts and names, and with names that mean something. */
  const madeUp = (random: () => number, depth: number): unknown => {
    const pick = <Value>(values: readonly Value[]): Value =>
      values[Math.floor(random() * values.length)] as Value
    const kind = random()
    if (depth === 0 || kind < 0.3)
      return pick([mark, `${mark} ${random()}`, 1, true, null, 'FP32', 'input_ids', 'x', pick(known)])
    const several = Array.from({ length: 1 + Math.floor(random() * 4) })
    if (kind < 0.55) return several.map(() => madeUp(random, depth - 1))
    const name = (): string => (random() < 0.1 ? mark : pick(known))
    return Object.fromEntries(several.map(() => [name(), madeUp(random, depth - 1)]))
  }

  const blind = { keyId: 'k', text: () => '#' }
  const endpoints = [
    'infer',
    'grpc',
    'predict',
    'chat',
    'analyze',
    'completions',
    'chat/completions',
    'embeddings',
  ] as const
  for (const endpoint of endpoints)
    test(endpoint, () => {
      const random = seededRandom(7)
      const { request, response } = protocol({ endpoint, names: ['text', 'question'] })
      for (let count = 0; count < 3000; count++) {
        const content = madeUp(random, 5)
        assert.doesNotMatch(JSON.stringify(request(content, blind)), /Mustermann/, JSON.stringify(content))
        const answer = {
          outputs: content,
          predictions: content,
          entities: content,
          label: content,
          data: content,
          choices: content,
        }
        const shown = JSON.stringify(response(answer, blind))
        assert.doesNotMatch(shown, /Mustermann/, JSON.stringify(answer))
      }
    })
})
