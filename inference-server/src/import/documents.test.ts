/** What an import really writes is valid by the schema that its readers check by; what it reads of others need not be. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { isImportReport, isIndexedVersion } from '@gantry/contract/documents.ts'
import { type ImportFailure, maxReportBytes } from '@gantry/contract/importing.ts'
import type { Task } from '@gantry/contract/server.ts'
import { type VersionMetadata, type VersionsIndex, versionIdPattern } from '@gantry/contract/versions.ts'
// biome-ignore lint/correctness/noUndeclaredDependencies: the generator at the root has it, and only this test uses it here.
import { Ajv } from 'ajv'
import { asImportError } from '../failures/import-error.ts'
import { bytes, integer, message } from '../onnx/write.ts'
import { tar } from '../testing/archives.ts'
import { importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { identity } from '../testing/models.ts'
import { onnxFile } from '../testing/onnx.ts'
import type { Imported } from './add-version.ts'
import { failedReport, importedReport, reportText } from './command/report.ts'
import { type ImportOptions, importModel } from './import-model.ts'

const folder = temporaryFolder()
after(folder.remove)
const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../contract/documents.schema.json'), 'utf8'),
)
/** No program reads the whole of metadata.json, so contract/documents.ts has no validator of it. */
const isVersionMetadata = new Ajv({ logger: false }).compile<VersionMetadata>({
  ...schema,
  $ref: '#/definitions/VersionMetadata',
})
const golden = join(import.meta.dirname, '../../golden')

const place = (): string => mkdtempSync(join(folder.path, 'case-'))
const fileOf = (content: string | Buffer): string => {
  const path = join(place(), 'download')
  writeFileSync(path, content)
  return path
}
const folderOf = (...names: string[]): string => {
  const dir = place()
  for (const name of names) writeFileSync(join(dir, name), model)
  return dir
}
/** A revision in the form that the operator gives. */
const revision = (number: number): string => number.toString(16).padStart(16, '0')

type Change = Partial<ImportOptions> & { readonly source: string }

const written = async (volume: string, change: Change): Promise<Imported> =>
  importModel(importOptions({ volume, revision: revision(1), ...change }))
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'))

const external = onnxFile({
  ...identity('FP32', ['batch', 2]),
  constants: [{ name: 'w', shape: [2], data: Float32Array.of(1, 2), file: 'absent.data' }],
  nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
})

const newer = Buffer.concat([
  integer(1, 8),
  message(7, [
    message(1, [bytes(1, 'x'), bytes(2, 'y'), bytes(4, 'Identity')]),
    message(12, [bytes(1, 'y')]),
  ]),
  message(8, [bytes(1, ''), integer(2, 999)]),
])

describe('the metadata, the index and the report of an import are valid:', () => {
  const cases: Readonly<Record<string, () => Change>> = {
    'a file': () => ({ source: fileOf(model) }),
    'a labelled one': () => ({ source: fileOf(model), label: '1.4' }),
    'one whose graph is renamed': () => ({ source: folderOf('iris.onnx') }),
    'one whose graph was chosen': () => ({ source: folderOf('a.onnx', 'b.onnx'), file: 'b.onnx' }),
  }
  for (const [what, change] of Object.entries(cases))
    test(what, async () => {
      const volume = place()
      const { source, ...rest } = change()
      const imported = await written(volume, { source, ...rest })
      const metadata = json(volume, imported.version.id, 'metadata.json')
      assert.ok(isVersionMetadata(metadata), JSON.stringify(metadata))
      const { versions } = json(volume, 'versions.json') as VersionsIndex
      assert.equal(versions.length, 1)
      assert.ok(versions.every(isIndexedVersion))
      assert.ok(isImportReport(JSON.parse(reportText(importedReport(imported)))))
      const again = await written(volume, { source, ...rest })
      assert.ok(again.existed)
      assert.ok(isImportReport(JSON.parse(reportText(importedReport(again)))))
    })

  /** One graph and two, a graph with ZipMap, and folders with a tokenizer. */
  const examples: Readonly<Record<string, Task>> = {
    'models/translation-marian': 'translation',
    'models/image-to-text': 'image-to-text',
    'models/token-classification': 'token-classification',
    'models/image-classification': 'image-classification',
    'tabular/sklearn-forest-numbers.onnx': 'tensor',
  }
  for (const [name, task] of Object.entries(examples))
    test(name, async () => {
      const volume = place()
      const imported = await written(volume, { source: join(golden, name), task })
      const metadata = json(volume, imported.version.id, 'metadata.json')
      assert.ok(isVersionMetadata(metadata), JSON.stringify(metadata))
      assert.ok(metadata.files.length > 0 && Object.keys(metadata.rows ?? {}).length > 0)
      assert.ok((json(volume, 'versions.json') as VersionsIndex).versions.every(isIndexedVersion))
      assert.ok(isImportReport(JSON.parse(reportText(importedReport(imported)))))
    })

  test('a report that has to be cut, with ids that were pruned', async () => {
    const volume = place()
    for (let count = 0; count < 3; count += 1)
      await written(volume, { source: fileOf(model), revision: revision(count) })
    const imported = await written(volume, {
      ...{ source: fileOf(model), revision: revision(9), historyLimit: 1 },
      shownAs: `https://models.example/${'ä'.repeat(3000)}`,
    })
    assert.equal(imported.pruned.length, 3)
    const pruned = Array.from({ length: 400 }, (_, index) => `v_20261123_100000_${index + 2}`)
    const version = {
      ...{ ...imported.version, sourceRevision: '模'.repeat(512) },
      requestedBy: {
        uid: 'u'.repeat(64),
        generation: 9e15,
        namespace: 'n'.repeat(63),
        name: 'm'.repeat(253),
      },
      signature: { key: imported.version.digest, files: 10_000, digest: imported.version.digest },
      optimization: {
        ...{ recipe: { quantize: 'int8-dynamic' as const }, sizeBytes: { before: 2, after: 1 } },
        steps: Array.from({ length: 8 }, () => '步'.repeat(400)),
      },
    }
    for (const report of [imported, { ...imported, pruned }, { ...imported, pruned, version }]) {
      const text = reportText(importedReport(report))
      assert.ok(Buffer.byteLength(text) <= maxReportBytes)
      assert.ok(isImportReport(JSON.parse(text)), text)
    }
  })
})

describe('the report of a failure is valid for every reason:', () => {
  const answers = createServer((request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    response.end()
  })
  after(() => answers.close())
  const address = async (status: number): Promise<string> => {
    if (!answers.listening) await new Promise<void>((resolve) => answers.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(answers.address() as AddressInfo).port}/${status}`
  }

  /** Complete by its type: a reason that is added needs a case. */
  const cases: Readonly<Record<ImportFailure, () => Promise<Change> | Change>> = {
    SourceUnreachable: async () => ({ source: await address(503) }),
    SourceNotFound: () => ({ source: '/gone' }),
    SourceForbidden: async () => ({ source: await address(401) }),
    SourceNotAllowed: () => ({ source: 'http://169.254.169.254/model.onnx' }),
    SourceUnsupported: () => ({ source: 'ftp://models.example/model.onnx' }),
    DigestMismatch: () => ({ source: fileOf(model), sha256: '0'.repeat(64) }),
    SignatureInvalid: () => ({ source: folderOf('model.onnx'), publicKey: 'no key' }),
    NotOnnx: () => ({ source: fileOf('<html>') }),
    UnsafePath: () => ({ source: fileOf(tar([{ path: '../a', content: 'x' }])) }),
    ModelIncomplete: () => ({ source: fileOf(external) }),
    ModelUnsupported: () => ({ source: fileOf(newer) }),
    VolumeFull: () => ({ source: fileOf(model), maxBytes: 1 }),
    EncryptionKeyUnusable: () => ({ source: fileOf(model), encryption: { dir: place(), wrapping: 'k1' } }),
    ImportFailed: () => ({ source: fileOf(model), signal: AbortSignal.abort() }),
  }
  for (const [reason, change] of Object.entries(cases))
    test(reason, async () => {
      const failure = await written(place(), await change()).then(() => undefined, asImportError)
      assert.equal(failure?.reason, reason, failure?.message)
      const report: unknown = JSON.parse(
        reportText(failedReport(failure as ReturnType<typeof asImportError>)),
      )
      assert.ok(isImportReport(report), JSON.stringify(report))
    })

  test('a long sentence is cut to what a kubelet passes on', () => {
    const message = 'ä'.repeat(9000)
    const text = reportText({ outcome: 'failed', reason: 'NotOnnx', message, retry: 'never' })
    assert.ok(Buffer.byteLength(text) <= maxReportBytes)
    assert.ok(isImportReport(JSON.parse(text)))
  })
})

describe('a folder is no version whose metadata.json is', () => {
  const good = {
    ...{
      id: 'v_20200101_000000',
      revision: revision(7),
      source: 'https://models.example/m.onnx',
      task: 'tensor',
    },
    ...{ digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 1, createdAt: '2020-01-01T00:00:00.000Z', files: [] },
  }
  const indexOf = async (metadata: unknown): Promise<readonly string[]> => {
    const volume = place()
    mkdirSync(join(volume, good.id))
    writeFileSync(join(volume, good.id, 'metadata.json'), JSON.stringify(metadata))
    const { version } = await written(volume, { source: fileOf(model), revision: revision(8) })
    const { versions } = json(volume, 'versions.json') as VersionsIndex
    assert.match(version.id, versionIdPattern)
    return versions.map(({ id }) => id).filter((id) => id !== version.id)
  }
  for (const [what, metadata] of [
    ['null', null],
    ['a number', 7],
    ['an object of something else', { name: 'iris' }],
    ['without a source', { ...good, source: undefined }],
    ['of a size that is none', { ...good, sizeBytes: '1' }],
  ] as const)
    test(`${what}, and the import goes on`, async () => assert.deepEqual(await indexOf(metadata), []))

  test('one that is valid is', async () => assert.deepEqual(await indexOf(good), [good.id]))
})
