/** Models of other libraries: what is taken as an input of exports, and what of an exporter's folder becomes a version. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { ExportReport } from '@gantry/contract/optimizing.ts'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { failing, importOptions, model, placesIn, temporaryFolder } from '../../testing/imports.ts'
import { importModel } from '../import-model.ts'
import { commitFolder } from './commit-folder.ts'
import type { CommitOptions } from './commit-options.ts'

const folder = temporaryFolder()
after(folder.remove)
const newPlace = placesIn(folder.path)
const metadataOf = (volume: string, id: string): VersionMetadata =>
  JSON.parse(readFileSync(join(volume, id, 'metadata.json'), 'utf8'))
const pathsOf = (version: VersionMetadata) => version.files.map(({ path }) => path)

const skops = 'PK\u0003\u0004 a model'
const bert = {
  'config.json': '{"architectures":["BertModel"]}',
  'model.safetensors': 'weights',
  'tokenizer.json': '{}',
  '1_Pooling/config.json': '{}',
  '2_Dense/model.safetensors': 'more',
}

/** @param change of the import's options */
const importing = async (
  files: Readonly<Record<string, string | Buffer>>,
  change: Partial<Parameters<typeof importModel>[0]> = {},
) => {
  const volume = newPlace()
  const imported = await importModel(
    importOptions({ source: newPlace(files), volume, export: true, shownAs: 'pvc://claim/m', ...change }),
  )
  return { volume, parent: metadataOf(volume, imported.version.id) }
}

test('a model of each format is an input of exports under a name that tells nothing, and has no rows to prove', async () => {
  for (const [files, input] of [
    [
      { 'churn.skops': skops, 'README.md': '#' },
      { format: 'scikit-learn', file: 'model.skops' },
    ],
    [{ 'top/churn.ubj': '{' }, { format: 'xgboost', file: 'model.ubj' }],
    [{ 'model.txt': 'tree' }, { format: 'lightgbm', file: 'model.txt' }],
    [
      { 'churn.cbm': 'CBM1', 'notes.txt': '' },
      { format: 'catboost', file: 'model.cbm' },
    ],
    [
      { 'net.pt2': skops, 'config.json': '{}' },
      { format: 'pytorch', file: 'model.pt2' },
    ],
    [bert, { format: 'hugging-face' }],
  ] as const) {
    const { parent } = await importing(files)
    assert.deepEqual(parent.input, input)
    assert.deepEqual(parent.rows, {})
    assert.ok(input.format === 'hugging-face' || pathsOf(parent).includes(input.file))
  }
})

test('one file is known by the end of its name, and the chosen one of several is taken', async () => {
  const file = join(newPlace({ 'churn.json': '{}' }), 'churn.json')
  const one = await importing({}, { source: file })
  assert.deepEqual([one.parent.input?.format, pathsOf(one.parent)], ['xgboost', ['model.json']])
  const files = { 'a.skops': skops, 'old/b.skops': 'PK other' }
  await assert.rejects(
    importing({ ...files, 'c.cbm': '' }),
    failing('ModelIncomplete', /2 models.*choose one/),
  )
  const { volume, parent } = await importing(files, { file: 'old/b.skops' })
  assert.equal(readFileSync(join(volume, parent.id, 'model.skops'), 'utf8'), 'PK other')
})

test('what cannot be exported is refused by name, and nothing is left on the volume', async () => {
  for (const [files, said] of [
    [{ 'model.onnx': model, 'a.skops': skops }, /has an ONNX graph already; remove spec\.optimize\.export/],
    [{ 'model.pkl': 'x' }, /pickle, and reading one runs the code/],
    [{ 'model.safetensors': 'x' }, /weights of PyTorch without a model: only a class/],
    [{ 'README.md': 'x' }, /no model that spec\.optimize\.export makes a graph of/],
  ] as const) {
    const volume = newPlace()
    await assert.rejects(importing(files, { volume }), failing('ModelIncomplete', said))
    assert.deepEqual(readdirSync(volume), [])
  }
})

test('without an export, a model of another library is refused with the field that would make a graph of it', async () => {
  const file = join(newPlace({ 'churn.skops': skops }), 'churn.skops')
  await assert.rejects(
    importing({}, { source: file, export: false }),
    failing('ModelIncomplete', /a model of scikit-learn; spec\.optimize\.export makes a graph of it/),
  )
})

const recipe = { export: { missingValues: true } } as const
const exported: ExportReport = {
  outcome: 'exported',
  source: { file: 'model.skops', sha256: '0'.repeat(64), library: 'scikit-learn', version: '1.9.1' },
  ...{ model: 'model.onnx', sizeBytes: model.length, opset: { 'ai.onnx': 18, 'ai.onnx.ml': 3 } },
  ...{ inputs: [], outputs: [], remarks: ['A remark.'], versions: {} },
  parity: [
    ...[
      {
        inputs: 'generated',
        samples: 300,
        different: 1,
        largestDifference: 0.5,
        meanDifference: 0.01,
      } as const,
      { inputs: 'missing', samples: 100, different: 0, largestDifference: 0, meanDifference: 0 } as const,
    ],
  ],
}

const committing = async (
  source: Readonly<Record<string, string>>,
  made: Readonly<Record<string, string | Buffer>>,
  report: unknown = exported,
) => {
  const { volume, parent } = await importing(source)
  const optimizationReport = join(newPlace(), 'report.json')
  writeFileSync(optimizationReport, JSON.stringify(report))
  const { log, signal, now } = importOptions({ source: '', volume })
  const options: CommitOptions = {
    ...{ volume, parent: parent.id, recipe, optimizationReport, log, signal, now },
    ...{ folder: newPlace({ 'model.onnx': model, ...made }), task: 'tensor', revision: '0123456789abcdef' },
    ...{ historyLimit: undefined, maxBytes: undefined, samples: undefined, aim: 0.01, keep: [], pinned: [] },
  }
  return { volume, parent, options }
}

test('a graph becomes a version with what was compared, by whom, its opsets and the names of its classes', async () => {
  const { volume, parent, options } = await committing(
    { 'churn.skops': skops },
    { 'labels.json': '["no","yes"]', 'config.json': '{"id2label":{"0":"no"}}' },
  )
  const { version } = await commitFolder(options)
  const { optimization, input, files } = metadataOf(volume, version.id)
  assert.deepEqual([version.parent, input], [parent.id, undefined])
  assert.deepEqual(
    files.map(({ path }) => path),
    ['config.json', 'labels.json', 'model.onnx'],
  )
  const { steps, ...rest } = optimization ?? {}
  assert.deepEqual(rest, {
    recipe,
    sizeBytes: { before: skops.length, after: model.length },
    agreement: {
      ...{ inputs: 'generated', samples: 400, sameAnswers: 1 - 1 / 400 },
      ...{ largestDifference: 0.5, meanDifference: 0.0075, library: 'scikit-learn 1.9.1' },
    },
  })
  assert.match(
    steps?.[0] ?? '',
    /^export from scikit-learn 1\.9\.1: .*opsets ai\.onnx 18, ai\.onnx\.ml 3; .*1 of 300 generated/,
  )
  assert.equal(steps?.[1], 'A remark.')
})

test('files beside the model stay those of the source, whatever the exporter wrote, and weights go', async () => {
  const { volume, parent, options } = await committing(
    { ...bert, 'labels.json': '["mine"]' },
    {
      'config.json': '{"architectures":["Other"]}',
      'tokenizer.json': '{"a":1}',
      'labels.json': '["theirs"]',
    },
  )
  const { version } = await commitFolder(options)
  const read = (path: string): string => readFileSync(join(volume, version.id, path), 'utf8')
  assert.deepEqual(['config.json', 'tokenizer.json', 'labels.json', '2_Dense/model.safetensors'].map(read), [
    bert['config.json'],
    '{}',
    '["mine"]',
    'more',
  ])
  assert.ok(!pathsOf(metadataOf(volume, version.id)).includes('model.safetensors'))
  const inode = (id: string): number => statSync(join(volume, id, 'tokenizer.json')).ino
  assert.equal(inode(version.id), inode(parent.id))
})

test('a folder that no exporter may write, or nobody compared, is refused', async () => {
  for (const [made, said] of [
    [{ 'run.sh': '#!/bin/sh' }, /added a file that it may not add/],
    [{ 'other.onnx': model }, /a graph beside model\.onnx/],
    [{ 'model.onnx': 'no graph' }, /not an ONNX model/],
  ] as const) {
    const { options } = await committing({ 'churn.skops': skops }, made)
    await assert.rejects(commitFolder(options), (error: Error) => said.test(error.message))
  }
  const failed = { outcome: 'failed', reason: 'AgreementTooLow', message: '3 of 9 differ.' }
  for (const [report, said] of [
    [failed, /failed \(AgreementTooLow\): 3 of 9 differ/],
    [{ ...exported, parity: undefined }, /report of the exporter is not what its schema says/],
  ] as const) {
    const { options } = await committing({ 'churn.skops': skops }, {}, report)
    await assert.rejects(commitFolder(options), failing('ImportFailed', said))
  }
  const { volume, parent, options } = await committing(
    { 'churn.skops': skops },
    {},
    { ...exported, parity: [] },
  )
  const { version } = await commitFolder(options)
  assert.match(metadataOf(volume, version.id).optimization?.agreementUnknown ?? '', /compared no inputs/)
  await assert.rejects(
    commitFolder({ ...options, revision: 'f', recipe: { quantize: 'int8-dynamic' } }),
    failing('ImportFailed', /is a model of scikit-learn and has no graph; export it before other steps/),
  )
  await assert.rejects(
    commitFolder({ ...options, revision: 'f', parent: version.id }),
    failing('ImportFailed', /has a graph, so nothing is exported of it/),
  )
  rmSync(join(volume, parent.id, 'metadata.json'))
  await assert.rejects(
    commitFolder({ ...options, revision: 'g' }),
    failing('ImportFailed', /is not on the volume/),
  )
})
