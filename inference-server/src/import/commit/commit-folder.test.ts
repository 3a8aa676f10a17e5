/** `import --commit`: what the optimizer has made becomes a version, and only what it says and may have made. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isImportReport } from '@gantry/contract/documents.ts'
import { maxReportBytes } from '@gantry/contract/importing.ts'
import type { OptimizationReport } from '@gantry/contract/optimizing.ts'
import type { IndexedVersion, VersionMetadata } from '@gantry/contract/versions.ts'
import { failing, importOptions, model, placesIn, temporaryFolder } from '../../testing/imports.ts'
import { identity } from '../../testing/models.ts'
import { type OpenValue, onnxFile } from '../../testing/onnx.ts'
import { readOptions } from '../command/options.ts'
import { importedReport, reportText } from '../command/report.ts'
import { importModel } from '../import-model.ts'
import { commitFolder } from './commit-folder.ts'
import type { CommitOptions } from './commit-options.ts'

const folder = temporaryFolder()
after(folder.remove)
const newPlace = placesIn(folder.path)

const recipe = { quantize: 'int8-dynamic' } as const
const agreement = {
  ...{ inputs: 'dataset' as const, samples: 40 },
  ...{ largestDifference: 0.1, meanDifference: 0.01, sameAnswers: 0.975 },
}
const step = {
  ...{ name: 'quantize' as const, tool: 'onnxruntime 1.30.0', agreement },
  ...{
    sizeBytes: { before: 1000, after: 250 },
    nodes: { before: { MatMul: 1 }, after: { MatMulInteger: 1 } },
  },
}
const optimized: OptimizationReport = {
  ...{
    outcome: 'optimized',
    recipe,
    model: 'model.onnx',
    steps: [step],
    versions: { 'gantry-optimizer': '0.1.0' },
  },
  total: {
    ...{ sizeBytes: step.sizeBytes, agreement },
    latency: { beforeMs: 2, afterMs: 1, speedup: 2, spread: 0.1, rows: 1, threads: 1 },
  },
}
const values = [{ name: 'y', datatype: 'FP32', shape: ['batch', 'width'] }] as const
const inputs = [{ name: 'x', datatype: 'FP32', shape: ['batch', 'width'] }] as const
/** Another graph that answers as `model` does, or its negative. */
const otherGraph = (operator: 'Identity' | 'Neg', outputs: readonly OpenValue[] = values): Buffer =>
  onnxFile({
    ...{ inputs, outputs },
    nodes: [
      { op: 'Identity', inputs: ['x'], outputs: ['same'] },
      { op: operator, inputs: ['same'], outputs: ['y'] },
    ],
  })
const smaller = otherGraph('Identity')

/** A volume with one version, and the folder that an optimizer made of it. */
const made = async (change: (folder: string) => void = () => {}, report: unknown = optimized) => {
  const [source, volume, out] = [newPlace(), newPlace(), newPlace()]
  writeFileSync(join(source, 'model.onnx'), model)
  writeFileSync(join(source, 'labels.json'), '["a","b"]')
  const parent = await importModel(
    importOptions({ source, volume, label: 'autumn', shownAs: 'pvc://claim/m' }),
  )
  cpSync(join(volume, parent.version.id), out, { recursive: true })
  writeFileSync(join(out, 'model.onnx'), smaller)
  change(out)
  const optimizationReport = join(newPlace(), 'report.json')
  if (report !== null) writeFileSync(optimizationReport, JSON.stringify(report))
  const { log, signal, now } = importOptions({ source, volume })
  const options: CommitOptions = {
    ...{ volume, folder: out, parent: parent.version.id, recipe, optimizationReport, log, signal, now },
    ...{
      task: 'tensor',
      revision: '0123456789abcdef',
      historyLimit: undefined,
      maxBytes: undefined,
      samples: undefined,
      aim: 0.02,
      keep: [],
      pinned: [],
    },
  }
  return { volume, parent: parent.version, options }
}
const metadataOf = (volume: string, { id }: IndexedVersion): VersionMetadata =>
  JSON.parse(readFileSync(join(volume, id, 'metadata.json'), 'utf8'))
const versionsOn = (volume: string): readonly string[] =>
  readdirSync(volume).filter((name) => !['versions.json', 'blobs'].includes(name))

test('a student becomes a version that tells how it was trained, and another one than was asked for is refused', async () => {
  const distill = { layers: 0.5, width: 1, epochs: 60, seconds: 1800, seed: 0 }
  const recipe = { distill, graph: 'all' } as const
  const { volume, options } = await made(undefined, { ...optimized, recipe })
  const { version } = await commitFolder({ ...options, recipe })
  assert.deepEqual(metadataOf(volume, version).optimization?.recipe, recipe)
  for (const taken of [{ ...recipe, distill: { ...distill, seed: 1 } }, { graph: 'all' }]) {
    const other = await made(undefined, { ...optimized, recipe: taken })
    await assert.rejects(
      commitFolder({ ...other.options, recipe }),
      failing('ImportFailed', /followed another recipe than the one that was asked for/),
    )
  }
})

test('the folder becomes a version with its parent, what was done, and rows that are proven', async () => {
  const { volume, parent, options } = await made()
  const { version, existed } = await commitFolder(options)
  assert.equal(existed, false)
  assert.notEqual(version.id, parent.id)
  assert.deepEqual([version.parent, version.revision], [parent.id, '0123456789abcdef'])
  assert.deepEqual([version.label, version.source], ['autumn', 'pvc://claim/m'])
  assert.notEqual(version.digest, parent.digest)
  const { optimization, rows, files } = metadataOf(volume, version)
  assert.deepEqual(Object.keys(rows ?? {}), ['model.onnx'])
  assert.deepEqual(
    files.map(({ path }) => path),
    ['labels.json', 'model.onnx'],
  )
  const { steps, speedup = 0, ...rest } = optimization ?? {}
  const measured = {
    inputs: 'generated',
    samples: 128,
    largestDifference: 0,
    meanDifference: 0,
    sameAnswers: 1,
  }
  const sizeBytes = { before: model.length, after: smaller.length } // of the files, whatever the report says
  assert.ok(speedup > 0 && speedup < 1000, `${speedup}`)
  assert.deepEqual(rest, { recipe, aim: 0.02, sizeBytes, agreement: measured })
  assert.deepEqual(steps, ['quantize by onnxruntime 1.30.0: 1000 B to 250 B, 97.5 % same answers'])
  assert.deepEqual(readFileSync(join(volume, version.id, 'model.onnx')), Buffer.from(smaller))
})

test('a file that the parent has takes no room of its own, and the graphs are apart', async () => {
  const { volume, parent, options } = await made()
  const { version } = await commitFolder(options)
  const inode = (id: string, file: string) => statSync(join(volume, id, file)).ino
  assert.equal(inode(version.id, 'labels.json'), inode(parent.id, 'labels.json'))
  assert.notEqual(inode(version.id, 'model.onnx'), inode(parent.id, 'model.onnx'))
  rmSync(join(volume, parent.id), { recursive: true })
  assert.equal(readFileSync(join(volume, version.id, 'labels.json'), 'utf8'), '["a","b"]')
})

test('nothing is made of a parent whose files are not those that were imported', async () => {
  const { volume, parent, options } = await made()
  writeFileSync(join(volume, parent.id, 'labels.json'), '["a","x"]')
  await assert.rejects(commitFolder(options), failing('DigestMismatch', /1 file is changed.*labels\.json/))
  assert.equal(versionsOn(volume).length, 1)
})

const requester = { uid: 'uid-1', generation: 3, namespace: 'demo', name: 'intents' }

test('a parent with another digest than the operator names is none, whatever its metadata.json says', async () => {
  const { volume, parent, options } = await made()
  const parentDigest = `sha256:${'0'.repeat(64)}`
  await assert.rejects(
    commitFolder({ ...options, parentDigest }),
    failing('DigestMismatch', /does not describe its digest/),
  )
  assert.equal(versionsOn(volume).length, 1)
  const { version } = await commitFolder({ ...options, parentDigest: parent.digest, requestedBy: requester })
  assert.deepEqual(version.requestedBy, requester)
  assert.equal(version.tools?.optimizer, '0.1.0')
})

test('the same revision is committed once, and the folder may be gone by then', async () => {
  const { volume, options } = await made()
  const { version } = await commitFolder(options)
  rmSync(options.folder, { recursive: true })
  const again = await commitFolder(options)
  assert.deepEqual([again.version.id, again.existed], [version.id, true])
  assert.equal(versionsOn(volume).length, 2)
})

test('what the optimizer says of the answers is not believed: both graphs are run', async () => {
  const { volume, options } = await made((out) => writeFileSync(join(out, 'model.onnx'), otherGraph('Neg')))
  const { version } = await commitFolder(options)
  const { agreement: measured } = metadataOf(volume, version).optimization ?? {}
  assert.deepEqual([measured?.inputs, measured?.samples], ['generated', 128])
  assert.ok((measured?.sameAnswers ?? 1) < 0.2, JSON.stringify(measured))
})

test('a speed that the optimizer made up is neither in the numbers nor in the sentences', async () => {
  const latency = { beforeMs: 2, afterMs: 1, speedup: 1e308, spread: 0.1, rows: 1, threads: 1 }
  const report = {
    ...optimized,
    steps: [{ ...step, latency }],
    total: { ...step, latency },
  }
  const { volume, options } = await made(undefined, report)
  const { optimization } = metadataOf(volume, (await commitFolder(options)).version)
  assert.ok((optimization?.speedup ?? 0) < 1000, `${optimization?.speedup}`)
  assert.doesNotMatch(`${optimization?.steps}`, /times as fast/)
})

const refusals: readonly (readonly [name: string, unknown, RegExp])[] = [
  ['is missing', null, /left no report/],
  ['is no report', { outcome: 'optimized' }, /not what its schema says/],
  [
    'says that it failed',
    { outcome: 'failed', reason: 'NothingToOptimize', message: 'No layer was found.' },
    /NothingToOptimize\): No layer was found/,
  ],
  ['speaks of another recipe', { ...optimized, recipe: { quantize: 'int4' } }, /another recipe.*int4/],
]
for (const [name, report, message] of refusals)
  test(`a folder whose report ${name} is refused, and the volume stays as it is`, async () => {
    const { volume, parent, options } = await made(undefined, report)
    await assert.rejects(commitFolder(options), failing('ImportFailed', message))
    assert.deepEqual(versionsOn(volume), [parent.id])
  })

const changes: readonly (readonly [
  name: string,
  (folder: string) => void,
  Parameters<typeof failing>[0],
  RegExp,
])[] = [
  ['is no model', (out) => writeFileSync(join(out, 'model.onnx'), 'no graph'), 'NotOnnx', /./],
  [
    'has a graph that answers by another name',
    (out) =>
      writeFileSync(
        join(out, 'model.onnx'),
        onnxFile({
          ...{ inputs, outputs: [{ name: 'z', datatype: 'FP32', shape: ['batch', 'width'] }] },
          nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['z'] }],
        }),
      ),
    'ImportFailed',
    /outputs are z FP32, and those of its parent y FP32/,
  ],
  [
    'has a graph of another type',
    (out) => writeFileSync(join(out, 'model.onnx'), onnxFile(identity('FP16'))),
    'ImportFailed',
    /inputs are x FP16, and those of its parent x FP32/,
  ],
  [
    'has other labels',
    (out) => writeFileSync(join(out, 'labels.json'), '["b","a"]'),
    'ImportFailed',
    /changed a file.*labels\.json/,
  ],
  [
    'lacks the labels',
    (out) => rmSync(join(out, 'labels.json')),
    'ImportFailed',
    /left out a file.*labels\.json/,
  ],
  [
    'has a file more',
    (out) => writeFileSync(join(out, 'run.py'), ''),
    'ImportFailed',
    /added a file.*run\.py/,
  ],
  [
    'has a graph more',
    (out) => writeFileSync(join(out, 'other.onnx'), smaller),
    'ImportFailed',
    /added a file.*other\.onnx/,
  ],
  [
    'has the graph of its parent',
    (out) => writeFileSync(join(out, 'model.onnx'), model),
    'ImportFailed',
    /changed nothing/,
  ],
  [
    'has a link that leads out',
    (out) => symlinkSync('/etc/passwd', join(out, 'passwd')),
    'UnsafePath',
    /leaves its folder/,
  ],
]
for (const [name, change, reason, message] of changes)
  test(`a folder that ${name} is refused, and the volume stays as it is`, async () => {
    const { volume, parent, options } = await made(change)
    await assert.rejects(commitFolder(options), failing(reason, message))
    assert.deepEqual(versionsOn(volume), [parent.id])
  })

test('a parent that is not there, or has another task, is refused', async () => {
  const { options } = await made()
  const other = { ...options, parent: 'v_20200101_000000' }
  await assert.rejects(commitFolder(other), failing('ImportFailed', /v_20200101_000000 is not on the volume/))
  const task = { ...options, task: 'feature-extraction' as const }
  await assert.rejects(commitFolder(task), failing('ImportFailed', /imported for the task tensor/))
})

for (const [when, line] of [
  ['while its answers are compared', 'the folder of the optimizer is a model'],
  ['while rows are proven', 'checked whether requests may share runs of the model'],
] as const)
  test(`a parent that another import prunes ${when} is missed before the version appears`, async () => {
    const { volume, parent, options } = await made()
    const info = (message: string): void => {
      if (message === line) rmSync(join(volume, parent.id), { recursive: true })
    }
    const meanwhile = { ...options, log: { ...options.log, info } }
    await assert.rejects(commitFolder(meanwhile), failing('ImportFailed', /is not on the volume/))
    assert.deepEqual(versionsOn(volume), [])
  })

test('a graph in a folder of its own stays there, beside the files that were imported with it', async () => {
  const [source, { volume, options }] = [newPlace(), await made()]
  const nested = join(source, 'export', 'small')
  mkdirSync(nested, { recursive: true })
  for (const [name, content] of [
    ['model.onnx', model],
    ['labels.json', '[]'],
  ] as const)
    writeFileSync(join(nested, name), content)
  const parent = await importModel(importOptions({ source, volume, file: 'export/small/model.onnx' }))
  const out = newPlace()
  cpSync(join(volume, parent.version.id), out, { recursive: true })
  writeFileSync(join(out, 'small', 'model.onnx'), smaller)
  const { version } = await commitFolder({ ...options, folder: out, parent: parent.version.id })
  assert.equal(version.file, 'small/model.onnx')
  assert.deepEqual(readFileSync(join(volume, version.id, 'small/model.onnx')), Buffer.from(smaller))
})

test('the history limit never deletes the parent of a version that stays, and deletes both together', async () => {
  const { volume, parent, options } = await made()
  const { version, pruned } = await commitFolder({ ...options, historyLimit: 1 })
  assert.deepEqual(pruned, [])
  assert.deepEqual(versionsOn(volume), [parent.id, version.id])
  const source = join(volume, '..', 'other.onnx')
  writeFileSync(source, model)
  const next = await importModel(importOptions({ source, volume, historyLimit: 2, keep: [version.id] }))
  assert.deepEqual(next.pruned, [])
  const last = await importModel(importOptions({ source, volume, historyLimit: 1 }))
  assert.deepEqual(last.pruned, [version.id, parent.id, next.version.id])
  assert.deepEqual(versionsOn(volume), [last.version.id])
  assert.ok(existsSync(join(volume, 'versions.json')))
})

test('a report that is no file, or too large a one, is refused without being read', {
  timeout: 20_000,
}, async () => {
  const pipe = await made()
  rmSync(pipe.options.optimizationReport)
  execFileSync('mkfifo', [pipe.options.optimizationReport])
  await assert.rejects(
    commitFolder(pipe.options),
    failing('ImportFailed', /report of the optimizer is no file/),
  )
  const large = await made()
  truncateSync(large.options.optimizationReport, 3 * 2 ** 30)
  await assert.rejects(commitFolder(large.options), failing('ImportFailed', /too long/))
})

test('a report with long sentences still fits into the termination message', async () => {
  const long = { ...step, tool: 'x'.repeat(5000) }
  const { options } = await made(undefined, { ...optimized, steps: Array.from({ length: 20 }, () => long) })
  const text = reportText(importedReport(await commitFolder(options)))
  assert.ok(Buffer.byteLength(text) <= maxReportBytes)
  assert.ok(isImportReport(JSON.parse(text)))
})

test('the command line of a commit is complete, or says what is missing', () => {
  const given = {
    ...{ commit: '/optimization/model', parent: 'v_20261123_101500', recipe: '{"quantize":"int8-dynamic"}' },
    ...{ 'optimization-report': '/optimization/report.json', revision: '0123456789abcdef', task: 'tensor' },
  }
  const args = (values: object) => Object.entries(values).map(([name, value]) => `--${name}=${value}`)
  const options = readOptions(args(given), {})
  assert.ok(options?.kind === 'commit')
  assert.deepEqual(
    [options.folder, options.parent, options.recipe],
    ['/optimization/model', given.parent, recipe],
  )
  for (const [name, message] of [
    ['parent', /--commit needs --parent/],
    ['recipe', /--commit needs --recipe/],
    ['optimization-report', /--commit needs --optimization-report/],
    ['revision', /--commit needs --revision/],
  ] as const)
    assert.throws(
      () =>
        readOptions(
          args({ ...given, [name]: undefined }).filter((arg) => !arg.endsWith('=undefined')),
          {},
        ),
      message,
    )
  assert.throws(
    () => readOptions(args({ ...given, recipe: '{"quantize":"int3"}' }), {}),
    /--recipe is no recipe/,
  )
  assert.throws(() => readOptions(args({ ...given, 'max-accuracy-drop': '2' }), {}), /no number from 0 to 1/)
  assert.throws(() => readOptions(args({ ...given, source: 'file:///m' }), {}), /exclude each other/)
})
