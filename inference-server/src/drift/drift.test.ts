import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { driftReferenceFile, driftReferencePath } from '@gantry/contract/drift.ts'
import { seededRandom } from '../testing/random.ts'
import { folderServer, type TestServer } from '../testing/server.ts'

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
    const features = [
      { name: 'other', kind: 'number', edges: [0], counts: [60, 60], missing: 0, least: -1, most: 1 },
    ]
    await writeFile(join(folder, driftReferenceFile), JSON.stringify({ format: 1, samples: 120, features }))
    await using server = await folderServer(folder)
    await ask(server, rowsOf(1, seededRandom(2)))
    assert.equal(await driftOf(server), undefined)
    assert.ok(
      server.lines.some(
        ({ level, fields }) => level === 'warn' && /no feature "other"/.test(String(fields['reason'])),
      ),
    )
    assert.match(await (await server.get('/metrics')).text(), /gantry_drift_reference_unusable\{[^}]*\} 1/)
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
