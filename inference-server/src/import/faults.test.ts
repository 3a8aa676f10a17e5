/** Imports, commits of optimizations and of exports, and repairs that end at any change of the volume: no half version is ever seen, and the next run completes it. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { VersionMetadata, VersionsIndex } from '@gantry/contract/versions.ts'
import { ImportError } from '../failures/import-error.ts'
import { fsck } from '../fsck/fsck.ts'
import { Killed, withFault } from '../testing/file-system-faults.ts'
import { copyVolume, importOptions, model, placesIn, temporaryFolder } from '../testing/imports.ts'
import { onnxFile } from '../testing/onnx.ts'
import { commitFolder } from './commit/commit-folder.ts'
import { importModel } from './import-model.ts'

// Hundreds of volumes are made, and a file system in memory has no disk to wait for.
const memory = '/dev/shm'
const folder = temporaryFolder(existsSync(memory) ? memory : undefined)
after(folder.remove)
const newPlace = placesIn(folder.path)

const source = newPlace({ 'top/net.onnx': model, 'top/labels.json': '["a"]', 'top/more/notes.txt': 'x' })
const oldest = newPlace({ 'model.onnx': model, 'labels.json': '["of the oldest"]' })
const input = newPlace({ 'churn.skops': 'PK a model', 'tokenizer.json': '{}' })
const made = newPlace({ 'model.onnx': model, 'labels.json': '["no"]' })
const report = join(newPlace(), 'report.json')
writeFileSync(
  report,
  JSON.stringify({
    ...{ outcome: 'exported', model: 'model.onnx', sizeBytes: 9, opset: {}, inputs: [], outputs: [] },
    source: { file: 'model.skops', sha256: '0'.repeat(64), library: 'scikit-learn', version: '1' },
    ...{ parity: [], remarks: [], versions: {} },
  }),
)

const optimizationReport = join(newPlace(), 'optimization.json')
const recipe = { quantize: 'int8-dynamic' } as const
const agreement = { inputs: 'generated', samples: 1, sameAnswers: 1, largestDifference: 0, meanDifference: 0 }
const sizeBytes = { before: 9, after: 8 }
writeFileSync(
  optimizationReport,
  JSON.stringify({
    ...{ outcome: 'optimized', recipe, model: 'model.onnx', steps: [], versions: {} },
    total: {
      ...{ sizeBytes, agreement },
      latency: { beforeMs: 2, afterMs: 1, speedup: 2, spread: 0, rows: 1, threads: 1 },
    },
  }),
)
const values = (name: string) => [{ name, datatype: 'FP32', shape: ['batch', 'width'] }] as const
const otherGraph = onnxFile({
  ...{ inputs: values('x'), outputs: values('y') },
  nodes: [
    { op: 'Identity', inputs: ['x'], outputs: ['same'] },
    { op: 'Identity', inputs: ['same'], outputs: ['y'] },
  ],
})
const optimized = newPlace({ 'model.onnx': otherGraph, 'labels.json': '["of the parent"]' })

/** A volume with three versions: the oldest, an input of exports, and the parent of an optimization. */
const template = newPlace()
await importModel(importOptions({ source: oldest, volume: template, revision: 'old' }))
const { version: parent } = await importModel(
  importOptions({ source: input, volume: template, revision: 'input', export: true }),
)
const { version: graphParent } = await importModel(
  importOptions({
    source: newPlace({ 'model.onnx': model, 'labels.json': '["of the parent"]' }),
    ...{ volume: template, revision: 'parent' },
  }),
)
// Where memory is short no process compares answers, which would take half a second at each call.
process.constrainedMemory = () => 1

const newVolume = (): string => {
  const volume = join(newPlace(), 'models')
  copyVolume(template, volume)
  return volume
}

const runs = {
  // Beyond its limit an import removes the oldest version, and its blobs.
  'an import': (volume: string) =>
    importModel(importOptions({ source, volume, revision: 'new', historyLimit: 3, keep: [parent.id] })),
  'the commit of an export': (volume: string) =>
    commitFolder({
      ...importOptions({ source: '', volume, revision: 'new', historyLimit: 3 }),
      ...{ folder: made, parent: parent.id, recipe: { export: { missingValues: true } } },
      ...{ aim: undefined, optimizationReport: report, samples: undefined },
    }),
  'the commit of an optimization': (volume: string) =>
    commitFolder({
      ...importOptions({ source: '', volume, revision: 'new' }),
      ...{ folder: optimized, parent: graphParent.id, recipe },
      ...{ aim: undefined, optimizationReport, samples: undefined },
    }),
} as const

const problems = [
  ['ENOSPC', /^VolumeFull: the model volume has .* free/],
  ['EROFS', /^ImportFailed: .* cannot be written \(EROFS\); check that the volume is mounted writable/],
] as const

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

/** Whatever has the name of a version is whole, and the index is whole and names no other revision twice. */
const checkVolume = (volume: string): readonly string[] => {
  const ids = readdirSync(volume).filter((name) => name.startsWith('v_'))
  for (const id of ids) {
    const { files, revision }: VersionMetadata = JSON.parse(
      readFileSync(join(volume, id, 'metadata.json'), 'utf8'),
    )
    assert.ok(revision.length > 0)
    for (const file of files)
      assert.equal(sha256(join(volume, id, file.path)), file.sha256, `${id}/${file.path}`)
  }
  const index: VersionsIndex = JSON.parse(readFileSync(join(volume, 'versions.json'), 'utf8'))
  const revisions = index.versions.map(({ revision }) => revision)
  assert.equal(new Set(revisions).size, revisions.length)
  return ids
}

/** The next run brings the same version, once. */
const completes = async (volume: string, run: (volume: string) => Promise<unknown>): Promise<void> => {
  await run(volume)
  const ids = checkVolume(volume)
  const index: VersionsIndex = JSON.parse(readFileSync(join(volume, 'versions.json'), 'utf8'))
  assert.deepEqual(
    index.versions.map(({ id }) => id),
    ids,
  )
  assert.equal(index.versions.filter(({ revision }) => revision === 'new').length, 1)
}

for (const [name, run] of Object.entries(runs)) {
  test(`${name} that is killed at any change of the volume leaves no half version, and the next one completes it`, async () => {
    const { calls, error } = await withFault(undefined, () => run(newVolume()))
    assert.equal(error, undefined)
    assert.ok(calls > 20, `only ${calls} calls were met`)
    for (let at = 1; at <= calls; at++) {
      const volume = newVolume()
      const killed = await withFault({ kind: 'killed', at }, () => run(volume))
      assert.ok(
        killed.error instanceof Killed || killed.error instanceof ImportError || killed.result,
        `call ${at}`,
      )
      checkVolume(volume)
      await completes(volume, run)
    }
  })

  test(`${name} whose volume is full or read-only at any change says so, and leaves what was there`, async () => {
    const { calls } = await withFault(undefined, () => run(newVolume()))
    for (let at = 1; at <= calls; at++) {
      const [code, said] = problems[at % 2] as (typeof problems)[number]
      for (const kind of ['fails', 'stays'] as const) {
        const volume = newVolume()
        const { error } = await withFault({ kind, at, code }, () => run(volume))
        const left = readdirSync(volume).filter((one) => one.startsWith('.import-'))
        if (error !== undefined) {
          assert.ok(error instanceof ImportError, `call ${at}: ${error}`)
          assert.match(`${error.reason}: ${error.message}`, said, `call ${at}`)
          if (kind === 'fails') assert.deepEqual(left, [], `call ${at}`)
        }
        checkVolume(volume)
        if (at % 8 === 0) await completes(volume, run)
      }
    }
  })
}

/** The same labels in two versions, one of them damaged; and all that a repair deletes or writes anew. */
const damagedVolume = (): string => {
  const volume = newVolume()
  const [id = ''] = readdirSync(volume).filter((name) => name.startsWith('v_'))
  const labels = join(volume, id, 'labels.json')
  const text = readFileSync(labels, 'utf8')
  rmSync(labels)
  writeFileSync(labels, text.replace('oldest', 'devil!'))
  chmodSync(labels, 0o644)
  mkdirSync(join(volume, '.removed-1'))
  writeFileSync(join(volume, 'versions.json'), '{')
  mkdirSync(join(volume, 'blobs/sha256/ab'), { recursive: true })
  writeFileSync(join(volume, 'blobs/sha256/ab', 'ab'.repeat(32)), 'x')
  return volume
}

test('a repair that ends at any change of the volume makes nothing worse, and the next one completes it', async () => {
  const repair = (volume: string) => fsck({ volume, repair: true, signal: new AbortController().signal })
  const { calls } = await withFault(undefined, () => repair(damagedVolume()))
  assert.ok(calls > 8, `only ${calls} calls were met`)
  for (let at = 1; at <= calls; at++)
    for (const fault of [{ kind: 'killed', at } as const, { kind: 'stays', at, code: 'ENOSPC' } as const]) {
      const volume = damagedVolume()
      await withFault(fault, () => repair(volume))
      await repair(volume)
      assert.equal((await repair(volume)).outcome, 'sound', `call ${at}`)
      checkVolume(volume)
    }
})
