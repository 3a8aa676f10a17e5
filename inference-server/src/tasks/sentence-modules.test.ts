/** Folders of sentence-transformers: what stands behind the Transformer is applied, or refused by name. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { Failure, StartError } from '../failures/errors.ts'
import type { Signature, TensorSpec } from '../tensors/tensor.ts'
import { featureExtraction } from './feature-extraction.ts'
import { loadTokenizer } from './text/tokenizer.ts'

const golden = join(import.meta.dirname, '../../golden')
const { texts, states, variants } = JSON.parse(
  readFileSync(join(golden, 'sentence-modules.json'), 'utf8'),
) as {
  readonly texts: readonly string[]
  /** [tokens, width] by text, prompts in front of it. */
  readonly states: Readonly<Record<string, readonly (readonly number[])[]>>
  readonly variants: Readonly<
    Record<string, { readonly files: Files; readonly vectors: readonly (readonly number[])[] }>
  >
}

/** Files by path; a text is the base64 of a file, anything else its JSON. */
type Files = Readonly<Record<string, unknown>>

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sentence-modules-'))
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    await cp(join(golden, 'models/feature-extraction', file), join(dir, file))
})
afterEach(() => rm(dir, { recursive: true }))

const write = async (files: Files): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(
      join(dir, path),
      typeof content === 'string' ? Buffer.from(content, 'base64') : JSON.stringify(content),
    )
  }
}

const spec = (name: string, shape: readonly number[], datatype: TensorSpec['datatype']): TensorSpec => ({
  name,
  datatype,
  shape,
  symbols: shape.map(() => ''),
})
const inputs = [spec('input_ids', [-1, -1], 'INT64'), spec('attention_mask', [-1, -1], 'INT64')]
const graph: Signature = { inputs, outputs: [spec('last_hidden_state', [-1, -1, 32], 'FP32')] }

const load = (signature = graph) => featureExtraction({ dir, config: {}, preprocessorConfig: {} }, signature)

/** The model's answer for a text with so many tokens. */
const answered = (values: readonly (readonly number[])[], length: number) => {
  const filling = Array.from({ length: length - values.length }, () => new Array<number>(32).fill(100))
  const data = Float32Array.from([...values, ...filling].flat())
  return new Map([['last_hidden_state', { dtype: 'FP32', shape: [1, length, 32], data } as const]])
}

const vectorOf = async (text: string, seen: string, parameters: object = {}): Promise<readonly number[]> => {
  const task = await load()
  const { rows, postprocess } = await task.read({ text, ...parameters }, (name) => name)()
  const length = rows[0]?.get('input_ids')?.shape[1] ?? 0
  const values = states[seen] ?? []
  // The row is what Python's tokenizer made of the text with its prompt.
  const mask = Array.from(rows[0]?.get('attention_mask')?.data as BigInt64Array, Number)
  assert.equal(mask.filter((own) => own === 1).length, values.length)
  return ((await postprocess([answered(values, length)])).answer() as { embedding: number[] }).embedding
}

const near = (found: readonly number[], right: readonly number[]): void => {
  assert.equal(found.length, right.length)
  for (const [index, value] of right.entries())
    assert.ok(Math.abs((found[index] as number) - value) < 1e-5, `${found[index]} is not ${value}`)
}

const query = 'what is this: '

describe('the vectors are those of sentence-transformers', () => {
  for (const [name, { files, vectors }] of Object.entries(variants))
    test(name, async () => {
      await write(files)
      for (const [index, text] of texts.entries())
        near(
          await vectorOf(text, (name.includes('prompt') ? query : '') + text),
          vectors[index] as readonly number[],
        )
    })

  test('with the pooling as newer folders name it', async () => {
    const { files, vectors } = variants['mean'] as (typeof variants)[string]
    await write({ ...files, '1_Pooling/config.json': { pooling_mode: 'mean' } })
    near(await vectorOf('red', 'red'), vectors[1] as readonly number[])
  })
})

describe('a request', () => {
  const [text = ''] = texts

  test('chooses a prompt by its name, gives its own, or none', async () => {
    const { files, vectors } = variants['prompt'] as (typeof variants)[string]
    await write({ ...files, 'config_sentence_transformers.json': { prompts: { query, none: '' } } })
    const right = vectors[0] as readonly number[]
    near(await vectorOf(text, query + text, { prompt_name: 'query' }), right)
    near(await vectorOf(text, query + text, { prompt: query }), right)
    near(await vectorOf(text, query + text, { prompt: query, pooling: null, normalize: null }), right)
    await write({ 'config_sentence_transformers.json': { prompts: { query }, default_prompt_name: 'query' } })
    near(
      await vectorOf(text, text, { prompt: '', normalize: false, pooling: 'mean' }),
      variants['mean']?.vectors[0] ?? [],
    )
  })

  test('is refused for a prompt that the folder does not have', async () => {
    const refused = async (parameters: object, message: RegExp): Promise<void> => {
      const task = await load()
      assert.throws(
        () => task.read({ text, ...parameters }, (name) => name),
        (error: unknown) => error instanceof Failure && message.test(error.message),
      )
    }
    await refused({ prompt_name: 'query' }, /prompt_name names a prompt, but the model has none/)
    await write({ 'config_sentence_transformers.json': { prompts: { query } } })
    await refused({ prompt_name: 'other' }, /prompt_name has to be one of query/)
    await refused({ prompt: 7 }, /prompt has to be a string/)
  })

  test('may leave the vectors as long as they are, but not pool to a length that a layer does not take', async () => {
    const { files } = variants['normalize before two'] as (typeof variants)[string]
    await write(files)
    await assert.rejects(
      vectorOf(text, text, { pooling: 'cls' }),
      (error: unknown) =>
        error instanceof Failure && /takes vectors of 64 numbers, not of 32/.test(error.message),
    )
  })
})

describe('a folder is refused by the name of', () => {
  const modules = (...types: string[]) => ({
    'modules.json': types.map((type, idx) => ({
      idx,
      type: `sentence_transformers.models.${type}`,
      path: idx === 0 ? '' : `${idx}_${type}`,
    })),
  })
  const mean = { '1_Pooling/config.json': { pooling_mode_mean_tokens: true } }
  const dense = (activation: string) => ({
    '2_Dense/config.json': { activation_function: `torch.nn.modules.activation.${activation}` },
  })
  const weights = variants['dense']?.files['2_Dense/model.safetensors']
  const cases: Readonly<Record<string, readonly [Files, RegExp]>> = {
    'a module that is not known': [modules('Transformer', 'Pooling', 'LSTM'), /asks for LSTM \(2_LSTM\)/],
    'a first module that is no Transformer': [
      modules('WordEmbeddings', 'Pooling'),
      /asks for WordEmbeddings/,
    ],
    'a module outside of it': [
      {
        'modules.json': [
          { type: 'models.Transformer', path: '' },
          { type: 'models.Pooling', path: '../1_Pooling' },
        ],
      },
      /names the folder "\.\.\/1_Pooling", which lies outside/,
    ],
    'a module at an absolute path': [
      {
        'modules.json': [
          { type: 'models.Transformer', path: '' },
          { type: 'models.Pooling', path: '/secrets' },
        ],
      },
      /names the folder "\/secrets", which lies outside/,
    ],
    'a second pooling': [modules('Transformer', 'Pooling', 'Pooling'), /asks for Pooling \(2_Pooling\)/],
    'weights that are missing': [
      modules('Transformer', 'Pooling', 'Dense'),
      /2_Dense\/model.safetensors is missing.*save the model with safetensors/,
    ],
    'weights that are not whole': [
      {
        ...modules('Transformer', 'Pooling', 'Dense'),
        '2_Dense/model.safetensors': String(weights).slice(0, 400),
      },
      /2_Dense\/model.safetensors cannot be read: its tensor/,
    ],
    'an activation that is not known': [
      {
        ...modules('Transformer', 'Pooling', 'Dense'),
        ...dense('Mish'),
        '2_Dense/model.safetensors': weights,
      },
      /activation_function torch.nn.modules.activation.Mish; Identity, Tanh, ReLU, Sigmoid are known/,
    ],
    'a Dense for tokens': [
      {
        ...modules('Transformer', 'Pooling', 'Dense'),
        '2_Dense/config.json': { module_input_name: 'token_embeddings' },
        '2_Dense/model.safetensors': weights,
      },
      /module_input_name token_embeddings/,
    ],
    'a pooling that is not known': [
      { ...modules('Transformer', 'Pooling'), '1_Pooling/config.json': { pooling_mode_attention: true } },
      /sets pooling_mode_attention/,
    ],
    'a default prompt that it does not have': [
      { 'config_sentence_transformers.json': { default_prompt_name: 'q', prompts: { query } } },
      /default_prompt_name .* is "q", which is not one of its prompts \(query\)/,
    ],
    'a list that is none': [{ 'modules.json': {} }, /modules.json has to be a list/],
  }
  for (const [what, [files, message]] of Object.entries(cases))
    test(what, async () => {
      await write({ ...mean, ...files })
      await assert.rejects(
        load(),
        (error: unknown) => error instanceof StartError && message.test(error.message),
      )
    })

  test('a layer that takes vectors of another length', async () => {
    await write({
      ...(variants['dense']?.files ?? {}),
      '1_Pooling/config.json': { pooling_mode: ['mean', 'cls'] },
    })
    const task = await load()
    assert.throws(
      () => task.checkWarmup?.(answered([], 3)),
      /2_Dense of modules.json takes vectors of 32 numbers, not of 64/,
    )
  })
})

test('a graph that gives whole vectors has the layers in it, unless their length says otherwise', async () => {
  await write(variants['dense']?.files ?? {})
  const embedding = async (width: number) => {
    const task = await load({ inputs, outputs: [spec('sentence_embedding', [-1, width], 'FP32')] })
    const { postprocess } = await task.read({ text: 'red', normalize: false }, (name) => name)()
    const data = new Float32Array(width).fill(0.5)
    const found = await postprocess([
      new Map([['sentence_embedding', { dtype: 'FP32', shape: [1, width], data } as const]]),
    ])
    return (found.answer() as { embedding: number[] }).embedding
  }
  assert.deepEqual(await embedding(8), new Array(8).fill(0.5))
  assert.equal((await embedding(32)).length, 8)
})

test('a text is cut where the folder says', async () => {
  await write({ 'sentence_bert_config.json': { max_seq_length: 5, do_lower_case: true } })
  const task = await load()
  const { tokens } = await task.read({ text: 'RED '.repeat(20) }, (name) => name)()
  assert.equal(tokens, 5)
  assert.ok(await loadTokenizer({ dir, config: {}, preprocessorConfig: {} }))
})
