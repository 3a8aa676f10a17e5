/** Tasks whose items have several members or parameters: through every address, and refused where they are wrong. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

const golden = (...path: string[]): string => join(import.meta.dirname, '../../golden', ...path)

type Json = Readonly<Record<string, unknown>>
const infer = '/v2/models/m/infer'

interface Output {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: readonly unknown[]
}

interface Client {
  readonly server: () => TestServer
  /** The answer to a JSON body that is right. */
  readonly predict: (body: unknown) => Promise<Json>
  /** BYTES inputs -> outputs by name. */
  readonly infer: (
    inputs: Readonly<Record<string, readonly string[]>>,
    parameters?: Json,
  ) => Promise<Readonly<Record<string, Output>>>
}

const okJson = async (response: Response): Promise<Json> => {
  const answer = (await response.json()) as Json
  assert.equal(response.status, 200, JSON.stringify(answer))
  return answer
}

/** Body, and the member that the refusal names. */
type Refusal = readonly [body: Json, field: string | undefined, error: RegExp, status?: number]

const served = (task: Task, tests: (client: Client) => void, refusals: readonly Refusal[]): void => {
  describe(task, () => {
    let server: TestServer
    before(async () => {
      server = await folderServer(golden('models', task), ['--task', task])
    })
    after(() => server[Symbol.asyncDispose]())
    tests({
      server: () => server,
      predict: async (body) => okJson(await server.post('/predict', body)),
      infer: async (inputs, parameters) => {
        const tensors = Object.entries(inputs).map(([name, data]) => ({
          name,
          datatype: 'BYTES',
          shape: [data.length],
          data,
        }))
        const answer = await okJson(
          await server.post(infer, { inputs: tensors, ...(parameters && { parameters }) }),
        )
        return Object.fromEntries((answer['outputs'] as Output[]).map((output) => [output.name, output]))
      },
    })
    for (const [body, field, error, status = 422] of refusals) {
      test(`answers ${status} to ${JSON.stringify(body).slice(0, 80)}`, async () => {
        const response = await server.post('/predict', body)
        const answer = (await response.json()) as Json
        assert.match(String(answer['error']), error)
        assert.deepEqual([response.status, answer['field']], [status, field])
      })
    }
    test('has no /chat and no /analyze', async () => {
      for (const path of ['/chat', '/analyze']) {
        const response = await server.post(path, { text: 'a' })
        assert.equal(response.status, 404)
        assert.match(
          String(((await response.json()) as Json)['error']),
          new RegExp(`task ${task}; use /predict`),
        )
      }
    })
  })
}

const text = 'Alice Novak lives in Oslo.'
const missing: Refusal = [{}, 'text', /text is missing/]

served(
  'token-classification',
  ({ predict, infer: ask }) => {
    test('answers the protocol with the entities as JSON', async () => {
      const { predictions } = await predict({
        instances: [text, 'Nothing happened.'],
        parameters: { aggregation_strategy: 'simple' },
      })
      const { entities } = await ask(
        { text: [text, 'Nothing happened.'] },
        { aggregation_strategy: 'simple' },
      )
      assert.deepEqual(entities?.shape, [2])
      const found = entities?.data.map((list) => ({ entities: JSON.parse(String(list)) }))
      assert.deepEqual(found, predictions)
      const [first] = predictions as { entities: { entity_group: string; start: number; end: number }[] }[]
      const { entity_group: group, start, end } = first?.entities[0] ?? {}
      assert.deepEqual([group, start, end], ['PER', 0, 11])
    })

    test('reads a long text as far as the model does', async () => {
      const { entities } = await predict({ text: `${text} `.repeat(200) })
      const ends = (entities as { end: number }[]).map(({ end }) => end)
      assert.ok(Math.max(...ends) < 64 * 8)
    })
  },
  [
    missing,
    [{ text: 7 }, 'text', /has to be a string, not a number/],
    [
      { text, parameters: { aggregation_strategy: 'best' } },
      'parameters.aggregation_strategy',
      /one of none, simple/,
    ],
    [{ text, parameters: { ignore_labels: 7 } }, 'parameters.ignore_labels', /list of texts, not a number/],
    [{ text, parameters: { ignore_labels: ['O', 7] } }, 'parameters.ignore_labels[1]', /not a number/],
    [
      { text, parameters: { strategy: 'max' } },
      'parameters.strategy',
      /takes aggregation_strategy, stride, ignore_labels/,
    ],
    [{ text, parameters: { stride: 8 } }, 'parameters.stride', /set aggregation_strategy to simple, first/],
    [
      { text, parameters: { stride: -1, aggregation_strategy: 'max' } },
      'parameters.stride',
      /a whole number from 0/,
    ],
    [
      { text: text.repeat(20), parameters: { stride: 63, aggregation_strategy: 'max' } },
      'parameters.stride',
      /a window holds only \d+ tokens of text; make it smaller/,
    ],
    [
      { text: text.repeat(3000), parameters: { stride: 60, aggregation_strategy: 'max' } },
      'text',
      /windows/,
      413,
    ],
    [{ instances: [text, { question: 'a' }] }, 'instances[1].text', /is missing/],
  ],
)

const question = 'Where does Greta live?'
const context = 'Alice Novak lives in Lower Saxony. Greta lives in Oslo.'

served(
  'question-answering',
  ({ predict, infer: ask, server }) => {
    test('answers a list of questions, each with its context', async () => {
      const single = await predict({ question, context })
      const { predictions } = await predict({
        instances: [
          { question, context },
          { question, context: text },
        ],
      })
      assert.deepEqual((predictions as Json[])[0], single)
    })

    test('answers the protocol with the best answer and all of them', async () => {
      const { answers } = await predict({ question, context, parameters: { top_k: 3 } })
      const [first] = answers as { answer: string; start: number; end: number }[]
      const outputs = await ask({ question: [question, question], context: [context, context] }, { top_k: 3 })
      assert.deepEqual(outputs['answer']?.data, [first?.answer, first?.answer])
      assert.deepEqual(outputs['start']?.data, [first?.start, first?.start])
      assert.deepEqual(JSON.parse(String(outputs['answers']?.data[1])), answers)
      assert.equal(context.slice(first?.start, first?.end), first?.answer)
    })

    test('finds the same in a window of a long context as in a short one', async () => {
      const long = `${'Nothing else happened here. '.repeat(60)}${context}`
      const { answer, start, end } = await predict({ question, context: long })
      assert.equal(long.slice(Number(start), Number(end)), answer)
    })

    test('names the element of the protocol that is wrong', async () => {
      const tensor = (name: string, ...data: string[]) => ({
        name,
        datatype: 'BYTES',
        shape: [data.length],
        data,
      })
      for (const [inputs, field] of [
        [[tensor('question', 'a', 'b'), tensor('context', 'c', ' ')], 'context[1]'],
        [[tensor('question', 'a', 'b'), tensor('context', 'c')], 'context'],
        [[tensor('question', 'a')], 'context'],
        [[tensor('context', 'a')], 'question'],
      ] as const) {
        const response = await server().post(infer, { inputs })
        assert.deepEqual([response.status, ((await response.json()) as Json)['field']], [422, field])
      }
    })
  },
  [
    [{ context }, 'question', /question is missing/],
    [{ question }, 'context', /context is missing/],
    [{ question: ' ', context }, 'question', /question is empty/],
    [{ question: 'why '.repeat(200), context }, 'question', /no room for the context/],
    [{ question, context, parameters: { top_k: 0 } }, 'parameters.top_k', /whole number from 1 to 100/],
    [{ question, context, parameters: { top_k: 1.5 } }, 'parameters.top_k', /whole number/],
    [
      { question, context, parameters: { max_answer_len: -1 } },
      'parameters.max_answer_len',
      /whole number from 1/,
    ],
    [{ question, context, parameters: { max_seq_len: 4096 } }, 'parameters.max_seq_len', /from 1 to 128/],
    [
      { question, context, parameters: { align_to_words: 'maybe' } },
      'parameters.align_to_words',
      /true or false/,
    ],
    [
      { question, context: context.repeat(9), parameters: { max_seq_len: 20, doc_stride: 20 } },
      'parameters.doc_stride',
      /make it smaller/,
    ],
    [
      { question, context: 'Greta lives. '.repeat(5000), parameters: { max_seq_len: 24, doc_stride: 10 } },
      'context',
      /windows/,
      413,
    ],
  ],
)

served(
  'feature-extraction',
  ({ predict, infer: ask }) => {
    test('gives vectors of length 1 as a tensor', async () => {
      const { embedding } = await predict({ text })
      const vector = embedding as number[]
      assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6)
      const outputs = await ask({ text: [text, `${text} And much more besides.`] })
      assert.deepEqual(outputs['embedding']?.shape, [2, vector.length])
      for (const [index, value] of vector.entries())
        assert.ok(Math.abs(Number(outputs['embedding']?.data[index]) - value) < 1e-5)
    })

    test('gives the states of texts of one length as a tensor, of others one by one only', async () => {
      const { embedding } = await ask({ text: [text, text] }, { pooling: 'none' })
      assert.deepEqual([embedding?.shape.length, embedding?.shape[0]], [3, 2])
      await assert.rejects(ask({ text: [text, 'x'] }, { pooling: 'none' }), /send them one by one/)
    })
  },
  [
    missing,
    [
      { text, parameters: { pooling: 'median' } },
      'parameters.pooling',
      /one of cls, max, mean, mean_sqrt_len, weightedmean, lasttoken, none/,
    ],
    [{ text, parameters: { normalize: 1 } }, 'parameters.normalize', /true or false/],
  ],
)

served(
  'fill-mask',
  ({ predict, infer: ask }) => {
    test('answers the protocol with the fillings as JSON', async () => {
      const masked = 'Alice Novak lives in [MASK].'
      const { fillings } = await predict({ text: masked, parameters: { top_k: 2 } })
      assert.equal((fillings as unknown[]).length, 2)
      const outputs = await ask({ text: [masked] }, { top_k: 2 })
      assert.deepEqual(JSON.parse(String(outputs['fillings']?.data[0])), fillings)
    })

    test('takes targets from JSON, a list for the protocol, or with commas', async () => {
      const masked = 'Alice Novak [MASK] in Oslo.'
      const words = async (targets: unknown) =>
        ((await predict({ text: masked, targets }))['fillings'] as { token_str: string }[]).map(
          ({ token_str }) => token_str,
        )
      const found = await words(['lives', 'works'])
      assert.deepEqual([...found].sort(), ['lives', 'works'])
      assert.deepEqual(await words('lives, works'), found)
      const outputs = await ask({ text: [masked], targets: ['lives', 'works'] })
      assert.equal(JSON.parse(String(outputs['fillings']?.data[0])).length, 2)
    })
  },
  [
    missing,
    [{ text }, 'text', /has no \[MASK\]/],
    [{ text: `${'a '.repeat(200)}[MASK]` }, 'text', /no \[MASK\] among its first 64 tokens/],
    [{ text: '[MASK]', parameters: { targets: [] } }, 'parameters.targets', /1 to 1000 texts, not of 0/],
    [{ text: '[MASK]', parameters: { top_k: 'many' } }, 'parameters.top_k', /whole number/],
  ],
)

const labels = ['sport', 'food']

served(
  'zero-shot-classification',
  ({ predict, infer: ask }) => {
    const match = 'The team won the match today.'
    test('shares labels between instances, and each may have its own', async () => {
      const single = await predict({ text: match, candidate_labels: labels })
      const shared = await predict({ instances: [match, match], candidate_labels: labels })
      assert.deepEqual(shared['predictions'], [single, single])
      const own = await predict({ instances: [{ text: match, candidate_labels: labels }] })
      assert.deepEqual(own['predictions'], [single])
      const there = await predict({ text: match, parameters: { candidate_labels: 'sport,food' } })
      assert.deepEqual(there, single)
    })

    test('answers the protocol with labels and scores, the highest first', async () => {
      const single = (await predict({ text: match, candidate_labels: labels })) as { scores: number[] }
      const outputs = await ask({ text: [match, match], candidate_labels: labels })
      assert.deepEqual(outputs['labels']?.shape, [2, 2])
      assert.deepEqual(outputs['labels']?.data, ['sport', 'food', 'sport', 'food'])
      assert.ok(Math.abs(Number(outputs['scores']?.data[2]) - Number(single.scores[0])) < 1e-5)
      const independent = await ask(
        { text: [match], candidate_labels: labels },
        { multi_label: true, priority: 1 },
      )
      assert.ok(Number(independent['scores']?.data[0]) > 0.5)
    })

    test('a text longer than the model is cut, the label is not', async () => {
      const { scores } = (await predict({ text: match.repeat(100), candidate_labels: labels })) as {
        scores: number[]
      }
      assert.equal(scores.length, 2)
    })
  },
  [
    [{ candidate_labels: labels }, 'text', /text is missing/],
    [{ text }, 'candidate_labels', /candidate_labels is missing; send a list/],
    [{ text, candidate_labels: [] }, 'candidate_labels', /1 to 256 texts, not of 0/],
    [{ text, candidate_labels: ['a', ' '] }, 'candidate_labels[1]', /is empty/],
    [{ text, candidate_labels: { a: 1 } }, 'candidate_labels', /not an object/],
    [{ text, candidate_labels: ['why '.repeat(100)] }, 'candidate_labels', /send shorter labels/],
    [
      { text, candidate_labels: labels, parameters: { hypothesis_template: 'About it.' } },
      'parameters.hypothesis_template',
      /hold \{\} once/,
    ],
    [
      { text, candidate_labels: labels, parameters: { multi_label: 'x' } },
      'parameters.multi_label',
      /true or false/,
    ],
    [
      {
        instances: new Array(256).fill(text),
        candidate_labels: Array.from({ length: 20 }, (_, index) => `l${index}`),
      },
      undefined,
      /more than 4096 rows/,
      413,
    ],
  ],
)

const colours = ['red circle', 'blue square', 'green cross']

served(
  'zero-shot-image-classification',
  ({ predict, infer: ask, server }) => {
    const bytes = () => readFile(golden('pictures/red-circle-wide.png'))

    test('answers a form as it answers JSON', async () => {
      const image = (await bytes()).toString('base64')
      const wanted = await predict({ image, candidate_labels: colours })
      assert.equal((wanted['labels'] as string[])[0], 'red circle')
      const form = new FormData()
      form.append('candidate_labels', colours.join(', '))
      form.append('file', new Blob([await bytes()], { type: 'image/png' }), 'x.png')
      const response = await fetch(`${server().url}/predict`, { method: 'POST', body: form })
      assert.deepEqual(await okJson(response), wanted)
      const { predictions } = await predict({ instances: [image, image], candidate_labels: colours })
      assert.deepEqual(predictions, [wanted, wanted])
    })

    test('answers the protocol, one picture or several', async () => {
      const image = (await bytes()).toString('base64')
      const outputs = await ask({ image: [image, image], candidate_labels: colours })
      assert.deepEqual(outputs['scores']?.shape, [2, 3])
      assert.equal(outputs['labels']?.data[3], 'red circle')
    })

    test('refuses a form with a field that it does not know', async () => {
      const form = new FormData()
      form.append('labels', 'red')
      form.append('file', new Blob([await bytes()]), 'x.png')
      const response = await fetch(`${server().url}/predict`, { method: 'POST', body: form })
      assert.deepEqual(
        [response.status, ((await response.json()) as Json)['field']],
        [422, 'parameters.labels'],
      )
    })
  },
  [
    [{ candidate_labels: colours }, 'image', /image is missing/],
    [{ image: 'aGVsbG8=' }, 'candidate_labels', /is missing/],
    [{ image: '???', candidate_labels: colours }, 'image', /base64/],
    [{ image: 'aGVsbG8=', candidate_labels: colours }, 'image', /not a picture/, 415],
  ],
)
