/** Whether two answers agree, with data alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ComparisonName } from '@gantry/contract/shadow.ts'
import type { Answer, AnswerForm } from './answer.ts'
import { compareAnswers, comparisonOf } from './compare.ts'

const answer = (body: unknown, status = 200): Answer => ({
  ...{ status, jsonBytes: undefined },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

/** The result in a word: agreed, or why not. */
const compared = (
  one: Answer,
  other: Answer,
  compare: ComparisonName = 'top1',
  form: AnswerForm = 'items',
): string => {
  const agreement = compareAnswers(one, other, form, comparisonOf({ compare }))
  return agreement.kind === 'agreed' ? 'agreed' : agreement.reason
}
const of = (one: unknown, other: unknown, compare?: ComparisonName, form?: AnswerForm): string =>
  compared(answer(one), answer(other), compare, form)

const tensor = (datatype: string, shape: readonly number[], data: readonly unknown[], name = 'out') => ({
  outputs: [{ name, datatype, shape, data }],
})
const ofTensors = (one: unknown, other: unknown, compare?: ComparisonName): string =>
  of(one, other, compare, 'tensors')

test('top1 asks for the likeliest class of each row, and for nothing else of the scores', () => {
  const scores = (...data: readonly number[]) => tensor('FP32', [2, 2], data)
  assert.equal(ofTensors(scores(0.1, 0.9, 0.8, 0.2), scores(0.4, 0.6, 0.7, 0.3)), 'agreed')
  assert.equal(ofTensors(scores(0.1, 0.9, 0.8, 0.2), scores(0.4, 0.6, 0.3, 0.7)), 'values')
  const item = (label: string, score: number) => ({
    label,
    score,
    probabilities: { yes: score, no: 1 - score },
  })
  assert.equal(of(item('yes', 0.9), item('yes', 0.6)), 'agreed')
  assert.equal(of(item('yes', 0.9), item('no', 0.6)), 'values')
  const many = (...labels: readonly string[]) => ({ predictions: labels.map((label) => item(label, 0.9)) })
  assert.equal(of(many('yes', 'no'), many('yes', 'yes')), 'values')
  const ranked = (labels: readonly string[], scores: readonly number[]) => ({ labels, scores })
  assert.equal(
    of(ranked(['a', 'b', 'c'], [0.5, 0.3, 0.2]), ranked(['a', 'c', 'b'], [0.4, 0.35, 0.25])),
    'agreed',
  )
  assert.equal(of(ranked(['a', 'b'], [0.6, 0.4]), ranked(['b', 'a'], [0.6, 0.4])), 'values')
})

test('of alternatives the best one counts, and of entities all of them', () => {
  const fillings = (...words: readonly string[]) => ({
    fillings: words.map((word) => ({ word, score: 0.1 })),
  })
  assert.equal(of(fillings('a', 'b'), fillings('a', 'c')), 'agreed')
  assert.equal(of(fillings('a', 'b'), fillings('b', 'a')), 'values')
  const entity = (word: string, start: number) => ({ entity: 'PER', word, start, score: Math.random() })
  const entities = (...list: readonly object[]) => ({ entities: list })
  assert.equal(of(entities(entity('Ada', 0)), entities(entity('Ada', 0))), 'agreed')
  assert.equal(of(entities(entity('Ada', 0)), entities(entity('Ada', 9))), 'values')
  assert.equal(of(entities(entity('Ada', 0)), entities()), 'values')
  assert.equal(of(entities(), entities()), 'agreed')
  const asText = (value: unknown) => tensor('BYTES', [1], [JSON.stringify(value)], 'entities')
  assert.equal(ofTensors(asText([entity('Ada', 0)]), asText([entity('Ada', 0)])), 'agreed')
})

test('maxAbs bounds each number, and keeps the digits of integers of 64 bits', () => {
  const row = (...data: readonly unknown[]) => tensor('FP32', [1, data.length], data)
  assert.equal(ofTensors(row(1, 2), row(1.009, 2), 'maxAbs'), 'agreed')
  assert.equal(ofTensors(row(1, 2), row(1.02, 2), 'maxAbs'), 'values')
  const whole = (digits: string) =>
    `{"outputs":[{"name":"out","datatype":"INT64","shape":[1],"data":[${digits}]}]}`
  assert.equal(ofTensors(whole('9007199254740993'), whole('9007199254740992'), 'maxAbs'), 'values')
  assert.equal(ofTensors(whole('9223372036854775807'), whole('9223372036854775807'), 'top1'), 'agreed')
  assert.equal(ofTensors(whole('9223372036854775807'), whole('9223372036854775806'), 'top1'), 'values')
})

test('cosine asks for the direction of each vector', () => {
  assert.equal(of({ embedding: [1, 0, 0] }, { embedding: [2, 0.1, 0] }, 'cosine'), 'agreed')
  assert.equal(of({ embedding: [1, 0, 0] }, { embedding: [1, 1, 0] }, 'cosine'), 'values')
  assert.equal(of({ embedding: [0, 0] }, { embedding: [0, 0] }, 'cosine'), 'agreed')
  assert.equal(of({ embedding: [1e200, 1e200] }, { embedding: [1e200, 1e200] }, 'cosine'), 'agreed')
  const vector = (values: readonly number[]) => ({ data: [{ embedding: values }] })
  const bytes = Buffer.from(Float32Array.of(1, 2).buffer).toString('base64')
  assert.equal(of({ data: [{ embedding: bytes }] }, vector([1, 2]), 'cosine', 'embeddings'), 'agreed')
})

test('text asks for every letter, and not for ids, times and counts of tokens', () => {
  const chat = (content: string, more: object = {}) => ({
    ...{ id: Math.random(), created: 1, model: 'a', usage: { total_tokens: 3 }, ...more },
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  })
  assert.equal(of(chat('a'), chat('a', { model: 'b', usage: {} }), 'text', 'completion'), 'agreed')
  assert.equal(of(chat('a'), chat('a '), 'text', 'completion'), 'values')
  assert.equal(of({ generated_text: 'a' }, { generated_text: 'b' }, 'text'), 'values')
  assert.equal(
    of({ translation: 'a', timestamp: '1' }, { translation: 'a', timestamp: '2' }, 'text'),
    'agreed',
  )
})

test('a number that is missing equals one that is missing, and no other', () => {
  const row = (...data: readonly unknown[]) => tensor('FP32', [1, 2], data)
  for (const compare of ['top1', 'maxAbs', 'cosine'] as const) {
    assert.equal(ofTensors(row(null, 1), row(null, 1), compare), 'agreed', compare)
    assert.equal(ofTensors(row(null, 1), row(0, 1), compare), 'values', compare)
  }
})

const binary = (datatype: string, shape: readonly number[], raw: Uint8Array): Answer => {
  const parameters = { binary_data_size: raw.length }
  const json = Buffer.from(JSON.stringify({ outputs: [{ name: 'out', datatype, shape, parameters }] }))
  return { status: 200, jsonBytes: json.length, body: Buffer.concat([json, raw]) }
}
const bytesOf = (values: { readonly buffer: ArrayBufferLike }): Uint8Array => new Uint8Array(values.buffer)

test('tensors in binary are read by their datatype, and equal those in JSON', () => {
  const cases: readonly (readonly [string, Uint8Array, readonly unknown[]])[] = [
    ['BOOL', Uint8Array.of(1, 0), [true, false]],
    ['UINT8', Uint8Array.of(255, 1), [255, 1]],
    ['INT8', bytesOf(Int8Array.of(-128, 1)), [-128, 1]],
    ['UINT16', bytesOf(Uint16Array.of(65_535, 1)), [65_535, 1]],
    ['INT16', bytesOf(Int16Array.of(-2, 1)), [-2, 1]],
    ['UINT32', bytesOf(Uint32Array.of(4_294_967_295, 1)), [4_294_967_295, 1]],
    ['INT32', bytesOf(Int32Array.of(-2, 1)), [-2, 1]],
    ['INT64', bytesOf(BigInt64Array.of(-2n, 1n)), [-2, 1]],
    ['UINT64', bytesOf(BigUint64Array.of(2n, 1n)), [2, 1]],
    ['FP16', bytesOf(Uint16Array.of(0x3c00, 0xc100)), [1, -2.5]],
    ['BF16', bytesOf(Uint16Array.of(0x3f80, 0xc020)), [1, -2.5]],
    ['FP32', bytesOf(Float32Array.of(0.5, -2.5)), [0.5, -2.5]],
    ['FP64', bytesOf(Float64Array.of(0.1, -2.5)), [0.1, -2.5]],
    ['BYTES', Buffer.from([2, 0, 0, 0, 0xc3, 0xa9, 1, 0, 0, 0, 97]), ['é', 'a']],
  ]
  for (const [datatype, raw, data] of cases) {
    const json = answer(tensor(datatype, [1, 2], data))
    const differing = answer(tensor(datatype, [1, 2], [...data].reverse()))
    const reads = binary(datatype, [1, 2], raw)
    for (const compare of ['top1', 'maxAbs'] as const) {
      assert.equal(compared(reads, json, compare, 'tensors'), 'agreed', datatype)
      assert.equal(compared(reads, differing, compare, 'tensors'), 'values', datatype)
    }
  }
})

test('other statuses, outputs, shapes and forms are disagreements with their reason', () => {
  const one = tensor('FP32', [1, 2], [0, 1])
  assert.equal(compared(answer(one), answer(one, 404), 'top1', 'tensors'), 'status')
  assert.equal(ofTensors(one, tensor('FP32', [2, 1], [0, 1])), 'shape')
  assert.equal(ofTensors(one, tensor('INT64', [1, 2], [0, 1])), 'shape')
  assert.equal(ofTensors(one, tensor('FP32', [1, 2], [0, 1], 'other')), 'outputs')
  assert.equal(ofTensors(one, { outputs: [...one.outputs, { ...one.outputs[0], name: 'more' }] }), 'outputs')
  for (const broken of ['', '{', '[]', '{"outputs":1}', '{"outputs":[{"name":"out"}]}', 'null'])
    assert.equal(ofTensors(one, broken), 'unreadable', broken)
  assert.equal(ofTensors(one, tensor('FP32', [1, 3], [0, 1])), 'unreadable')
  assert.equal(ofTensors(one, tensor('constructor', [1, 2], [0, 1])), 'unreadable')
  const cut = binary('FP32', [1, 2], new Uint8Array(4))
  assert.equal(compared(answer(one), cut, 'top1', 'tensors'), 'unreadable')
  const nested = (open: string, inner: string, close: string, levels: number): string =>
    open.repeat(levels) + inner + close.repeat(levels)
  const long = `"x",${'1,'.repeat(100_000)}1`
  for (const levels of [40, 1_500, 50_000]) {
    assert.equal(of({ label: 'a' }, nested('[', '', ']', levels)), 'unreadable')
    assert.equal(of({ label: 'a' }, nested('[', long, ']', levels)), 'unreadable')
    assert.equal(of({ label: 'a' }, nested('{"a":', `[${long}]`, '}', levels)), 'unreadable')
  }
  for (const sizes of [
    [-4, 8],
    [4.5, 3.5],
  ]) {
    const outputs = sizes.map((size, at) => ({
      ...{ name: `out${at}`, datatype: 'UINT8', shape: [4] },
      parameters: { binary_data_size: size },
    }))
    const json = Buffer.from(JSON.stringify({ outputs }))
    const body = Buffer.concat([json, new Uint8Array(8)])
    assert.equal(
      compared(answer(one), { status: 200, jsonBytes: json.length, body }, 'top1', 'tensors'),
      'unreadable',
    )
  }
})

test('answers that a comparison is not about are incomparable, and no agreement', () => {
  assert.equal(of({ embedding: [1, 2] }, { embedding: [1, 2] }, 'text'), 'nothing-to-compare')
  assert.equal(
    ofTensors(tensor('FP32', [3], [1, 2, 3]), tensor('FP32', [3], [1, 2, 3])),
    'nothing-to-compare',
  )
  assert.equal(of('{', '{'), 'unreadable-answer')
})
