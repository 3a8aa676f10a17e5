import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Failure, StartError } from '../errors.ts'
import { analysis } from './analyze.ts'
import { chatReply, fallbackReply, readChatScript } from './chat.ts'
import { predictAnswer, readInstances } from './instances.ts'
import type { Classification } from './task.ts'
import { textInput } from './texts.ts'

const now = new Date('2026-11-23T10:15:00Z')
const result: Classification = {
  label: '退换货',
  score: 0.75,
  probabilities: Float32Array.of(0.25, 0.75),
  labels: ['订单状态', '退换货'],
}

describe('/chat', () => {
  const responses = { 退换货: '好的', default: '请稍等' }

  test('answers with the template of the category', () => {
    assert.deepEqual(chatReply(result, { responses, threshold: 0.5 }, now), {
      response: '好的',
      category: '退换货',
      confidence: 0.75,
      timestamp: '2026-11-23T10:15:00.000Z',
    })
  })

  test('answers with the default below the threshold, and for a category without a template', () => {
    assert.equal(chatReply(result, { responses, threshold: 0.8 }, now).response, '请稍等')
    assert.equal(
      chatReply({ ...result, label: 'toString' }, { responses, threshold: 0 }, now).response,
      '请稍等',
    )
    assert.equal(chatReply(result, { responses: {}, threshold: 0 }, now).response, fallbackReply)
  })

  test('takes its templates from the settings, else from responses.json', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'chat-'))
    assert.deepEqual(await readChatScript({ dir, config: {} }), { responses: {}, threshold: 0 })
    await writeFile(join(dir, 'responses.json'), '{"a": "b"}')
    const config = { gantry: { responseThreshold: 0.4 } }
    assert.deepEqual(await readChatScript({ dir, config }), { responses: { a: 'b' }, threshold: 0.4 })
    assert.deepEqual((await readChatScript({ dir, config, responses })).responses, responses)
    await writeFile(join(dir, 'responses.json'), '["b"]')
    await assert.rejects(readChatScript({ dir, config }), StartError)
    const wrong = { gantry: { responseThreshold: 7 } }
    await assert.rejects(readChatScript({ dir, config: wrong, responses }), StartError)
    await rm(dir, { recursive: true })
  })
})

test('/analyze answers all probabilities by label, and the disclaimer of the model', () => {
  const answer = {
    prediction: '退换货',
    confidence: 0.75,
    probabilities: { 订单状态: 0.25, 退换货: 0.75 },
    timestamp: '2026-11-23T10:15:00.000Z',
  }
  assert.deepEqual(analysis(result, {}, now), answer)
  const config = { gantry: { disclaimer: 'not for diagnosis' } }
  assert.deepEqual(analysis(result, config, now), { ...answer, disclaimer: 'not for diagnosis' })
})

describe('/predict reads', () => {
  const text = (value: string) => ({ kind: 'text', text: value })
  const image = { kind: 'image', bytes: Buffer.from('hello') }

  test('one text, and answers one result', () => {
    const instances = readInstances({ text: 'hi' }, 'text')
    assert.deepEqual(instances, { inputs: [text('hi')], single: true })
    assert.equal(predictAnswer(['r'], instances), 'r')
  })

  test('a list of texts or objects, and answers a list', () => {
    const instances = readInstances({ instances: ['hi', { text: 'ho' }] }, 'text')
    assert.deepEqual(instances, { inputs: [text('hi'), text('ho')], single: false })
    assert.deepEqual(predictAnswer(['r', 's'], instances), { predictions: ['r', 's'] })
  })

  test('pictures in base64', () => {
    assert.deepEqual(readInstances({ image: 'aGVsbG8=' }, 'image').inputs, [image])
    assert.deepEqual(readInstances({ instances: ['aGVsbG8=', { image: 'aGVsbG8' }] }, 'image').inputs, [
      image,
      image,
    ])
  })

  const wrong: readonly [unknown, 'text' | 'image', Failure['kind'], string | undefined][] = [
    ['hi', 'text', 'malformed', undefined],
    [null, 'text', 'malformed', undefined],
    [['hi'], 'text', 'malformed', undefined],
    [{}, 'text', 'invalid', 'text'],
    [{ text: 7 }, 'text', 'invalid', 'text'],
    [{ text: ['hi'] }, 'text', 'invalid', 'text'],
    [{ text: ' \n' }, 'text', 'invalid', 'text'],
    [{ text: '好'.repeat(33_334) }, 'text', 'too-large', 'text'],
    [{ instances: 'hi' }, 'text', 'invalid', 'instances'],
    [{ instances: [] }, 'text', 'invalid', 'instances'],
    [{ instances: new Array(257).fill('hi') }, 'text', 'too-large', 'instances'],
    [{ instances: ['hi', {}] }, 'text', 'invalid', 'instances[1].text'],
    [{ instances: ['hi', 7] }, 'text', 'invalid', 'instances[1]'],
    [{ image: 'no base64!' }, 'image', 'invalid', 'image'],
    [{ text: 'hi' }, 'image', 'invalid', 'image'],
  ]
  for (const [body, accepts, kind, field] of wrong)
    test(`not ${JSON.stringify(body)?.slice(0, 40)} for ${accepts}s: ${kind}`, () => {
      assert.throws(
        () => readInstances(body, accepts),
        (error: unknown) => error instanceof Failure && error.kind === kind && error.field === field,
      )
    })
})

test('the longest text that is read has 100000 bytes', () => {
  assert.equal(textInput('a'.repeat(100_000), 'text').text.length, 100_000)
})
