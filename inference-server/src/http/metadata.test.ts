/** A client that knows nothing but the model's metadata. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

const root = join(import.meta.dirname, '../../..')
const golden = (...path: string[]): string => join(root, 'inference-server/golden', ...path)

/** A tensor as the metadata describes it. */
interface Described {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
}

interface Metadata {
  readonly inputs: readonly Described[]
  readonly gantry: {
    readonly task: string
    readonly inputs: readonly Described[]
    readonly parameters: readonly string[]
    readonly outputs: readonly Described[]
  }
}

/** Something to ask by the name of a task's input, one element for each of two items. */
const words: Readonly<Record<string, readonly string[]>> = {
  text: ['a', 'b'],
  question: ['Who?', 'Where?'],
  context: ['Alice lives in Oslo.', 'Bob lives in Rome.'],
  candidate_labels: ['red', 'blue', 'green'],
  ignore_labels: ['O'],
  targets: ['red'],
}

const folders: readonly (readonly [task: Task, folder: string])[] = [
  ['text-classification', join(root, 'examples/customer-service/model')],
  ['image-classification', golden('models/image-classification')],
  ['token-classification', golden('models/token-classification')],
  ['question-answering', golden('models/question-answering')],
  ['feature-extraction', golden('models/feature-extraction')],
  ['zero-shot-classification', golden('models/zero-shot-classification')],
  ['zero-shot-image-classification', golden('models/zero-shot-image-classification')],
  ['fill-mask', golden('models/fill-mask')],
  ['text-generation', golden('models/text-generation-gpt2')],
  ['translation', golden('models/translation-marian')],
  ['image-to-text', golden('models/image-to-text')],
]

for (const [task, folder] of folders) {
  describe(`the metadata of ${task}`, () => {
    let server: TestServer
    let metadata: Metadata
    let picture: string
    before(async () => {
      server = await folderServer(folder, ['--task', task])
      metadata = (await (await server.get('/v2/models/m')).json()) as Metadata
      picture = await readFile(golden('pictures/red-circle-wide.png'), 'base64')
    })
    after(() => server[Symbol.asyncDispose]())

    test('keeps the tensors of the model apart from what the task takes', () => {
      assert.equal(metadata.gantry.task, task)
      const known = new Set(metadata.gantry.inputs.map(({ name }) => name))
      assert.deepEqual(
        metadata.inputs.filter(({ name }) => known.has(name)),
        [],
      )
    })

    test('is all that a client needs to ask the task, and to read its answer', async () => {
      const masked = task === 'fill-mask' ? { text: ['a [MASK]', 'b [MASK]'] } : {}
      const texts: typeof words = { ...words, ...masked, image: [picture, picture] }
      const inputs = metadata.gantry.inputs.map(({ name, datatype }) => {
        const data = texts[name]
        assert.ok(data, `the test knows no ${name}`)
        return { name, datatype, shape: [data.length], data }
      })
      const response = await server.post('/v2/models/m/infer', { inputs })
      const answer = (await response.json()) as { readonly outputs?: readonly Described[] }
      assert.equal(response.status, 200, JSON.stringify(answer))
      const kind = ({ name, datatype, shape }: Described) => [name, datatype, shape.length]
      assert.deepEqual(answer.outputs?.map(kind), metadata.gantry.outputs.map(kind))
      for (const { name, shape } of answer.outputs ?? []) assert.equal(shape[0], 2, name)
    })
  })
}
