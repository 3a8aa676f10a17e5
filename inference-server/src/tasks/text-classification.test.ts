import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Failure, StartError } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import type { NamedTensors, Signature, TensorSpec } from '../tensors/tensor.ts'
import { firstRow } from '../testing/tasks.ts'
import { named } from '../testing/tensors.ts'
import { textClassification } from './text-classification.ts'

/** Words a to z, one token each, between [CLS] (2) and [SEP] (3). */
const tokenizerJson = {
  version: '1.0',
  added_tokens: [],
  normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {},
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(
      ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...'abcdefghijklmnopqrstuvwxyz'].map((token, id) => [token, id]),
    ),
  },
}

const spec = (name: string, shape: number[], datatype: TensorSpec['datatype'] = 'INT64'): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})

const free = [-1, -1]
const bert: Signature = {
  inputs: [spec('input_ids', free), spec('attention_mask', free), spec('token_type_ids', free)],
  outputs: [spec('logits', [-1, 2], 'FP32')],
}

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'text-classification-'))
  await writeFile(join(dir, 'tokenizer.json'), JSON.stringify(tokenizerJson))
  await writeFile(join(dir, 'tokenizer_config.json'), '{"pad_token": "[PAD]"}')
})
after(() => rm(dir, { recursive: true }))

const files = (change: Partial<TaskFiles> = {}): TaskFiles => ({
  dir,
  config: {},
  preprocessorConfig: {},
  ...change,
})

const tensorsOf = async (
  text: string,
  signature = bert,
  change: Partial<TaskFiles> = {},
): Promise<NamedTensors> => firstRow(await textClassification(files(change), signature), { text })

const numbers = (tensors: NamedTensors, name: string) =>
  Array.from(tensors.get(name)?.data as BigInt64Array, Number)

describe('a text becomes token tensors', () => {
  test('filled up to a multiple of 8 behind a mask, so that texts of about one length share a batch', async () => {
    const tensors = await tensorsOf('a b c')
    assert.deepEqual([...tensors.keys()], ['input_ids', 'attention_mask', 'token_type_ids'])
    assert.deepEqual(tensors.get('input_ids')?.shape, [1, 8])
    assert.deepEqual(numbers(tensors, 'input_ids'), [2, 4, 5, 6, 3, ...new Array(3).fill(0)])
    assert.deepEqual(numbers(tensors, 'attention_mask'), [1, 1, 1, 1, 1, ...new Array(3).fill(0)])
    assert.deepEqual(numbers(tensors, 'token_type_ids'), new Array(8).fill(0))
  })

  test('not filled up where no mask would hide it', async () => {
    const tensors = await tensorsOf('a b c', { ...bert, inputs: [spec('input_ids', free)] })
    assert.deepEqual([...tensors.keys()], ['input_ids'])
    assert.deepEqual(numbers(tensors, 'input_ids'), [2, 4, 5, 6, 3])
  })

  test('not filled up where the graph takes one scale for all tokens, which the filling would move', async () => {
    for (const operator of ['DynamicQuantizeLinear', 'DynamicQuantizeMatMul', 'DynamicQuantizeLSTM']) {
      const graph = { operators: new Set(['MatMulInteger', operator]), endings: new Map() }
      assert.deepEqual((await tensorsOf('a b c', bert, { graph })).get('input_ids')?.shape, [1, 5], operator)
    }
    const graph = { operators: new Set(['QuantizeLinear', 'MatMulNBits']), endings: new Map() }
    assert.deepEqual((await tensorsOf('a b c', bert, { graph })).get('input_ids')?.shape, [1, 8])
  })

  test('of int32 and a fixed length where the model wants that', async () => {
    const inputs = [spec('input_ids', [-1, 6], 'INT32'), spec('attention_mask', [-1, 6], 'INT32')]
    const short = await tensorsOf('a', { ...bert, inputs })
    assert.equal(short.get('input_ids')?.dtype, 'INT32')
    assert.deepEqual(Array.from((short.get('input_ids')?.data ?? []) as Int32Array), [2, 4, 3, 0, 0, 0])
    const long = await tensorsOf('a b c d e f g h', { ...bert, inputs })
    assert.deepEqual(Array.from((long.get('input_ids')?.data ?? []) as Int32Array), [2, 4, 5, 6, 7, 3])
  })

  test('cut at 512 tokens, or at max_position_embeddings, with the closing token kept', async () => {
    const ids = numbers(await tensorsOf('a '.repeat(1000)), 'input_ids')
    assert.deepEqual([ids.length, ids[0], ids[510], ids[511]], [512, 2, 4, 3])
    const fewer = await tensorsOf('a '.repeat(1000), bert, { config: { max_position_embeddings: 10 } })
    assert.deepEqual(numbers(fewer, 'input_ids'), [2, 4, 4, 4, 4, 4, 4, 4, 4, 3])
  })

  test('of a long text only the start is tokenized, with the same tokens', async () => {
    const words = 'a  b c      d e f g '
    const start = numbers(await tensorsOf(words.repeat(150)), 'input_ids')
    assert.deepEqual(numbers(await tensorsOf(words.repeat(4000)), 'input_ids'), start)
    const blank = await tensorsOf(`${' '.repeat(50_000)}a b`)
    assert.deepEqual(numbers(blank, 'input_ids').slice(0, 5), [2, 4, 5, 3, 0])
  })

  test('a text that is none is refused by name', async () => {
    const task = await textClassification(files(), bert)
    for (const text of [undefined, 7, ['a'], ' ', 'a\ud800', '\udc00b', Buffer.from([0xff])])
      assert.throws(
        () => task.read({ text }, (name) => name),
        (error: unknown) => error instanceof Failure && error.kind === 'invalid' && error.field === 'text',
      )
  })
})

describe('a folder that does not fit is refused', () => {
  const refused = (change: Partial<TaskFiles>, signature: Signature, message: RegExp) =>
    assert.rejects(
      textClassification(files(change), signature),
      (error: unknown) => error instanceof StartError && message.test(error.message),
    )

  test('without tokenizer.json', () =>
    refused({ dir: tmpdir() }, bert, /^tokenizer.json is missing; save it/))

  test('with a tokenizer.json that is none', async () => {
    const other = await mkdtemp(join(tmpdir(), 'text-classification-'))
    for (const content of ['{', '{}', '{"model": {"type": "Magic"}}', '[1]']) {
      await writeFile(join(other, 'tokenizer.json'), content)
      await refused({ dir: other }, bert, /^tokenizer.json (cannot be read|is not (JSON|a tokenizer))/)
    }
    await rm(other, { recursive: true })
  })

  test('with labels.json that names nothing', async () => {
    const other = await mkdtemp(join(tmpdir(), 'text-classification-'))
    await writeFile(join(other, 'tokenizer.json'), JSON.stringify(tokenizerJson))
    for (const content of ['[]', '{}', '[1, 2]', '{"a": "b"}', '{"99999999": "b"}', '"x"']) {
      await writeFile(join(other, 'labels.json'), content)
      await refused({ dir: other }, bert, /^labels.json has to be/)
    }
    await rm(other, { recursive: true })
  })

  test('with inputs that no text fills', async () => {
    await refused(
      {},
      { ...bert, inputs: [spec('x', [-1, 3], 'FP32')] },
      /no input input_ids, only x FP32 \[-1, 3\]/,
    )
    await refused(
      {},
      { ...bert, inputs: [...bert.inputs, spec('pixel_values', [1, 3])] },
      /an input pixel_values/,
    )
    await refused({}, { ...bert, inputs: [spec('input_ids', [-1])] }, /input input_ids INT64 \[-1\] is not/)
  })
})

test('labels come from the settings, then labels.json, then id2label', async () => {
  const label = async (change: Partial<TaskFiles>) => {
    const task = await textClassification(files(change), bert)
    const data = Float32Array.of(0, 1)
    const { postprocess } = await task.read({ text: 'a' }, (name) => name)()
    const found = await postprocess([named({ logits: { dtype: 'FP32', shape: [1, 2], data } })])
    return found.classification?.label
  }
  const config = { id2label: { 1: 'of config', 0: 'x' } }
  assert.equal(await label({ config }), 'of config')
  await writeFile(join(dir, 'labels.json'), '["x", "of labels.json"]')
  assert.equal(await label({ config }), 'of labels.json')
  assert.equal(await label({ config, labels: ['x', 'of settings'] }), 'of settings')
  await rm(join(dir, 'labels.json'))
})
