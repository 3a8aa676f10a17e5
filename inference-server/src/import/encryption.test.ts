import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { StartError } from '../failures/errors.ts'
import { sealedSize } from '../sealing/sealed-format.ts'
import { failing, importOptions, model, placesIn, temporaryFolder } from '../testing/imports.ts'
import { folderServer, type TestClient } from '../testing/server.ts'
import { importModel } from './import-model.ts'
import { rewrapAll } from './rewrap.ts'

const folder = temporaryFolder()
after(folder.remove)
const place = placesIn(folder.path)

const golden = join(import.meta.dirname, '../../golden')
const key = (): string => randomBytes(32).toString('base64')
const keys = place({ k1: key() })
const encryption = { dir: keys, wrapping: 'k1' }
const filesOf = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(dir, path)).isFile())
const metadataOf = (dir: string): VersionMetadata =>
  JSON.parse(readFileSync(join(dir, 'metadata.json'), 'utf8')) as VersionMetadata

/** Imports a source, encrypted. @returns the folder of the version */
const imported = async (
  source: string,
  change: Partial<Parameters<typeof importOptions>[0]> = {},
): Promise<string> => {
  const volume = place()
  const { version } = await importModel(importOptions({ source, volume, encryption, ...change }))
  return join(volume, version.id)
}

const answerOf = async (
  dir: string,
  args: readonly string[],
  ask: (client: TestClient) => Promise<Response>,
) => {
  await using server = await folderServer(dir, args)
  const response = await ask(server)
  const text = await response.text()
  assert.equal(response.status, 200, text)
  const { id: _, model_version: __, ...answer } = JSON.parse(text)
  return answer
}

describe('an encrypted version answers as the folder in the clear does:', () => {
  const infer = (name: string, columns: number) => (client: TestClient) =>
    client.post('/v2/models/m/infer', {
      inputs: [{ name, shape: [1, columns], datatype: 'FP32', data: [5, 3, 1, 2].slice(0, columns) }],
    })
  const texts = (client: TestClient) => client.post('/predict', { text: 'Ada lives in Berlin' })
  const cases: Readonly<Record<string, readonly [Task, (client: TestClient) => Promise<Response>]>> = {
    'models/token-classification': ['token-classification', texts],
    'models/translation-marian': ['translation', texts],
    'tabular/sklearn-forest-numbers.onnx': ['tensor', infer('X', 4)],
  }
  for (const [name, [task, ask]] of Object.entries(cases))
    test(name, async () => {
      const source = join(golden, name)
      const dir = await imported(source, { task })
      const args = ['--task', task]
      const plain = await answerOf(source, args, ask)
      assert.deepEqual(await answerOf(dir, [...args, '--encryption-keys', keys], ask), plain)
    })

  test('weights in a file beside the graph', async () => {
    const source = join(golden, 'encryption/external')
    const ask = infer('x', 4)
    const dir = await imported(source)
    const opened = await answerOf(dir, ['--encryption-keys', keys], ask)
    assert.deepEqual(opened, await answerOf(source, [], ask))
  })
})

test('no file of a model lies on the volume in the clear, at no moment of an import', async () => {
  const source = join(golden, 'models/token-classification')
  const plain = filesOf(source).map((path) => readFileSync(join(source, path)))
  const volume = place()
  let looked = 0
  const look = (): void => {
    for (const path of filesOf(volume)) {
      const content = readFileSync(join(volume, path))
      for (const known of plain)
        assert.ok(known.length < 64 || content.indexOf(known.subarray(0, 64)) === -1, path)
      looked += 1
    }
  }
  const { log } = importOptions({ source, volume })
  const looking = { ...log, info: look, warn: look }
  await importModel(importOptions({ source, volume, encryption, task: 'token-classification', log: looking }))
  look()
  assert.ok(looked > 20)
})

test('a signature is verified before anything is kept of a source that is encrypted', async () => {
  const signatures = join(golden, 'signatures')
  const source = place({ 'model.sig': readFileSync(join(signatures, 'p256.sig')) })
  cpSync(join(signatures, 'model'), source, { recursive: true })
  const publicKey = readFileSync(join(signatures, 'p256.pem'), 'utf8')
  const dir = await imported(source, { publicKey })
  assert.equal(metadataOf(dir).signature?.files, 2)
  writeFileSync(join(source, 'labels.json'), '["other"]')
  await assert.rejects(imported(source, { publicKey }), failing('SignatureInvalid', /1 file of the source/))
})

test('sizes and digests are those of the content, and files take a little more room', async () => {
  const dir = await imported(place({ 'model.onnx': model }))
  const [file] = metadataOf(dir).files
  assert.equal(file?.sizeBytes, model.length)
  assert.equal(statSync(join(dir, 'model.onnx')).size, sealedSize(model.length))
})

describe('a server refuses', () => {
  const refused = (dir: string, args: readonly string[], words: RegExp): Promise<void> =>
    assert.rejects(folderServer(dir, args), (error: unknown) => {
      assert.ok(error instanceof StartError, `${error}`)
      assert.match(error.message, words)
      return true
    })
  const withKeys = ['--encryption-keys', keys]
  const source = place({ 'model.onnx': model, 'labels.json': '["a","b"]', 'config.json': '{}' })
  const swap = (dir: string, one: string, other: string): void => {
    renameSync(join(dir, one), join(dir, 'x'))
    renameSync(join(dir, other), join(dir, one))
    renameSync(join(dir, 'x'), join(dir, other))
  }

  test('an encrypted version without keys, with another key, and without its key', async () => {
    const dir = await imported(source)
    await refused(
      dir,
      [],
      /is encrypted under the key k1; give the folder of the keys with --encryption-keys/,
    )
    await refused(dir, ['--encryption-keys', place({ k1: key() })], /the key k1 does not open the version/)
    await refused(
      dir,
      ['--encryption-keys', place({ k2: key() })],
      /under the key k1, which the Secret does not have/,
    )
    await refused(dir, ['--encryption-keys', place({ k1: 'a word' })], /k1 is not 32 bytes in base64/)
  })

  test('a folder in the clear where there are keys, an encrypted one whose metadata.json was replaced as well', async () => {
    await refused(source, withKeys, /is not encrypted, but the server has encryption keys/)
    const dir = await imported(source)
    const { wrappedKey: _, encryptionKey: __, ...clear } = metadataOf(dir)
    writeFileSync(join(dir, 'metadata.json'), JSON.stringify(clear))
    await refused(dir, withKeys, /is not encrypted, but the server has encryption keys/)
  })

  test('a graph with a flipped bit, cut, or exchanged for one in the clear', async () => {
    const dir = await imported(source)
    const file = join(dir, 'model.onnx')
    const sealed = readFileSync(file)
    const changes = {
      'a bit': Buffer.from(sealed.map((byte, at) => (at === sealed.length - 20 ? byte ^ 4 : byte))),
      'the end': sealed.subarray(0, sealed.length - 16),
      'the whole': model,
    }
    for (const changed of Object.values(changes)) {
      writeFileSync(file, changed)
      await refused(dir, withKeys, /the encrypted file model.onnx is not as it was written/)
    }
  })

  test('a file that came, one that went, and two whose names were exchanged', async () => {
    const dir = await imported(source)
    writeFileSync(join(dir, 'responses.json'), '{"default": "pay here"}')
    await refused(dir, withKeys, /1 file is not of the import/)
    rmSync(join(dir, 'responses.json'))
    swap(dir, 'labels.json', 'config.json')
    await refused(dir, withKeys, /the encrypted file \w+\.json is not as it was written/)
    swap(dir, 'labels.json', 'config.json')
    rmSync(join(dir, 'labels.json'))
    await refused(dir, withKeys, /1 file is missing/)
  })

  test('a version in the clear whose metadata.json only says that its files are encrypted', async () => {
    const dir = await imported(source, { encryption: undefined })
    const metadata = metadataOf(dir)
    const seal = randomBytes(32).toString('base64')
    const files = metadata.files.map((file) => ({ ...file, seal }))
    writeFileSync(join(dir, 'labels.json'), '["pay","me"]')
    writeFileSync(join(dir, 'metadata.json'), JSON.stringify({ ...metadata, files }))
    await refused(dir, [], /1 file is changed/)
  })

  test('an older version under the id of a newer one', async () => {
    const [older, newer] = [await imported(source), await imported(place({ 'model.onnx': model }))]
    const { id } = metadataOf(newer)
    rmSync(newer, { recursive: true })
    cpSync(older, newer, { recursive: true })
    const metadata = { ...metadataOf(older), id }
    if (id === metadataOf(older).id) metadata.id = `${id}_9`
    writeFileSync(join(newer, 'metadata.json'), JSON.stringify(metadata))
    await refused(newer, withKeys, /the key k1 does not open the version/)
  })

  test('weights with a flipped bit, which only the worker reads', async () => {
    const dir = await imported(join(golden, 'encryption/external'))
    const file = join(dir, 'weights.bin')
    const sealed = readFileSync(file)
    sealed[100] = (sealed[100] as number) ^ 1
    writeFileSync(file, sealed)
    await refused(
      dir,
      withKeys,
      /^the encrypted file weights.bin is not as it was written; import the model anew/,
    )
  })
})

describe('keys are exchanged without touching a file:', () => {
  test('the next import wraps all versions by the newest key, and the older key can go', async () => {
    const volume = place()
    const source = place({ 'model.onnx': model })
    const [first, second] = [key(), key()]
    const start = { source, volume, encryption: { dir: place({ k1: first }), wrapping: 'k1' }, revision: 'a' }
    const { version } = await importModel(importOptions(start))
    const dir = join(volume, version.id)
    const before = readFileSync(join(dir, 'model.onnx'))
    const both = { dir: place({ k1: first, k2: second }), wrapping: 'k2' }
    const again = await importModel(importOptions({ ...start, encryption: both }))
    assert.deepEqual(
      [again.existed, again.rewrapped, again.version.encryptionKey],
      [true, [version.id], 'k2'],
    )
    assert.equal(metadataOf(dir).encryptionKey, 'k2')
    assert.deepEqual(readFileSync(join(dir, 'model.onnx')), before)
    const args = ['--encryption-keys', place({ k2: second })]
    await answerOf(dir, args, (client) => client.get('/v2/models/m'))
    const quiet = await importModel(importOptions({ ...start, encryption: both }))
    assert.equal(quiet.rewrapped, undefined)
  })

  test('a key that was taken away too early is named, and nothing is lost', async () => {
    const volume = place()
    const source = place({ 'model.onnx': model })
    const { version } = await importModel(importOptions({ source, volume, encryption }))
    const without = { dir: place({ k2: key() }), wrapping: 'k2' }
    await assert.rejects(
      importModel(importOptions({ source, volume, encryption: without })),
      failing(
        'EncryptionKeyUnusable',
        /v_\d+_\d+: the version is encrypted under the key k1, which the Secret does not have/,
      ),
    )
    assert.equal(metadataOf(join(volume, version.id)).encryptionKey, 'k1')
  })
})

test('a source that is there in the clear is imported again to be encrypted, and the other way round', async () => {
  const volume = place()
  const options = { source: place({ 'model.onnx': model }), volume, revision: 'one' }
  const ids = new Set<string>()
  for (const change of [{}, { encryption }, {}, { encryption }])
    ids.add((await importModel(importOptions({ ...options, ...change }))).version.id)
  assert.equal(ids.size, 2)
})

describe('beside versions in the clear', () => {
  test('an encrypted version takes no file of theirs, and gives them none', async () => {
    const volume = place()
    const source = place({ 'model.onnx': model, 'labels.json': '["a","b"]' })
    for (const change of [{}, { encryption }, {}])
      await importModel(importOptions({ source, volume, ...change, now: () => new Date() }))
    const versions = readdirSync(volume).filter((name) => name.startsWith('v_'))
    const [first = '', sealed = '', third = ''] = versions.sort()
    const inodeOf = (id: string): number => statSync(join(volume, id, 'labels.json')).ino
    assert.notEqual(inodeOf(sealed), inodeOf(first))
    assert.equal(inodeOf(third), inodeOf(first))
    assert.equal(filesOf(join(volume, 'blobs')).length, 2)
    assert.ok(!readFileSync(join(volume, sealed, 'labels.json')).includes('"a"'))
  })
})

describe('the command --rewrap', () => {
  test('says under which key all versions are, the first time and every other', async () => {
    const volume = place()
    const [first, second] = [key(), key()]
    const under = { dir: place({ k1: first }), wrapping: 'k1' }
    const ids: string[] = []
    for (const revision of ['a', 'b']) {
      const source = place({ 'model.onnx': model })
      ids.push((await importModel(importOptions({ source, volume, revision, encryption: under }))).version.id)
    }
    await importModel(importOptions({ source: place({ 'model.onnx': model }), volume, revision: 'clear' }))
    const both = { dir: place({ k1: first, k2: second }), wrapping: 'k2' }
    for (const _ of ['once', 'again']) {
      const { version, rewrapped } = await rewrapAll({ volume, encryption: both })
      assert.deepEqual([version.id, version.encryptionKey, rewrapped], [ids[1], 'k2', ids])
    }
    await rewrapAll({ volume, encryption: { dir: place({ k2: second }), wrapping: 'k2' } })
  })

  test('refuses a volume without encrypted versions', async () => {
    const volume = place()
    await importModel(importOptions({ source: place({ 'model.onnx': model }), volume }))
    await assert.rejects(
      rewrapAll({ volume, encryption }),
      failing('ImportFailed', /no version in .* is encrypted/),
    )
  })
})
