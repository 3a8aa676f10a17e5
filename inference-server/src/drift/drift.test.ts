import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { driftReferenceFile, driftReferencePath } from '@gantry/contract/drift.ts'
import type { Log } from '../process/log.ts'
import { seededRandom } from '../testing/random.ts'
import { folderServer, type TestServer } from '../testing/server.ts'
import { openDrift } from './drift.ts'

const source = fileURLToPath(new URL('../../../examples/breast-cancer/model', import.meta.url))

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const columns = 30
const rowsOf = (count: number, random: () => number, shift: (column: number) => number = () => 0) =>
  Array.from({ length: count * columns }, (_, at) => normal(random) + shift(at % columns))

const ask = async (server: TestServer, data: readonly number[]) => {
  const shape = [data.length / columns, columns]
  const response = await server.post('/v2/models/m/infer', {
    inputs: [{ name: 'input', datatype: 'FP32', shape, data }],
  })
  assert.equal(response.status, 200)
  await response.arrayBuffer()
}

const driftOf = async (server: TestServer) =>
  (
    (await (await server.get('/v2/models/m')).json()) as {
      gantry: { drift?: { samples: number; enough: boolean; features: { name: string }[] } }
    }
  ).gantry.drift

const numbers = {
  ...{ name: 'input[7]', kind: 'number', edges: [0], counts: [60, 60] },
  ...{ missing: 0, least: -1, most: 1 },
}
const referenceOf = (features: readonly object[]): string =>
  JSON.stringify({ format: 1, samples: 120, salt: '0123456789abcdef', features })

const withFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-drift-'))
  try {
    await cp(source, folder, { recursive: true })
    await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('shifted inputs are named by their feature, and inputs like the reference are not', async () => {
  await withFolder(async (folder) => {
    const random = seededRandom(1)
    {
      await using recording = await folderServer(folder, ['--drift', 'record'])
      await ask(recording, rowsOf(2000, random))
      const reference = await recording.get(driftReferencePath)
      assert.equal(reference.status, 200)
      await writeFile(join(folder, driftReferenceFile), await reference.text())
    }
    await using server = await folderServer(folder)
    for (let at = 0; at < 40; at++) await ask(server, rowsOf(40, random))
    const same = await driftOf(server)
    assert.equal(same?.enough, true)
    assert.deepEqual(same?.features, [])
    await using shifted = await folderServer(folder)
    for (let at = 0; at < 40; at++)
      await ask(
        shifted,
        rowsOf(40, random, (column) => (column === 7 ? 1 : 0)),
      )
    const seen = await driftOf(shifted)
    assert.deepEqual(
      seen?.features.map(({ name }) => name),
      ['input[7]'],
    )
    const metrics = await (await shifted.get('/metrics')).text()
    assert.match(metrics, /gantry_drift\{[^}]*feature="input\[7\]",statistic="psi"\} 0?\.?\d/)
    await using off = await folderServer(folder, ['--drift', 'off'])
    assert.equal(await driftOf(off), undefined)
  })
})

test('a reference of another model is told, and the version is served without it', async () => {
  await withFolder(async (folder) => {
    await writeFile(join(folder, driftReferenceFile), referenceOf([{ ...numbers, name: 'other' }]))
    await using server = await folderServer(folder)
    await ask(server, rowsOf(1, seededRandom(2)))
    const unusable =
      'drift-reference.json belongs to another model: the model has no feature "other" of kind number'
    assert.deepEqual(await driftOf(server), { samples: 0, enough: false, features: [], unusable })
    assert.ok(
      server.lines.some(
        ({ level, fields }) => level === 'warn' && /no feature "other"/.test(String(fields['reason'])),
      ),
    )
    const metrics = await (await server.get('/metrics')).text()
    assert.match(metrics, /gantry_drift_reference_unusable\{[^}]*\} 1/)
    assert.doesNotMatch(metrics, /gantry_drift_(samples|features)\{/)
  })
})

const vector = { name: 'x', kind: 'vector', samples: 60, mean: [1, 2], variance: 1 }
const refused: readonly (readonly [what: string, text: string, reason: RegExp])[] = [
  ['cut off', referenceOf([numbers]).slice(0, -9), /is not JSON/],
  ['of no members', '[]', /no reference of this version/],
  [
    'of another format',
    referenceOf([numbers]).replace('"format":1', '"format":2'),
    /no reference of this version/,
  ],
  ['with NaN', referenceOf([numbers]).replace('-1', 'NaN'), /is not JSON/],
  ['beyond its limit', referenceOf([numbers]) + ' '.repeat(9 * 2 ** 20), /has more than 8 MiB/],
  ['with a feature twice', referenceOf([numbers, numbers]), /"input\[7\]" is there twice/],
  ['without a count', referenceOf([{ ...numbers, counts: [60] }]), /is not whole/],
  ['without bounds', referenceOf([{ ...numbers, least: undefined }]), /is not whole/],
  ['of other edges', referenceOf([{ ...numbers, edges: [1, 0], counts: [1, 1, 1] }]), /is not whole/],
  ['of no rows', referenceOf([{ ...numbers, counts: [0, 0] }]), /is not whole/],
  ['of a vector that the model has not', referenceOf([vector]), /no feature "x" of kind vector/],
]

test('a reference that is broken or huge is refused with its reason, in the log and in the metadata', async () => {
  await withFolder(async (dir) => {
    const path = join(dir, driftReferenceFile)
    const inputs = [{ name: 'input', datatype: 'FP32', shape: [-1, 30], symbols: ['', ''] }] as const
    const open = async () => {
      const warned: unknown[] = []
      const log = { warn: (...line: unknown[]) => warned.push(line) } as unknown as Log
      const signature = { inputs, outputs: [] }
      const drift = await openDrift({ mode: 'auto', dir, signature, task: undefined, log, nowMs: () => 0 })
      return { drift, warned }
    }
    for (const [what, text, reason] of refused) {
      await writeFile(path, text)
      const { drift, warned } = await open()
      assert.match(drift.state?.().unusable ?? '', reason, what)
      assert.deepEqual([drift.isUnusable, drift.observer, warned.length], [true, undefined, 1], what)
    }
    await rm(path)
    await mkdir(path)
    assert.match((await open()).drift.state?.().unusable ?? '', /is no file/)
    await rm(path, { recursive: true })
    assert.deepEqual(await open(), { drift: {}, warned: [] })
  })
})

test('texts count by their length, one token and their vector', async () => {
  const model = fileURLToPath(new URL('../../golden/models/feature-extraction', import.meta.url))
  await using server = await folderServer(model, ['--drift', 'record'])
  assert.equal((await server.get(driftReferencePath)).status, 422)
  await using recording = await folderServer(model, ['--drift', 'record'])
  const instances = Array.from({ length: 60 }, (_, at) => ({
    text: `a house ${at} is ${'very '.repeat(at % 7)}blue`,
  }))
  assert.equal((await recording.post('/predict', { instances })).status, 200)
  const reference = (await (await recording.get(driftReferencePath)).json()) as {
    readonly samples: number
    readonly features: readonly { readonly name: string; readonly kind: string }[]
  }
  assert.equal(reference.samples, 60)
  assert.deepEqual(
    reference.features.map(({ name, kind }) => `${name}: ${kind}`),
    ['tokens: number', 'input_ids.element: number', 'embedding: vector', 'embedding.norm: number'],
  )
  await recording.post('/predict', { instances })
  assert.equal(((await (await recording.get(driftReferencePath)).json()) as { samples: number }).samples, 60)
})
