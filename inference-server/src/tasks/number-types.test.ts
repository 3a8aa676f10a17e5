/** Graphs whose inputs and outputs have other types than exporters usually give them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { StartError } from '../failures/errors.ts'
import type { Members } from '../requests/members.ts'
import { toHalf } from '../tensors/half.ts'
import type { Datatype, NumericDatatype, Signature, Tensor, TensorSpec } from '../tensors/tensor.ts'
import { allocate, type NamedTensors, noTensors } from '../tensors/tensor.ts'
import { loadTask } from './index.ts'

const spec = (name: string, shape: readonly number[], datatype: Datatype): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})

const load = (task: Task, folder: string, signature: Signature) =>
  loadTask(
    task,
    {
      dir: join(import.meta.dirname, '../../golden/models', folder),
      config: {},
      preprocessorConfig: { size: { height: 1, width: 2 }, image_mean: 0, image_std: 1 },
      labels: ['entailment', 'other'],
    },
    signature,
  )

const answerOf = async (
  task: Task,
  folder: string,
  signature: Signature,
  members: Members,
): Promise<{ readonly answer: unknown; readonly row: NamedTensors }> => {
  const loaded = await load(task, folder, signature)
  assert.ok(loaded)
  const { rows, postprocess } = await loaded.read(members, (name) => name)()
  const [row = noTensors] = rows
  const outputs = rows.map((own) => {
    const length = own.get('input_ids')?.shape[1] ?? 1
    return new Map(
      signature.outputs.map(({ name, datatype, shape }): [string, Tensor] => {
        const sized = shape.map((axis, place) => (axis >= 0 ? axis : place === 0 ? 1 : length))
        const data = allocate(
          datatype as NumericDatatype,
          sized.reduce((product, axis) => product * axis, 1),
        )
        for (let index = 0; index < data.length; index++) {
          const value = ((index * 7) % 5) - 1.5
          data[index] = datatype === 'FP16' ? toHalf(value) : value
        }
        return [name, { dtype: datatype, shape: sized, data }]
      }),
    )
  })
  return { answer: (await postprocess(outputs)).answer(), row }
}

const tokens = (ids: Datatype, mask: Datatype): TensorSpec[] => [
  spec('input_ids', [-1, -1], ids),
  spec('attention_mask', [-1, -1], mask),
  spec('token_type_ids', [-1, -1], mask),
]
const pixels = (datatype: Datatype) => spec('pixel_values', [-1, 3, 1, 2], datatype)
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
)

type Shapes = Readonly<Record<string, readonly number[]>>
const tasks: readonly (readonly [Task, string, Shapes, Members])[] = [
  ['text-classification', 'text-classification-roberta', { logits: [-1, 2] }, { text: 'a' }],
  ['token-classification', 'token-classification', { logits: [-1, -1, 2] }, { text: 'a' }],
  ['feature-extraction', 'feature-extraction', { last_hidden_state: [-1, -1, 2] }, { text: 'a' }],
  ['feature-extraction', 'feature-extraction', { sentence_embedding: [-1, 2] }, { text: 'a' }],
  ['fill-mask', 'fill-mask', { logits: [-1, -1, 5] }, { text: '[MASK]' }],
  [
    'question-answering',
    'question-answering',
    { start_logits: [-1, -1], end_logits: [-1, -1] },
    { question: 'who', context: 'Alice' },
  ],
  [
    'zero-shot-classification',
    'zero-shot-classification',
    { logits: [-1, 2] },
    { text: 'a', candidate_labels: ['b', 'c'] },
  ],
  ['image-classification', 'image-classification', { logits: [-1, 2] }, { image: picture }],
  [
    'zero-shot-image-classification',
    'zero-shot-image-classification',
    { logits_per_image: [-1, 2] },
    { image: picture, candidate_labels: ['b', 'c'] },
  ],
]

for (const [task, folder, shapes, members] of tasks)
  test(`${task} widens ${Object.keys(shapes)} of FP16 and FP64 to the same answer`, async () => {
    const answerFor = async (datatype: Datatype) => {
      const inputs = [
        ...(task.endsWith('image-classification') ? [pixels('FP32')] : []),
        ...(task === 'image-classification' ? [] : tokens('INT64', 'INT64')),
      ]
      const outputs = Object.entries(shapes).map(([name, shape]) => spec(name, shape, datatype))
      return (await answerOf(task, folder, { inputs, outputs }, members)).answer
    }
    const right = await answerFor('FP32')
    assert.deepEqual(await answerFor('FP16'), right)
    assert.deepEqual(await answerFor('FP64'), right)
  })

describe('inputs', () => {
  const outputs = [spec('logits', [-1, 2], 'FP32')]

  test('ids of INT32 and masks of every type of numbers', async () => {
    const row = async (ids: Datatype, mask: Datatype) =>
      (
        await answerOf(
          'text-classification',
          'zero-shot-classification',
          { inputs: tokens(ids, mask), outputs },
          { text: 'a' },
        )
      ).row
    const right = await row('INT64', 'INT64')
    for (const mask of [
      'BOOL',
      'UINT8',
      'INT8',
      'INT16',
      'INT32',
      'UINT32',
      'UINT64',
      'FP32',
      'FP64',
    ] as const) {
      const tensors = await row('INT32', mask)
      for (const name of ['input_ids', 'attention_mask', 'token_type_ids'])
        assert.deepEqual(
          Array.from(tensors.get(name)?.data as ArrayLike<number>, Number),
          Array.from(right.get(name)?.data as ArrayLike<bigint>, Number),
          mask,
        )
      assert.equal(tensors.get('attention_mask')?.dtype, mask)
    }
    const half = await row('INT32', 'FP16')
    assert.deepEqual(
      Array.from(half.get('attention_mask')?.data as Uint16Array),
      Array.from(right.get('attention_mask')?.data as BigInt64Array, (value) => (value === 1n ? 0x3c00 : 0)),
    )
  })

  test('pictures of FP16, which are narrowed', async () => {
    for (const task of ['image-classification', 'zero-shot-image-classification'] as const) {
      const isPair = task.startsWith('zero')
      const inputs = (datatype: Datatype) => [pixels(datatype), ...(isPair ? tokens('INT64', 'FP16') : [])]
      const members = { image: picture, ...(isPair && { candidate_labels: ['b'] }) }
      const scores = isPair ? [spec('logits_per_image', [-1, 1], 'FP32')] : outputs
      const of = async (datatype: Datatype) =>
        (await answerOf(task, task, { inputs: inputs(datatype), outputs: scores }, members)).row.get(
          'pixel_values',
        )
      const [single, half] = [await of('FP32'), await of('FP16')]
      assert.equal(half?.dtype, 'FP16')
      assert.deepEqual(half?.data, Uint16Array.from(single?.data as Float32Array, toHalf))
    }
  })

  test('ids that are no whole numbers, and texts as masks, are refused by name', async () => {
    for (const [inputs, message] of [
      [tokens('FP32', 'INT64'), /input_ids FP32/],
      [tokens('INT64', 'BYTES'), /attention_mask BYTES/],
    ] as const)
      await assert.rejects(
        load('text-classification', 'zero-shot-classification', { inputs, outputs }),
        (error: unknown) => error instanceof StartError && message.test(error.message),
      )
  })
})
