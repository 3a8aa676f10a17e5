/** Small requests whose items, options and lists multiply: each product has a limit, and the refusal names what made it. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { folderServer } from '../testing/server.ts'

const golden = (...path: string[]): string => join(import.meta.dirname, '../../golden', ...path)

interface Refused {
  readonly status: number
  readonly field: string | undefined
  readonly error: string
}

const serving = async <Result>(
  task: Task,
  work: (ask: (body: unknown, path?: string) => Promise<Refused>) => Promise<Result>,
  args: readonly string[] = [],
): Promise<Result> => {
  await using server = await folderServer(golden('models', task), ['--task', task, ...args])
  return await work(async (body, path = '/predict') => {
    const response = await server.post(path, body)
    const { error = '', field } = (await response.json()) as Partial<Refused>
    return { status: response.status, field, error }
  })
}
const answerMib = ['--max-answer-mib', '1']

describe('what multiplies is refused with the name of what made it', () => {
  test('masks of a text x top_k', () =>
    serving(
      'fill-mask',
      async (ask) => {
        const text = '[MASK] '.repeat(40)
        const many = await ask({ instances: new Array(10).fill(text), parameters: { top_k: 1000 } })
        assert.deepEqual([many.status, many.field], [413, 'parameters.top_k'], many.error)
        assert.match(many.error, /1 MiB/)
        assert.equal((await ask({ text, parameters: { top_k: 5 } })).status, 200)
      },
      answerMib,
    ))

  test('vectors for each token x texts, before the model computes them', () =>
    serving(
      'feature-extraction',
      async (ask) => {
        const instances = new Array(200).fill('red '.repeat(60))
        const many = await ask({ instances, parameters: { pooling: 'none' } })
        assert.deepEqual([many.status, many.field], [413, 'parameters.pooling'], many.error)
        assert.equal((await ask({ instances })).status, 200)
        assert.equal((await ask({ text: 'red', parameters: { pooling: 'none' } })).status, 200)
      },
      answerMib,
    ))

  test('candidate labels x template', () =>
    serving('zero-shot-classification', async (ask) => {
      const candidate_labels = Array.from({ length: 200 }, (_, index) => `label ${index}`)
      const hypothesis_template = `${' '.repeat(50_000)}{}`
      const many = await ask({ text: 'a', candidate_labels, parameters: { hypothesis_template } })
      assert.deepEqual([many.status, many.field], [413, 'candidate_labels'], many.error)
      assert.match(many.error, /at most 100000/)
    }))

  test('candidate labels x pictures', () =>
    serving('zero-shot-image-classification', async (ask) => {
      const image = (await readFile(golden('pictures/green-triangle-small.png'))).toString('base64')
      const candidate_labels = Array.from({ length: 256 }, (_, index) => `label ${index}`)
      const many = await ask({ instances: new Array(40).fill(image), candidate_labels })
      assert.equal(many.status, 413, many.error)
      assert.match(many.error, /more than 4096 rows/)
      assert.equal((await ask({ instances: [image, image], candidate_labels })).status, 200)
    }))

  test('lists and parameters x items that share them, through both addresses', () =>
    serving('token-classification', async (ask) => {
      const ignore_labels = Array.from({ length: 500 }, (_, index) => `${index} ${'x'.repeat(1000)}`)
      const items = 250
      const plain = await ask({ instances: new Array(items).fill('Anna'), ignore_labels })
      assert.deepEqual([plain.status, plain.field], [413, 'ignore_labels'], plain.error)
      assert.match(plain.error, /250 items share .* 67108864 at most/)
      const tensor = (name: string, data: readonly string[]) => ({
        name,
        datatype: 'BYTES',
        shape: [data.length],
        data,
      })
      const inputs = [tensor('text', new Array(items).fill('Anna')), tensor('ignore_labels', ignore_labels)]
      const protocol = await ask({ inputs }, '/v2/models/m/infer')
      assert.deepEqual([protocol.status, protocol.field], [413, 'ignore_labels'], protocol.error)
      assert.equal((await ask({ instances: ['Anna', 'Bob'], ignore_labels })).status, 200)
    }))
})

test('n x prompts of a completion', async () => {
  await using server = await folderServer(golden('models/text-generation-gpt2'), [
    '--task',
    'text-generation',
  ])
  const body = { prompt: new Array(20).fill('a'), n: 16, max_tokens: 1 }
  const response = await server.post('/v1/completions', body)
  const { error } = (await response.json()) as { error: { message: string; param: string } }
  assert.deepEqual([response.status, error.param], [422, 'n'])
  assert.match(error.message, /320 texts in all; ask for at most 256/)
})
