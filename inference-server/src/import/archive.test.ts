import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type TarEntry, tar } from '../testing/archives.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { digestOf } from './digest.ts'
import { importModel } from './import-model.ts'
import { differencesIn, foundFiles, recordedFiles } from './version-check.ts'

const folder = temporaryFolder()
after(folder.remove)

let count = 0
const importing = async (content: Buffer, name = 'model.tar', change = {}) => {
  const volume = join(folder.path, `models-${count}`)
  const source = join(folder.path, `${count++}-${name}`)
  writeFileSync(source, content)
  const { version } = await importModel(importOptions({ source, volume, ...change }))
  return join(volume, version.id)
}

const files = (dir: string) => readdirSync(dir, { recursive: true }).map(String).sort()
const onnx: TarEntry = { path: 'model.onnx', content: model }

describe('an archive becomes a version', () => {
  test('as tar and as gzip, for any file name', async () => {
    for (const content of [tar([onnx]), gzipSync(tar([onnx]))]) {
      const dir = await importing(content, 'download')
      assert.deepEqual(files(dir), ['metadata.json', 'model.onnx'])
      assert.deepEqual(readFileSync(join(dir, 'model.onnx')), model)
    }
  })

  test('a gzipped model without an archive too', async () => {
    assert.deepEqual(files(await importing(gzipSync(model), 'model.onnx.gz')), [
      'metadata.json',
      'model.onnx',
    ])
  })

  test('without its single top folder, and without what macOS adds', async () => {
    const entries = [
      { path: './bert/', type: '5' },
      { path: './bert/model.onnx', content: model },
      { path: './bert/._model.onnx', content: 'x' },
      { path: './bert/.DS_Store', content: 'x' },
      { path: './bert/sub/config.json', content: '{}' },
    ]
    assert.deepEqual(files(await importing(tar(entries))), [
      'metadata.json',
      'model.onnx',
      'sub',
      'sub/config.json',
    ])
  })

  test('without what no server loads: of git, caches, other names of metadata.json', async () => {
    const clutter = ['.git/config', '.cache/a.json', 'lost+found/a', '..data/a', 'sub/..a', 'metadata.json/a']
    for (const top of ['', 'bert/']) {
      const entries = [onnx, ...clutter.map((path) => ({ path, content: 'x' }))]
      const dir = await importing(tar(entries.map((entry) => ({ ...entry, path: top + entry.path }))))
      assert.deepEqual(files(dir), ['metadata.json', 'model.onnx'])
      const recorded = await recordedFiles(dir)
      assert.deepEqual(recorded && (await differencesIn(dir, recorded, await foundFiles(dir))), [])
    }
  })

  test('in the layout onnx/model.onnx', async () => {
    const dir = await importing(tar([{ path: 'onnx/model.onnx', content: model }]))
    assert.deepEqual(files(dir), ['metadata.json', 'onnx', 'onnx/model.onnx'])
  })

  test('a single model of another name is called model.onnx', async () => {
    const dir = await importing(tar([{ path: 'net-v2.onnx', content: model }]))
    assert.deepEqual(files(dir), ['metadata.json', 'model.onnx'])
  })

  test('as the tar command packs it, long names and all', async () => {
    const packed = join(folder.path, 'packed')
    mkdirSync(join(packed, 'deep/er'), { recursive: true })
    writeFileSync(join(packed, 'model.onnx'), model)
    for (const format of ['ustar', 'gnu', 'pax']) {
      const long = `${'long-'.repeat(format === 'ustar' ? 15 : 30)}name.json` // ustar takes 100 characters
      writeFileSync(join(packed, 'deep/er', long), '{}')
      const content = execFileSync('tar', ['-C', folder.path, `--format=${format}`, '-cz', 'packed'])
      assert.ok(files(await importing(content)).includes(`deep/er/${long}`), format)
    }
  })
})

test('an archive with a metadata.json of its own: its files and digest are those that lie on the volume', async () => {
  const own = { path: 'metadata.json', content: '{"id":"v_19700101_000000"}' }
  const inside = ['', 'bert/'].map((top) =>
    [own, onnx].map((entry) => ({ ...entry, path: top + entry.path })),
  )
  for (const entries of inside) {
    const dir = await importing(tar(entries))
    const { files: listed, digest, id } = JSON.parse(readFileSync(join(dir, 'metadata.json'), 'utf8'))
    assert.equal(id, basename(dir))
    assert.deepEqual(
      listed.map(({ path }: { path: string }) => path),
      ['model.onnx'],
    )
    assert.equal(digest, digestOf(listed))
    for (const { path, sha256, sizeBytes } of listed) {
      const content = readFileSync(join(dir, path))
      assert.deepEqual(
        [createHash('sha256').update(content).digest('hex'), content.length],
        [sha256, sizeBytes],
      )
    }
  }
})

describe('a hostile archive is refused, and leaves nothing', () => {
  const cases: readonly [string, readonly TarEntry[], RegExp][] = [
    ['a path upwards', [onnx, { path: '../evil', content: 'x' }], /leaves its folder.*"..\/evil"/],
    ['a path upwards in the middle', [onnx, { path: 'a/../../evil', content: 'x' }], /leaves its folder/],
    ['a path upwards for Windows', [onnx, { path: 'a\\..\\..\\evil', content: 'x' }], /leaves its folder/],
    ['a folder upwards', [onnx, { path: '../evil/', type: '5' }], /leaves its folder/],
    ['an absolute path', [onnx, { path: '/etc/evil', content: 'x' }], /is an absolute path/],
    [
      'a symbolic link',
      [onnx, { path: 'weights', type: '2', linkTo: '/etc/passwd' }],
      /is a symbolic link.*"weights"/,
    ],
    ['a link inside', [onnx, { path: 'weights', type: '2', linkTo: 'model.onnx' }], /symbolic link/],
    [
      'a link that a file follows',
      [{ path: 'd', type: '2', linkTo: '/tmp' }, { path: 'd/evil', content: 'x' }, onnx],
      /symbolic link/,
    ],
    ['a hard link', [onnx, { path: 'passwd', type: '1', linkTo: '/etc/passwd' }], /hard link/],
    ['a device', [onnx, { path: 'disk', type: '4' }], /device/],
    [
      'more folders in each other than a check of the version looks into',
      [onnx, { path: `${'a/'.repeat(17)}b`, content: 'x' }],
      /lies in more than 16 folders/,
    ],
    ['a named pipe', [onnx, { path: 'pipe', type: '6' }], /named pipe/],
    ['a file twice', [onnx, onnx], /has a file twice.*"model.onnx"/],
    [
      'a file where a folder is',
      [
        { path: 'a', content: 'x' },
        { path: 'a/b', content: 'x' },
      ],
      /twice/,
    ],
  ]
  for (const [what, entries, message] of cases)
    test(what, async () => {
      await assert.rejects(importing(tar(entries)), failing('UnsafePath', message))
      assert.deepEqual(files(join(folder.path, `models-${count - 1}`)), [])
    })

  test('no file outside the volume was written', () => {
    assert.deepEqual(
      files(folder.path).filter((path) => path.includes('evil')),
      [],
    )
  })

  test('one that says it unpacks to more than the volume has', async () => {
    const content = tar([{ path: 'model.onnx', content: 'x', size: 8 ** 11 - 1 }])
    const huge = Buffer.concat([content.subarray(0, 512), Buffer.from(`${2 ** 50}`)])
    huge.write('\u0080\u0000\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000\u0000', 124, 'latin1') // 2^50, in binary
    huge.write(' '.repeat(8), 148)
    const sum = huge.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    huge.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148)
    await assert.rejects(importing(huge), failing('VolumeFull', /free, but the model needs 1024.0 TiB$/))
  })

  test('one with more entries than any model', async () => {
    const many = Array.from({ length: 20_001 }, (_, index) => ({ path: `f${index}/`, type: '5' }))
    await assert.rejects(importing(tar(many)), failing('SourceUnsupported', /more than 20000 entries/))
  })
})

describe('a broken archive says so', () => {
  const whole = tar([onnx, { path: 'config.json', content: '{}'.repeat(2000) }])
  const cases: readonly [string, Buffer, RegExp][] = [
    ['cut in a file', whole.subarray(0, whole.length - 2500), /broken or breaks off/],
    ['cut between files', tar([onnx], false), /end mark is missing/],
    ['cut in its gzip', gzipSync(whole).subarray(0, 200), /gzip file is broken or breaks off/],
    ['damaged in its gzip', Buffer.from(gzipSync(whole)).fill(7, 60, 90), /gzip file is broken/],
    ['with a damaged header', Buffer.from(whole).fill(7, 1024, 1100), /broken or breaks off/],
  ]
  for (const [what, content, message] of cases)
    test(what, async () => {
      await assert.rejects(importing(content), failing('ModelIncomplete', message))
    })

  test('one without a model says what it has', async () => {
    const entries = [
      { path: 'a/config.json', content: '{}' },
      { path: 'b/README.md', content: '#' },
    ]
    await assert.rejects(
      importing(tar(entries)),
      failing(
        'ModelIncomplete',
        /there is no \.onnx file, but 2 other files;.*"a\/config\.json", "b\/README\.md"/,
      ),
    )
    await assert.rejects(importing(tar([])), failing('NotOnnx', /a file of zeros/))
  })
})
