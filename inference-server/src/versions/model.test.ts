import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import type { ModelFiles } from '../models/model-files.ts'
import { identity, mlp } from '../testing/models.ts'
import { onnxFile } from '../testing/onnx.ts'
import { type ModelRequest, readModel } from './model.ts'

const graph = onnxFile(identity('FP32'))

/** A folder with these files, beside a tokenizer; a graph may be left empty. */
const folder = async (
  files: Readonly<Record<string, string>>,
): Promise<{ readonly dir: string } & AsyncDisposable> => {
  const dir = await mkdtemp(join(tmpdir(), 'gantry-folder-'))
  for (const [name, content] of Object.entries({ 'tokenizer.json': '{}', ...files })) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), content === '' && name.endsWith('.onnx') ? graph : content)
  }
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

const read = async (dir: string, change: Partial<ModelRequest> = {}): Promise<ModelFiles> =>
  readModel({
    dir,
    file: undefined,
    name: 'm',
    task: undefined,
    version: undefined,
    labels: undefined,
    responses: undefined,
    ...change,
  })

const refusal = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => assert.fail('was not refused'),
    (caught: unknown) => caught,
  )
  assert.ok(error instanceof StartError, String(error))
  return error.message
}

test('a graph says what its outputs end in', async () => {
  await using model = await folder({ 'model.onnx': '' })
  await writeFile(join(model.dir, 'model.onnx'), onnxFile(mlp()))
  assert.deepEqual((await read(model.dir)).graph?.endings, new Map([['probabilities', 'softmax']]))
})

test('a folder that holds nothing but model.onnx has task tensor and version 1', async () => {
  await using model = await folder({ 'model.onnx': '' })
  const files = await read(model.dir)
  assert.equal(files.task, 'tensor')
  assert.equal(files.version, '1')
  assert.equal(files.onnxPath, join(model.dir, 'model.onnx'))
  assert.deepEqual(files.config, {})
})

test('the graph may lie in onnx/', async () => {
  await using model = await folder({ 'onnx/model.onnx': '' })
  assert.equal((await read(model.dir)).onnxPath, join(model.dir, 'onnx/model.onnx'))
})

describe('the graph is', () => {
  test('the one that was asked for, or that the import wrote down', async () => {
    const files = { 'model.onnx': '', 'onnx/model_fp16.onnx': '', 'text/net.onnx': '' }
    const metadata = JSON.stringify({ file: 'text/net.onnx' })
    await using model = await folder({ ...files, 'metadata.json': metadata })
    assert.equal((await read(model.dir)).onnxPath, join(model.dir, 'text/net.onnx'))
    const asked = await read(model.dir, { file: 'onnx/model_fp16.onnx' })
    assert.equal(asked.onnxPath, join(model.dir, 'onnx/model_fp16.onnx'))
  })

  test('the only one, also in a folder that holds everything', async () => {
    await using model = await folder({ 'onnx/model_quantized.onnx': '' })
    assert.equal((await read(model.dir)).onnxPath, join(model.dir, 'onnx/model_quantized.onnx'))
    await using outer = await folder({ 'iris/net.onnx': '', 'iris/config.json': '{}' })
    await rm(join(outer.dir, 'tokenizer.json'))
    const { dir, onnxPath } = await read(outer.dir)
    assert.deepEqual([dir, onnxPath], [join(outer.dir, 'iris'), join(outer.dir, 'iris/net.onnx')])
  })
})

describe('the task is', () => {
  const config = JSON.stringify({ architectures: ['BertForSequenceClassification'] })

  test('what the architecture of config.json is for', async () => {
    await using model = await folder({ 'model.onnx': '', 'config.json': config })
    assert.equal((await read(model.dir)).task, 'text-classification')
  })

  test('which is known of more tasks, and tensor where it is not', async () => {
    for (const [architecture, task] of [
      ['BertForTokenClassification', 'token-classification'],
      ['RobertaForQuestionAnswering', 'question-answering'],
      ['DistilBertForMaskedLM', 'fill-mask'],
      ['ViTForImageClassification', 'image-classification'],
      ['CLIPModel', 'zero-shot-image-classification'],
      ['CLIPModelWithProjection', 'tensor'],
    ]) {
      const other = JSON.stringify({ architectures: [architecture] })
      await using model = await folder({ 'model.onnx': '', 'config.json': other })
      assert.equal((await read(model.dir)).task, task, architecture)
    }
  })

  test('feature-extraction where sentence-transformers left its files, unless the architecture is for something else', async () => {
    for (const file of ['modules.json', '1_Pooling/config.json', 'sentence_bert_config.json']) {
      const bare = JSON.stringify({ architectures: ['BertModel'] })
      await using model = await folder({ 'model.onnx': '', 'config.json': bare, [file]: '{}' })
      const { task, taskHint } = await read(model.dir)
      assert.deepEqual([task, taskHint], ['feature-extraction', undefined], file)
    }
    await using model = await folder({ 'model.onnx': '', 'config.json': config, 'modules.json': '[]' })
    assert.equal((await read(model.dir)).task, 'text-classification')
  })

  test('tensor, with a hint, where the architecture fits several tasks', async () => {
    const bare = JSON.stringify({ architectures: ['BertModel'] })
    await using model = await folder({ 'model.onnx': '', 'config.json': bare })
    const { task, taskHint } = await read(model.dir)
    assert.equal(task, 'tensor')
    assert.match(String(taskHint), /config\.json says BertModel, which does not tell the task; give --task/)
    assert.equal((await read(model.dir, { task: 'tensor' })).taskHint, undefined)
  })

  test('rather what the import wrote down, with the version’s id', async () => {
    const metadata = JSON.stringify({ id: 'v_20261123_101500', task: 'tensor' })
    await using model = await folder({ 'model.onnx': '', 'config.json': config, 'metadata.json': metadata })
    const files = await read(model.dir)
    assert.equal(files.task, 'tensor')
    assert.equal(files.version, 'v_20261123_101500')
  })

  test('rather what is asked for', async () => {
    await using model = await folder({ 'model.onnx': '', 'config.json': config })
    const files = await read(model.dir, { task: 'image-classification', version: '7' })
    assert.equal(files.task, 'image-classification')
    assert.equal(files.version, '7')
  })
})

describe('refuses in one sentence', () => {
  test('a folder that does not exist', async () => {
    assert.match(await refusal(read('/nowhere/at/all')), /\/nowhere\/at\/all does not exist/)
  })

  test('a file in place of the folder', async () => {
    await using model = await folder({ 'model.onnx': '' })
    assert.match(await refusal(read(join(model.dir, 'model.onnx'))), /is not a folder/)
  })

  test('a folder of versions', async () => {
    await using model = await folder({ 'versions.json': '{}', '1/model.onnx': '' })
    assert.match(await refusal(read(model.dir)), /is a folder of versions; give it with --repository/)
  })

  test('a folder without a graph', async () => {
    await using model = await folder({ 'config.json': '{}' })
    assert.match(
      await refusal(read(model.dir)),
      /cannot be served: there is no \.onnx file, but 2 other files; export the model to ONNX and call it model\.onnx$/,
    )
  })

  test('a config.json that is no JSON, or no object', async () => {
    await using broken = await folder({ 'model.onnx': '', 'config.json': '{' })
    assert.match(await refusal(read(broken.dir)), /config\.json is not JSON/)
    await using list = await folder({ 'model.onnx': '', 'config.json': '[]' })
    assert.match(await refusal(read(list.dir)), /config\.json must hold a JSON object/)
  })
})
