/** What an import accepts, the server serves, from the source's folder as from the version; what one refuses, both refuse alike. */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { StartError } from '../../failures/errors.ts'
import { ImportError, inFull } from '../../failures/import-error.ts'
import { bytes, integer, message } from '../../onnx/write.ts'
import { failing, importOptions, temporaryFolder } from '../../testing/imports.ts'
import { identity, idSums } from '../../testing/models.ts'
import { onnxFile } from '../../testing/onnx.ts'
import { folderServer } from '../../testing/server.ts'
import { readModel } from '../../versions/model.ts'
import { importModel } from '../import-model.ts'

const folder = temporaryFolder()
after(folder.remove)
const golden = join(import.meta.dirname, '../../../golden')

const graph = onnxFile(identity('FP32'))
const external = onnxFile({
  ...identity('FP32', ['batch', 2]),
  constants: [{ name: 'w', shape: [2], data: Float32Array.of(1, 2), file: 'net.data' }],
  nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
})
const weights = Buffer.from(Float32Array.of(1, 2).buffer)

interface Case {
  readonly files: Readonly<Record<string, string | Buffer>>
  readonly task?: Task
  readonly file?: string
}

let folders = 0
const written = ({ files }: Case): string => {
  const dir = join(folder.path, `case-${folders++}`)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
  return dir
}

const importing = (source: string, { task = 'tensor', file }: Case) =>
  importModel(importOptions({ source, volume: `${source}-models`, task, file }))
const reading = (dir: string, { task = 'tensor', file }: Case) =>
  readModel({ dir, task, file, name: 'm', version: undefined, labels: undefined, responses: undefined })

const accepted: Readonly<Record<string, Case>> = {
  'model.onnx': { files: { 'model.onnx': graph } },
  'onnx/model.onnx': { files: { 'onnx/model.onnx': graph } },
  'one graph of another name': { files: { 'iris.onnx': graph, 'README.md': '' } },
  'one graph in onnx/, quantized': { files: { 'onnx/model_quantized.onnx': graph, 'config.json': '{}' } },
  'a folder that holds everything': { files: { 'iris/iris.onnx': graph, 'iris/README.md': '' } },
  'a chosen graph beside model.onnx': {
    files: { 'model.onnx': 'not this one', 'onnx/model_fp16.onnx': graph },
    file: 'onnx/model_fp16.onnx',
  },
  'a chosen graph with weights of its own': {
    files: { 'model.onnx': graph, 'text/net.onnx': external, 'text/net.data': weights },
    file: 'text/net.onnx',
  },
  'a chosen graph in a folder that holds everything': {
    files: { 'iris/model.onnx': 'not this one', 'iris/onnx/int8.onnx': graph },
    file: 'iris/onnx/int8.onnx',
  },
  'a graph of another name with weights of its own': {
    files: { 'onnx/net.onnx': external, 'onnx/net.data': weights },
  },
}

describe('is imported, and served from both folders:', () => {
  for (const [what, one] of Object.entries(accepted))
    test(what, async () => {
      const dir = written(one)
      const { version } = await importing(dir, one)
      for (const [place, args] of [
        [dir, one.file === undefined ? [] : ['--file', one.file]],
        [join(`${dir}-models`, version.id), []],
      ] as const) {
        await using server = await folderServer(place, args)
        const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] }]
        const { status } = await server.post('/v2/models/m/infer', { inputs })
        assert.equal(status, 200, place)
      }
    })

  test('a classifier with ZipMap, whose version has a tensor and the names of the classes', async () => {
    const one = { files: {} }
    const dir = join(folder.path, 'forest')
    mkdirSync(dir)
    cpSync(join(golden, 'tabular/sklearn-forest-numbers.onnx'), join(dir, 'forest.onnx'))
    const { version } = await importing(dir, one)
    assert.deepEqual(version.changed, [
      'ZipMap was taken off output_probability of forest.onnx, so that probabilities are a tensor',
      'forest.onnx is called model.onnx',
    ])
    const answers: unknown[] = []
    for (const place of [dir, join(`${dir}-models`, version.id)]) {
      await using server = await folderServer(place)
      const metadata = (await (await server.get('/v2/models/m')).json()) as { gantry: { classes: unknown } }
      assert.deepEqual(metadata.gantry.classes, [{ output: 'output_probability', names: [0, 1, 2] }])
      const inputs = [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: [1, 2, 3, 4] }]
      answers.push(await (await server.post('/v2/models/m/infer', { id: '1', inputs })).json())
    }
    const outputs = answers.map((answer) => (answer as { outputs: unknown }).outputs)
    assert.deepEqual(outputs[0], outputs[1])
  })
})

test('an import of a chosen graph keeps its weights, and neither other graphs nor theirs', async () => {
  const other = onnxFile({
    ...identity('FP32', ['batch', 2]),
    constants: [{ name: 'w', shape: [2], data: Float32Array.of(1, 2), file: 'model.data' }],
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
  })
  const one = {
    files: {
      'config.json': '{}',
      ...{ 'onnx/model.onnx': other, 'onnx/model.data': weights },
      ...{ 'onnx/net.onnx': external, 'onnx/net.data': weights },
    },
    file: 'onnx/net.onnx',
  }
  const dir = written(one)
  const { version } = await importing(dir, one)
  assert.deepEqual(readdirSync(join(`${dir}-models`, version.id, 'onnx')), ['model.onnx', 'net.data'])
  assert.deepEqual(
    [version.file, version.changed],
    ['onnx/model.onnx', ['onnx/net.onnx is called onnx/model.onnx']],
  )
})

const refused: Readonly<Record<string, readonly [Case, RegExp]>> = {
  'several graphs': [
    { files: { 'a.onnx': graph, 'b.onnx': graph } },
    /^2 \.onnx files are there;.*"a\.onnx", "b\.onnx"/,
  ],
  'no graph': [
    { files: { 'pytorch_model.bin': '' } },
    /^there is no \.onnx file, but 1 other file;.*"pytorch_model\.bin"/,
  ],
  'a graph elsewhere': [
    { files: { 'unet/net.onnx': graph, 'config.json': '{}' } },
    /other folders have 1 \.onnx file; choose.*"unet\/net\.onnx"/,
  ],
  'a choice that is not there': [
    { files: { 'model.onnx': graph }, file: 'b.onnx' },
    /^there is no "b\.onnx"/,
  ],
  'a text': [{ files: { 'model.onnx': 'hello' } }, /^the file is not an ONNX model, it looks like a text/],
  'half a model': [{ files: { 'model.onnx': graph.subarray(0, graph.length - 3) } }, /breaks off/],
  'an empty file': [{ files: { 'model.onnx': '' } }, /looks like an empty file/],
  'no weights': [
    { files: { 'model.onnx': external } },
    /keeps weights in a file that is not there.*"net\.data"/,
  ],
  'half the weights': [
    { files: { 'model.onnx': external, 'net.data': '' } },
    /^the model needs 8 B of weights in a file that has 0 B and looks like an empty file \(the file of the weights is "net\.data"\)$/,
  ],
  'a set of operators that is too new': [
    { files: { 'model.onnx': Buffer.concat([graph, message(8, [bytes(1, ''), integer(2, 99)])]) } },
    /needs operator set 99 of ai\.onnx/,
  ],
  'a text task without tokenizer': [
    { files: { 'model.onnx': onnxFile(idSums()) }, task: 'text-classification' },
    /^tokenizer\.json is missing/,
  ],
  'a tokenizer that is none': [
    {
      files: {
        'model.onnx': onnxFile(idSums()),
        'tokenizer.json': 'version https://git-lfs.github.com/spec/v1',
      },
      task: 'text-classification',
    },
    /^tokenizer\.json is no JSON object, it looks like a git-lfs pointer/,
  ],
  'an encoder alone': [
    { files: { 'encoder_model.onnx': graph, 'tokenizer.json': '{}' }, task: 'translation' },
    /^decoder_model_merged\.onnx is missing/,
  ],
}

const broken: Readonly<Record<string, readonly [Case, RegExp]>> = {
  'a config.json that is no JSON': [
    { files: { 'model.onnx': graph, 'config.json': '{"a":' } },
    /^config\.json is not JSON \(/,
  ],
  'a preprocessor_config.json that is a list': [
    { files: { 'model.onnx': graph, 'preprocessor_config.json': '[]' } },
    /^preprocessor_config\.json must hold a JSON object$/,
  ],
  'a tokenizer that breaks off': [
    {
      files: { 'model.onnx': onnxFile(idSums()), 'tokenizer.json': '{"model": ' },
      task: 'text-classification',
    },
    /^tokenizer\.json /,
  ],
}

describe('is refused by an import as the server would:', () => {
  for (const [what, [one, sentence]] of Object.entries(broken))
    test(what, async () => {
      const dir = written(one)
      await assert.rejects(importing(dir, one), failing('ModelIncomplete', sentence))
      await assert.rejects(folderServer(dir, ['--task', one.task ?? 'tensor']), StartError)
    })
})

describe('is refused by both in the same words:', () => {
  for (const [what, [one, sentence]] of Object.entries(refused))
    test(what, async () => {
      const dir = written(one)
      const error = await importing(dir, one).catch((caught: unknown) => caught)
      assert.ok(error instanceof ImportError, String(error))
      assert.match(inFull(error), sentence)
      await assert.rejects(reading(dir, one), (caught) => {
        assert.ok(caught instanceof StartError, String(caught))
        assert.equal(caught.message, `${dir} cannot be served: ${error.message}`)
        assert.equal(caught.detail, error.detail)
        return true
      })
    })
})
