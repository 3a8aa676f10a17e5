/** Graphs that end in softmax or sigmoid: what they answer is not put through such a function once more. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { StartError } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { Ending } from '../onnx/endings.ts'
import type { Members } from '../requests/members.ts'
import type { Signature, TensorSpec } from '../tensors/tensor.ts'
import { loadTask } from './index.ts'

const golden = join(import.meta.dirname, '../../golden/models')

const spec = (
  name: string,
  shape: readonly number[],
  datatype: TensorSpec['datatype'] = 'FP32',
): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})
const tokens = [spec('input_ids', [-1, -1], 'INT64'), spec('attention_mask', [-1, -1], 'INT64')]

interface Case {
  readonly task: Task
  readonly folder: string
  readonly signature: Signature
  readonly members: Members
  /** Shape of an answer of the model. */
  readonly shapes: Readonly<Record<string, (tokens: number) => readonly number[]>>
}

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
)

const cases: readonly Case[] = [
  {
    task: 'text-classification',
    folder: 'text-classification-roberta',
    signature: { inputs: tokens, outputs: [spec('logits', [-1, 2])] },
    members: { text: 'a' },
    shapes: { logits: () => [1, 2] },
  },
  {
    task: 'image-classification',
    folder: 'image-classification',
    signature: { inputs: [spec('pixel_values', [-1, 3, 32, 32])], outputs: [spec('logits', [-1, 2])] },
    members: { image: picture },
    shapes: { logits: () => [1, 2] },
  },
  {
    task: 'token-classification',
    folder: 'token-classification',
    signature: { inputs: tokens, outputs: [spec('logits', [-1, -1, 2])] },
    members: { text: 'a', ignore_labels: [] },
    shapes: { logits: (length) => [1, length, 2] },
  },
  {
    task: 'fill-mask',
    folder: 'fill-mask',
    signature: { inputs: tokens, outputs: [spec('logits', [-1, -1, 2])] },
    members: { text: '[MASK]' },
    shapes: { logits: (length) => [1, length, 2] },
  },
  {
    task: 'zero-shot-image-classification',
    folder: 'zero-shot-image-classification',
    signature: {
      inputs: [...tokens, spec('pixel_values', [-1, 3, 32, 32])],
      outputs: [spec('logits_per_image', [-1, -1])],
    },
    members: { image: picture, candidate_labels: ['a', 'b'] },
    shapes: { logits_per_image: () => [1, 2] },
  },
]

const preprocessorConfig = { size: { height: 32, width: 32 } }

const load = (
  { task, folder, signature }: Pick<Case, 'task' | 'folder' | 'signature'>,
  ending: Ending | undefined,
  config: TaskFiles['config'] = {},
) => {
  const endings = new Map(signature.outputs.flatMap(({ name }) => (ending ? [[name, ending] as const] : [])))
  const files = { dir: join(golden, folder), config, preprocessorConfig, labels: ['x', 'y'] }
  return loadTask(task, { ...files, graph: { endings, operators: new Set() } }, signature)
}

/** The highest number that a task answers where the model answers 0 and 1 in turn. */
const highest = async (
  one: Case,
  ending: Ending | undefined,
  config: TaskFiles['config'] = {},
): Promise<number> => {
  const task = await load(one, ending, config)
  assert.ok(task)
  const { rows, postprocess } = await task.read(one.members, (name) => name)()
  const length = rows[0]?.get('input_ids')?.shape[1] ?? 1
  const outputs = new Map(
    Object.entries(one.shapes).map(([name, shapeFor]) => {
      const shape = shapeFor(length)
      const count = shape.reduce((product, axis) => product * axis, 1)
      const data = Float32Array.from({ length: count }, (_, index) => index % 2)
      return [name, { dtype: 'FP32', shape, data }] as const
    }),
  )
  const text = JSON.stringify((await postprocess([outputs])).answer())
  return Math.max(...[...text.matchAll(/"scores?":\[?([\d.e-]+)/g)].map((found) => Number(found[1])))
}

for (const one of cases)
  test(`${one.task}: what the graph made probabilities of stays as it is, all else does not`, async () => {
    assert.equal(await highest(one, 'softmax'), 1)
    assert.equal(await highest(one, 'sigmoid'), 1)
    assert.ok(Math.abs((await highest(one, undefined)) - 0.7310586) < 1e-6)
  })

describe('function_to_apply of config.json', () => {
  const [texts] = cases as [Case]

  test('is what scores go through', async () => {
    assert.equal(await highest(texts, undefined, { function_to_apply: 'none' }), 1)
    const config = { function_to_apply: 'softmax', problem_type: 'multi_label_classification' }
    assert.ok(Math.abs((await highest(texts, undefined, config)) - 0.7310586) < 1e-6)
  })

  test('is not applied to what the graph ends in', async () => {
    assert.equal(await highest(texts, 'softmax', { function_to_apply: 'softmax' }), 1)
  })

  test('is refused where it is not known', () =>
    assert.rejects(
      load(texts, undefined, { function_to_apply: 'relu' }),
      (error: unknown) =>
        error instanceof StartError &&
        error.message ===
          'function_to_apply of config.json is "relu"; it has to be one of softmax, sigmoid, none',
    ))
})

test('an answer is found in probabilities as in the scores before them', async () => {
  const outputs = [spec('start_logits', [-1, -1]), spec('end_logits', [-1, -1])]
  const answer = async (ending: Ending | undefined, values: (length: number) => readonly number[]) => {
    const one = {
      task: 'question-answering',
      folder: 'question-answering',
      signature: { inputs: tokens, outputs },
    } as const
    const task = await load(one, ending)
    assert.ok(task)
    const { rows, postprocess } = await task.read(
      { question: 'who', context: 'Alice lives here' },
      (name) => name,
    )()
    const length = rows[0]?.get('input_ids')?.shape[1] ?? 0
    const tensor = { dtype: 'FP32', shape: [1, length], data: Float32Array.from(values(length)) } as const
    const found = await postprocess([
      new Map([
        ['start_logits', tensor],
        ['end_logits', tensor],
      ]),
    ])
    return found.answer() as {
      answer: string
      score: number
    }
  }
  const scores = (length: number) => Array.from({ length }, (_, index) => ((index * 7) % 5) / 2)
  const shares = (length: number) => {
    const powers = scores(length).map(Math.exp)
    const sum = powers.reduce((total, power) => total + power, 0)
    return powers.map((power) => power / sum)
  }
  const [right, found] = [await answer(undefined, scores), await answer('softmax', shares)]
  assert.equal(found.answer, right.answer)
  assert.ok(Math.abs(found.score - right.score) < 1e-6)
})

for (const task of ['zero-shot-classification', 'text-generation'] as const)
  test(`${task} refuses a graph that ends in softmax: the scores before it are lost`, () => {
    const folder = task === 'text-generation' ? 'text-generation-gpt2' : task
    const outputs =
      task === 'text-generation'
        ? [
            spec('logits', [-1, -1, 9]),
            spec('present.0.key', [-1, 2, -1, 4]),
            spec('present.0.value', [-1, 2, -1, 4]),
          ]
        : [spec('logits', [-1, 2])]
    const past = ['key', 'value'].map((kind) => spec(`past_key_values.0.${kind}`, [-1, 2, -1, 4]))
    const inputs = task === 'text-generation' ? [...tokens, ...past] : tokens
    const files = {
      dir: join(golden, folder),
      config: {},
      preprocessorConfig: {},
      labels: ['entailment', 'other'],
      graph: { endings: new Map([['logits', 'softmax'] as const]), operators: new Set<string>() },
    }
    return assert.rejects(
      loadTask(task, files, { inputs, outputs }, {} as never),
      (error: unknown) =>
        error instanceof StartError && /output logits of the graph ends in softmax/.test(error.message),
    )
  })
