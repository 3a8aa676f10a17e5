/** `fsck` finds whatever is not as an import left it, says what to do, and repairs only what takes nothing from a version. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isVolumeReport } from '@gantry/contract/documents.ts'
import { driftReferenceFile } from '@gantry/contract/drift.ts'
import type { VolumeReport } from '@gantry/contract/fsck.ts'
import { blobPath } from '../import/blobs.ts'
import { importModel } from '../import/import-model.ts'
import { withoutLinks } from '../testing/file-system-faults.ts'
import { copyVolume, importOptions, model, placesIn, temporaryFolder } from '../testing/imports.ts'
import { fsck } from './fsck.ts'

const folder = temporaryFolder()
after(folder.remove)
const newPlace = placesIn(folder.path)

const importing = async (volume: string, labels: string) => {
  const source = newPlace({ 'model.onnx': model, 'sub/labels.json': labels })
  return (await importModel(importOptions({ source, volume }))).version.id
}

/** Two versions with one graph and different labels. */
const template = newPlace()
const [older, newer] = [await importing(template, '["a"]'), await importing(template, '["b"]')]
const made = () => {
  const volume = join(newPlace(), 'models')
  copyVolume(template, volume)
  return { volume, older, newer }
}
type Made = ReturnType<typeof made>

const check = (volume: string, repair = false): Promise<VolumeReport> =>
  fsck({ volume, repair, signal: new AbortController().signal })
const said = ({ findings }: VolumeReport): readonly string[] =>
  findings.map(({ state, problem, path }) => `${state} ${problem} ${path}`)

/** Other bytes in the place of a file, as a disk that has lost some gives them. */
const damage = (path: string): void => {
  const bytes = readFileSync(path)
  bytes[0] = (bytes[0] ?? 0) ^ 1
  chmodSync(path, 0o644)
  writeFileSync(path, bytes)
}

test('a volume as imports leave it is sound, and files that versions share are read once', async () => {
  const { volume } = made()
  const report = await check(volume)
  assert.deepEqual(
    { ...report, findings: said(report) },
    { outcome: 'sound', versions: 2, files: 4, sizeBytes: model.length + 10, findings: [], leftOut: 0 },
  )
  assert.deepEqual((await check(newPlace())).findings, [], 'an empty folder, too')
})

/** What is done to the volume, what is found, and what is found after a repair. */
const cases: Readonly<Record<string, [(made: Made) => void, (made: Made) => string[], string[]]>> = {
  'a flipped bit of a file that two versions share': [
    ({ volume, older }) => damage(join(volume, older, 'model.onnx')),
    ({ older, newer }) => [
      `broken FileDamaged ${older}/model.onnx`,
      `broken FileDamaged ${newer}/model.onnx`,
      'repairable BlobDamaged BLOB',
    ],
    ['broken FileDamaged', 'broken FileDamaged'],
  ],
  'a version whose file was replaced': [
    ({ volume, older }) => {
      rmSync(join(volume, older, 'model.onnx'))
      writeFileSync(join(volume, older, 'model.onnx'), 'x')
    },
    ({ older }) => [`repairable FileDamaged ${older}/model.onnx`],
    [],
  ],
  'a link in the place of a file': [
    ({ volume, older }) => {
      rmSync(join(volume, older, 'model.onnx'))
      symlinkSync('/etc/passwd', join(volume, older, 'model.onnx'))
    },
    ({ older }) => [`repairable FileUnreadable ${older}/model.onnx`],
    [],
  ],
  'a missing folder of a version': [
    ({ volume, older }) => rmSync(join(volume, older, 'sub'), { recursive: true }),
    ({ older }) => [`repairable FileMissing ${older}/sub/labels.json`],
    [],
  ],
  'a file that nobody imported': [
    ({ volume, newer }) => writeFileSync(join(volume, newer, 'tokenizer.json'), '{}'),
    ({ newer }) => [`broken FileUnknown ${newer}/tokenizer.json`],
    ['broken FileUnknown'],
  ],
  'metadata that lost its end': [
    ({ volume, newer }) => writeFileSync(join(volume, newer, 'metadata.json'), '{"id": "v_'),
    ({ newer }) => [
      `broken MetadataUnreadable ${newer}/metadata.json`,
      'repairable BlobUnneeded BLOB',
      'repairable IndexStale versions.json',
    ],
    ['broken MetadataUnreadable'],
  ],
  'metadata with another digest': [
    ({ volume, newer }) => {
      const path = join(volume, newer, 'metadata.json')
      writeFileSync(path, readFileSync(path, 'utf8').replace(/"sha256:..../, '"sha256:0000'))
    },
    ({ newer }) => [`broken DigestWrong ${newer}/metadata.json`, 'repairable IndexStale versions.json'],
    ['broken DigestWrong'],
  ],
  'metadata that leads out of the version': [
    ({ volume, newer }) => {
      const path = join(volume, newer, 'metadata.json')
      writeFileSync(path, readFileSync(path, 'utf8').replace('sub/labels.json', '../../labels.json'))
    },
    ({ newer }) => [`broken MetadataUnreadable ${newer}/metadata.json`],
    ['broken MetadataUnreadable'],
  ],
  'half a folder': [
    ({ volume }) => mkdirSync(join(volume, 'v_20260101_000000', 'x'), { recursive: true }),
    () => ['broken MetadataUnreadable v_20260101_000000/metadata.json'],
    ['broken MetadataUnreadable'],
  ],
  'an index of other versions': [
    ({ volume }) => writeFileSync(join(volume, 'versions.json'), '{"versions": []}'),
    () => ['repairable IndexStale versions.json'],
    [],
  ],
  'what a killed import left': [
    ({ volume, older }) => renameSync(join(volume, older), join(volume, '.removed-1')),
    () => [
      'repairable LeftByImport .removed-1',
      'repairable BlobUnneeded BLOB',
      'repairable IndexStale versions.json',
    ],
    [],
  ],
  'a blob that is damaged alone': [
    ({ volume, older }) => {
      const file = join(volume, older, 'sub/labels.json')
      copyFileSync(file, `${file}.copy`)
      damage(file)
      renameSync(`${file}.copy`, file)
    },
    ({ older }) => [`harmless BlobMissing ${older}/sub/labels.json`, 'repairable BlobDamaged BLOB'],
    [],
  ],
  'what is no blob': [
    ({ volume }) => {
      for (const path of ['readme', 'zz/notes'] as const) {
        mkdirSync(join(volume, 'blobs/sha256', path, '..'), { recursive: true })
        writeFileSync(join(volume, 'blobs/sha256', path), '')
      }
    },
    () => ['broken BlobUnknown BLOB', 'broken BlobUnknown BLOB'],
    ['broken BlobUnknown', 'broken BlobUnknown'],
  ],
  'no blobs at all, as on a volume of an earlier release': [
    ({ volume }) => rmSync(join(volume, 'blobs'), { recursive: true }),
    ({ older, newer }) => [
      `harmless BlobMissing ${older}/model.onnx`,
      `harmless BlobMissing ${older}/sub/labels.json`,
      `harmless BlobMissing ${newer}/model.onnx`,
      `harmless BlobMissing ${newer}/sub/labels.json`,
    ],
    [],
  ],
}

for (const [what, [change, expected, left]] of Object.entries(cases))
  test(`it finds ${what}, and repairs it only where nothing is lost`, async () => {
    const all = made()
    change(all)
    const before = readdirSync(all.volume, { recursive: true }).map(String).sort()
    const found = await check(all.volume)
    assert.deepEqual(
      said(found).map((one) => one.replace(/blobs\/sha256.*$/, 'BLOB')),
      expected(all),
    )
    assert.ok(isVolumeReport(found))
    assert.deepEqual(
      readdirSync(all.volume, { recursive: true }).map(String).sort(),
      before,
      'a check changes nothing',
    )
    for (const { message, advice } of found.findings) assert.ok(message.length > 10 && advice.length > 10)
    await check(all.volume, true)
    const after = await check(all.volume)
    assert.deepEqual(
      said(after).map((one) => one.split(' ').slice(0, 2).join(' ')),
      left,
    )
    assert.equal(after.outcome, left.length === 0 ? 'sound' : 'broken')
  })

test('what a server passes over is no finding: deleted files that are open, names on their way, a newer reference for drift', async () => {
  const volume = newPlace()
  const source = newPlace({ 'model.onnx': model, [driftReferenceFile]: '{}' })
  const { id } = (await importModel(importOptions({ source, volume }))).version
  rmSync(join(volume, id, driftReferenceFile))
  for (const name of [driftReferenceFile, '.nfs0000000000ab', `.${randomUUID()}`])
    writeFileSync(join(volume, id, name), '{"newer": true}')
  assert.deepEqual(said(await check(volume)), [])
})

test('a version with more files than any import makes is told, and the others are checked', async () => {
  const { volume, older, newer } = made()
  for (let count = 0; count < 20_001; count += 1)
    linkSync(join(volume, older, 'model.onnx'), join(volume, older, `${count}`))
  damage(join(volume, newer, 'sub/labels.json'))
  assert.deepEqual(said(await check(volume)).slice(0, 2), [
    `broken MetadataUnreadable ${older}/metadata.json`,
    `broken FileDamaged ${newer}/sub/labels.json`,
  ])
})

test('a damaged version is whole again once its source was imported again', async () => {
  const { volume, older, newer } = made()
  damage(join(volume, older, 'model.onnx'))
  const { findings } = await check(volume)
  assert.match(findings[0]?.advice ?? '', /import the source again under another name of yours.*--repair/)
  await importing(volume, '["a"]')
  const repaired = await check(volume, true)
  assert.equal(repaired.outcome, 'repaired')
  for (const id of [older, newer])
    assert.deepEqual(readFileSync(join(volume, id, 'model.onnx')), Buffer.from(model))
  assert.deepEqual(said(await check(volume)), [])
})

test('a file is put right by a copy where the volume has no hard links', async () => {
  const { volume, older, newer } = made()
  rmSync(join(volume, 'blobs'), { recursive: true })
  rmSync(join(volume, older, 'model.onnx'))
  await withoutLinks('ENOTSUP', () => check(volume, true))
  assert.deepEqual(readFileSync(join(volume, older, 'model.onnx')), Buffer.from(model))
  assert.notEqual(
    statSync(join(volume, older, 'model.onnx')).ino,
    statSync(join(volume, newer, 'model.onnx')).ino,
  )
  assert.equal(existsSync(blobPath(volume, 'x')), false)
})

test('what an import at work has made is no finding', async () => {
  const { volume } = made()
  const blob = blobPath(volume, createHash('sha256').update('x').digest('hex'))
  mkdirSync(join(blob, '..'), { recursive: true })
  writeFileSync(blob, 'x')
  assert.deepEqual(said(await check(volume)), [`repairable BlobUnneeded ${blob.slice(volume.length + 1)}`])
  mkdirSync(join(volume, '.import-at-work'))
  assert.deepEqual(said(await check(volume)), [])
})

test('the command says what it found in lines or as JSON, and by its exit code', async () => {
  const { volume, older } = made()
  const copy = join(newPlace(), 'models')
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, '../main.ts'), 'fsck', ...args],
      { encoding: 'utf8' },
    )
    return { status, stdout, stderr }
  }
  cpSync(volume, copy, { recursive: true })
  damage(join(copy, older, 'sub/labels.json'))
  rmSync(blobPath(copy, readdirSync(join(copy, 'blobs/sha256')).join('')), { force: true })
  const sound = run('--models', volume)
  assert.deepEqual([sound.status, sound.stderr], [0, ''])
  assert.match(
    sound.stdout,
    /^2 versions with 4 files, \d+ B read: all versions are as they were imported\n$/,
  )
  const broken = run('--models', copy, '--json')
  assert.equal(broken.status, 1)
  const report: unknown = JSON.parse(broken.stdout)
  assert.ok(isVolumeReport(report))
  assert.equal(report.outcome, 'broken')
  assert.match(
    run('--models', copy).stdout,
    /^repairable: v_\w+\/sub\/labels\.json: the file has other bytes/m,
  )
  assert.equal(run('--models', copy, '--repair').status, 0)
  assert.deepEqual([run('--models', '/gone').status, run('--what').status], [2, 2])
})
