/** Folders and graphs that do not fit their task: said when the server starts, in a sentence. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { StartError } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { Datatype, Signature, TensorSpec } from '../tensors/tensor.ts'
import { named } from '../testing/tensors.ts'
import { loadTask } from './index.ts'

const spec = (name: string, shape: readonly number[], datatype: Datatype = 'FP32'): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})
const tokens = [spec('input_ids', [-1, -1], 'INT64'), spec('attention_mask', [-1, -1], 'INT64')]
const graph = (...outputs: TensorSpec[]): Signature => ({ inputs: tokens, outputs })

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'refused-folders-'))
  await cp(
    join(import.meta.dirname, '../../golden/models/fill-mask/tokenizer.json'),
    join(dir, 'tokenizer.json'),
  )
})
after(() => rm(dir, { recursive: true }))

const load = (task: Task, signature: Signature, change: Partial<TaskFiles> = {}) =>
  loadTask(task, { dir, config: {}, preprocessorConfig: {}, ...change }, signature)

const refused = async (promise: Promise<unknown>, message: RegExp): Promise<void> => {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof StartError, String(error))
    assert.match(error.message, message)
    return true
  })
}

const pixels = spec('pixel_values', [-1, 3, 32, 32])
const graphs: readonly (readonly [Task, Signature, RegExp, Partial<TaskFiles>?])[] = [
  [
    'token-classification',
    graph(spec('logits', [-1, 7])),
    /no output FP32 \[rows, tokens, labels\], only logits/,
  ],
  [
    'token-classification',
    graph(spec('logits', [-1, -1, 1])),
    /2 labels are given, but output logits has 1/,
    { labels: ['O', 'X'] },
  ],
  [
    'token-classification',
    graph(spec('logits', [-1, -1, 7])),
    /2 labels are given, but output logits has 7/,
    { labels: ['O', 'X'] },
  ],
  ['question-answering', graph(spec('logits', [-1, -1, 2])), /no output FP32 \[rows, tokens\]/],
  ['feature-extraction', graph(spec('logits', [-1, 2])), /no output FP32 \[rows, tokens, width\]/],
  ['fill-mask', graph(spec('scores', [-1, 2])), /no output FP32 \[rows, tokens, vocabulary\]/],
  ['zero-shot-classification', graph(spec('logits', [-1, 3])), /no class of the model is called entailment/],
  [
    'zero-shot-classification',
    graph(spec('logits', [-1, 3])),
    /called entailment \(no, yes\); name it in id2label/,
    { labels: ['no', 'yes'] },
  ],
  [
    'zero-shot-image-classification',
    graph(spec('logits_per_image', [-1, -1])),
    /needs a model with one input FP32/,
  ],
  [
    'zero-shot-image-classification',
    { inputs: [...tokens, pixels], outputs: [spec('image_embeds', [-1, 16])] },
    /no output logits_per_image/,
  ],
]
for (const [task, signature, message, change] of graphs)
  test(`${task}: ${message.source}`, () => refused(load(task, signature, change), message))

describe('feature-extraction', () => {
  const states = graph(spec('last_hidden_state', [-1, -1, 2]))
  const vectorOf = async (): Promise<readonly number[]> => {
    const task = await load('feature-extraction', states)
    assert.ok(task)
    const { rows, postprocess } = await task.read({ text: 'a' }, (name) => name)()
    const length = rows[0]?.get('input_ids')?.shape[1] ?? 0
    // [CLS] a [SEP], and filling that counts for nothing.
    const data = Float32Array.from({ length: length * 2 }, (_, index) => [3, 0, 0, 6, 0, 6][index] ?? 100)
    const found = await postprocess([
      named({ last_hidden_state: { dtype: 'FP32', shape: [1, length, 2], data } }),
    ])
    const { embedding } = found.answer() as { embedding: number[] }
    return embedding.map((value) => Math.round(value * 1e4) / 1e4)
  }

  test('takes the mean at length 1 where the folder says nothing', async () => {
    assert.deepEqual(await vectorOf(), [0.2425, 0.9701])
  })

  test('takes what the folder says', async () => {
    const pooling = join(dir, '1_Pooling')
    await cp(join(import.meta.dirname, '../../golden/models/feature-extraction/1_Pooling'), pooling, {
      recursive: true,
    })
    const modules = ['Transformer', 'Pooling'].map((name) => ({
      type: `sentence_transformers.models.${name}`,
      path: name === 'Pooling' ? '1_Pooling' : '',
    }))
    await writeFile(join(dir, 'modules.json'), JSON.stringify(modules))
    for (const [mode, vector] of [
      ['cls_token', [3, 0]],
      ['mean_tokens', [1, 4]],
      ['max_tokens', [3, 6]],
    ] as const) {
      await writeFile(join(pooling, 'config.json'), JSON.stringify({ [`pooling_mode_${mode}`]: true }))
      assert.deepEqual(await vectorOf(), vector)
    }
    for (const config of [{ pooling_mode_attention: true }, { word_embedding_dimension: 2 }]) {
      await writeFile(join(pooling, 'config.json'), JSON.stringify(config))
      await refused(load('feature-extraction', states), /1_Pooling\/config.json sets .*are known here/)
    }
  })
})

test('fill-mask: a tokenizer without a mask', async () => {
  const other = await mkdtemp(join(tmpdir(), 'refused-folders-'))
  const from = join(import.meta.dirname, '../../golden/models/text-generation-gpt2/tokenizer.json')
  await cp(from, join(other, 'tokenizer.json'))
  const signature = graph(spec('logits', [-1, -1, 100]))
  await refused(load('fill-mask', signature, { dir: other }), /has no mask token; set mask_token/)
  await rm(other, { recursive: true })
})
