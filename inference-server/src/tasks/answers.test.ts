import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Failure, StartError } from '../failures/errors.ts'
import { analysis } from './analyze.ts'
import { chatReply, fallbackReply, readChatScript } from './chat.ts'
import { type InstanceReader, predictAnswer, readInstances } from './instances.ts'
import type { Classification } from './task.ts'
import { readImage, readText } from './text/texts.ts'

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
    probabilities: new Map([
      ['订单状态', 0.25],
      ['退换货', 0.75],
    ]),
    timestamp: '2026-11-23T10:15:00.000Z',
  }
  assert.deepEqual(analysis(result, {}, now), answer)
  const config = { gantry: { disclaimer: 'not for diagnosis' } }
  assert.deepEqual(analysis(result, config, now), { ...answer, disclaimer: 'not for diagnosis' })
})

describe('/predict reads', () => {
  /** A task whose items are what it read. */
  const reader = (accepts: 'text' | 'image'): InstanceReader => ({
    fields: [accepts],
    lists: ['labels'],
    parameters: ['top_k'],
    read: (members, pathOf) => {
      const value = (accepts === 'text' ? readText : readImage)(members[accepts], pathOf(accepts))
      return () => ({ ...members, [accepts]: value }) as never
    },
  })
  const read = (body: unknown, accepts: 'text' | 'image' = 'text') => {
    const { items, single } = readInstances(body, reader(accepts))
    return { items: items.map((item) => item()), single }
  }
  const image = { image: Buffer.from('hello') }

  test('one text, and answers one result', () => {
    assert.deepEqual(read({ text: 'hi' }), { items: [{ text: 'hi' }], single: true })
    assert.equal(predictAnswer('["r"]', { single: true }), '"r"')
  })

  test('a list of texts or objects, and answers a list', () => {
    const items = [{ text: 'hi' }, { text: 'ho' }]
    assert.deepEqual(read({ instances: ['hi', { text: 'ho' }] }), { items, single: false })
    assert.equal(predictAnswer('["r","s"]', { single: false }), '{"predictions":["r","s"]}')
  })

  test('pictures in base64', () => {
    assert.deepEqual(read({ image: 'aGVsbG8=' }, 'image').items, [image])
    const { items } = read({ instances: ['aGVsbG8=', { image: 'aGVsbG8' }] }, 'image')
    assert.deepEqual(items, [image, image])
  })

  test('parameters and lists beside the items, for all of them, and lists of an item for itself', () => {
    const { items } = read({
      instances: ['hi', { text: 'ho', labels: ['b'] }],
      labels: ['a'],
      parameters: { top_k: 2 },
    })
    assert.deepEqual(items, [
      { text: 'hi', labels: ['a'], top_k: 2 },
      { text: 'ho', labels: ['b'], top_k: 2 },
    ])
    assert.deepEqual(read({ text: 'hi', parameters: { labels: ['a'] } }).items, [
      { text: 'hi', labels: ['a'] },
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
    [{ instances: ['hi'], text: 'ho' }, 'text', 'invalid', 'text'],
    [{ instances: new Array(257).fill('hi') }, 'text', 'too-large', 'instances'],
    [{ instances: ['hi', {}] }, 'text', 'invalid', 'instances[1].text'],
    [{ instances: ['hi', 7] }, 'text', 'invalid', 'instances[1]'],
    [{ text: 'hi', other: 1 }, 'text', 'invalid', 'other'],
    [{ text: 'hi', top_k: 2 }, 'text', 'invalid', 'top_k'],
    [{ instances: ['hi'], top_k: 2 }, 'text', 'invalid', 'top_k'],
    [{ instances: [{ text: 'ho', parameters: {} }] }, 'text', 'invalid', 'instances[0].parameters'],
    [{ instances: ['hi', { text: 'ho', top_k: 2 }] }, 'text', 'invalid', 'instances[1].top_k'],
    [{ image: 'no base64!' }, 'image', 'invalid', 'image'],
    [{ text: 'hi' }, 'image', 'invalid', 'image'],
    [{ text: 'hi', parameters: 7 }, 'text', 'invalid', 'parameters'],
    [{ text: 'hi', parameters: ['top_k'] }, 'text', 'invalid', 'parameters'],
    [{ text: 'hi', parameters: { topk: 2 } }, 'text', 'invalid', 'parameters.topk'],
  ]
  for (const [body, accepts, kind, field] of wrong)
    test(`not ${JSON.stringify(body)?.slice(0, 40)} for ${accepts}s: ${kind}`, () => {
      assert.throws(
        () => read(body, accepts),
        (error: unknown) => error instanceof Failure && error.kind === kind && error.field === field,
      )
    })
})

test('/predict says where a parameter goes', () => {
  const task: InstanceReader = {
    fields: ['text'],
    lists: [],
    parameters: ['top_k'],
    read: () => () => ({}) as never,
  }
  assert.throws(() => readInstances({ text: 'hi', top_k: 2 }, task), {
    message:
      'top_k stands where it is not read; send it as "parameters": {"top_k": …} beside text or instances',
  })
  assert.throws(() => readInstances({ text: 'hi', timeout: 2 }, task), {
    message:
      "timeout is not known to this model's task, which reads text, instances, parameters here; leave it out",
  })
})

test('the longest text that is read has 100000 bytes', () => {
  assert.equal(readText('a'.repeat(100_000), 'text').length, 100_000)
})
