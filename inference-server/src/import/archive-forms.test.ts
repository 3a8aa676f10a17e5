/** Forms of tar archives that attack the program that unpacks them: each is refused or harmless, and no file lies outside of the version. */
import assert from 'node:assert/strict'
import { lstatSync, mkdirSync, readdirSync, readFileSync, type Stats, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { asImportError, ImportError } from '../failures/import-error.ts'
import { binarySize, longName, pax, type TarEntry, tar } from '../testing/archives.ts'
import { importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { importModel } from './import-model.ts'

const folder = temporaryFolder()
after(folder.remove)

const onnx: TarEntry = { path: 'model.onnx', content: model }
const evil = { path: 'evil', content: 'x' }
const refused = 'refused'

/** Files of the version in the order of their names, or that there is none. */
type Outcome = readonly string[] | typeof refused

const only = ['model.onnx']
/** The attack is overlooked, and the entry becomes a plain file of the version. */
const withEvil = ['evil', 'model.onnx']

const forms: Readonly<Record<string, readonly [readonly TarEntry[] | Buffer, Outcome]>> = {
  'a symbolic link out': [[onnx, { path: 'evil', type: '2', linkTo: '/etc/passwd' }], refused],
  'a symbolic link inside': [[onnx, { path: 'evil', type: '2', linkTo: 'model.onnx' }], refused],
  'a symbolic link to a folder, and a file through it': [
    [{ path: 'd', type: '2', linkTo: '..' }, { path: 'd/evil', content: 'x' }, onnx],
    refused,
  ],
  'a link without a target': [[onnx, { path: 'evil', type: '2' }], refused],
  'a link with content': [[onnx, { path: 'evil', type: '2', linkTo: 'a', content: 'xx' }], refused],
  'a hard link out': [[onnx, { path: 'evil', type: '1', linkTo: '/etc/passwd' }], refused],
  'a hard link upwards': [[onnx, { path: 'evil', type: '1', linkTo: '../../evil' }], refused],
  'a hard link inside': [[onnx, { path: 'evil', type: '1', linkTo: 'model.onnx' }], refused],
  'a character device': [[onnx, { path: 'evil', type: '3' }], refused],
  'a block device': [[onnx, { path: 'evil', type: '4' }], refused],
  'a named pipe': [[onnx, { path: 'evil', type: '6' }], refused],
  'an absolute path': [[onnx, { path: '/tmp/evil', content: 'x' }], refused],
  'two slashes': [[onnx, { path: '//evil', content: 'x' }], refused],
  'a path upwards': [[onnx, { path: '../evil', content: 'x' }], refused],
  'a path upwards in the middle': [[onnx, { path: 'a/../../evil', content: 'x' }], refused],
  'a path up and back': [[onnx, { path: 'a/../b.json', content: 'x' }], refused],
  'a folder upwards': [[onnx, { path: '../evil/', type: '5' }], refused],
  'the folder above': [[onnx, { path: '..', type: '5' }], refused],
  'a path upwards for Windows': [[onnx, { path: '..\\..\\evil', content: 'x' }], refused],
  'a drive letter': [[onnx, { path: 'C:\\evil', content: 'x' }], refused],
  'a drive letter with slashes': [[onnx, { path: 'C:/evil', content: 'x' }], refused],
  'a file without a name': [[onnx, { path: '', content: 'x' }], refused],
  'a file called as the folder itself': [[onnx, { path: './', content: 'x' }], refused],
  'GNU long name upwards': [[onnx, longName(`${'a/'.repeat(60)}../../evil`), evil], refused],
  'GNU long name, absolute': [[onnx, longName(`/${'tmp/'.repeat(40)}evil`), evil], refused],
  'GNU long target of a link': [
    [onnx, longName(`/${'tmp/'.repeat(40)}`, 'K'), { path: 'evil', type: '2', linkTo: 'a' }],
    refused,
  ],
  'GNU long name that is fine': [
    [onnx, longName(`${'n'.repeat(120)}.json`), { path: 'short', content: '{}' }],
    ['model.onnx', `${'n'.repeat(120)}.json`],
  ],
  'a long name without an entry': [[onnx, longName('evil')], only],
  'pax: absolute path': [[onnx, pax({ path: '/tmp/evil' }), evil], refused],
  'pax: path upwards': [[onnx, pax({ path: '../../evil' }), evil], refused],
  'pax: path with a zero byte': [[onnx, pax({ path: 'evil\0.json' }), evil], withEvil],
  'pax: path upwards for all that follow': [[pax({ path: '../evil' }, 'g'), onnx], only],
  'pax: target of a link': [
    [onnx, pax({ linkpath: '/etc/passwd' }), { path: 'evil', type: '1', linkTo: 'a' }],
    refused,
  ],
  'pax: 99 TB': [[onnx, pax({ size: '99000000000000' }), evil], refused],
  'pax: a negative size': [[onnx, pax({ size: '-1' }), evil], withEvil],
  'pax: a size that is no number': [[onnx, pax({ size: 'much' }), evil], withEvil],
  'pax: other than the header says': [[onnx, pax({ size: '5000' }), evil], refused],
  'pax: members of objects': [[pax({ __proto__x: 'a', constructor: 'b', toString: 'c' }), onnx], only],
  'pax: 3 MiB of it': [[pax({ comment: 'x'.repeat(3 * 1024 * 1024) }), onnx], refused],
  'a long name of 3 MiB': [[longName('x'.repeat(3 * 1024 * 1024)), onnx], refused],
  'a binary size of 2^62': [[onnx, { ...evil, size: binarySize(2n ** 62n) }], refused],
  'a binary size below zero': [[onnx, { ...evil, size: binarySize(-1n) }], refused],
  'a binary size that is fine': [[{ ...onnx, size: binarySize(BigInt(model.length)) }], only],
  'a size that is no number': [[onnx, { ...evil, size: 'zzzzzzzzzzz\0' }], refused],
  'a sparse file of GNU': [[onnx, { path: 'evil', type: 'S', content: 'x' }], refused],
  'a sparse file of pax': [
    [
      onnx,
      pax({ 'GNU.sparse.major': '1', 'GNU.sparse.name': '../evil', 'GNU.sparse.realsize': '9999999999999' }),
      evil,
    ],
    withEvil,
  ],
  'the other half of an archive': [[{ path: 'evil', type: 'M', content: 'x' }, onnx], refused],
  'an entry of an unknown type': [[onnx, { path: 'evil', type: 'Z', content: 'x' }], refused],
  'permissions of another user': [[{ ...onnx, mode: 0o6777 }], only],
  'a file without permissions': [[{ ...onnx, mode: 0 }], only],
  'a file twice': [[onnx, onnx], refused],
  'a file where a folder is': [[{ path: 'a/b', content: 'x' }, { path: 'a', content: 'x' }, onnx], refused],
  'a folder where a file is': [[{ path: 'a', content: 'x' }, { path: 'a/b', content: 'x' }, onnx], refused],
  'a file under the name of another in other letters': [
    [onnx, { path: 'Model.onnx.json', content: '{}' }],
    ['Model.onnx.json', 'model.onnx'],
  ],
  'gzip in gzip': [gzipSync(gzipSync(tar([onnx]))), refused],
  'half of it': [tar([onnx, { path: 'b', content: 'x'.repeat(2000) }]).subarray(0, 1600), refused],
  'rubbish behind its end': [Buffer.concat([tar([onnx]), Buffer.alloc(4096, 'x')]), only],
  'another archive behind its end': [
    Buffer.concat([tar([onnx]), tar([{ path: '../evil', content: 'x' }])]),
    only,
  ],
  'a second gzip behind the first': [
    Buffer.concat([gzipSync(tar([onnx])), gzipSync(Buffer.alloc(4096, 'x'))]),
    only,
  ],
  'rubbish behind its gzip': [Buffer.concat([gzipSync(tar([onnx])), Buffer.from('rubbish')]), refused],
}

let count = 0
const importing = async (given: readonly TarEntry[] | Buffer) => {
  const place = join(folder.path, `form-${count++}`)
  mkdirSync(place)
  const source = join(place, 'source')
  writeFileSync(source, Buffer.isBuffer(given) ? given : tar(given as readonly TarEntry[]))
  const volume = join(place, 'models')
  try {
    const { version } = await importModel(importOptions({ source, volume }))
    return { dir: join(volume, version.id), version, volume }
  } catch (error) {
    assert.ok(error instanceof ImportError, `${asImportError(error).detail}`)
    assert.deepEqual(readdirSync(volume), [], 'a refused archive leaves nothing')
    return error
  }
}

/** All of them are files of their own, but for one more name: the blob of their content. */
const checkPlain = (dir: string, files: readonly string[]): void => {
  const inodes = files.map((path) => lstatSync(join(dir, path)).ino)
  for (const path of files) {
    const stats: Stats = lstatSync(join(dir, path))
    const isOurs = path === 'metadata.json'
    assert.ok(stats.isFile(), path)
    assert.equal(stats.mode & 0o7777, isOurs ? 0o644 : 0o444, path)
    const names = inodes.filter((inode) => inode === stats.ino).length
    assert.equal(stats.nlink, isOurs ? 1 : names + 1, path)
  }
}

describe('an archive is refused, or a version has its plain files and nothing else is written:', () => {
  for (const [form, [given, expected]] of Object.entries(forms))
    test(form, async () => {
      const found = await importing(given)
      if (found instanceof ImportError) {
        assert.equal(expected, refused, `${found.message} ${found.detail}`)
        assert.notEqual(found.reason, 'ImportFailed', `${found.message} ${found.detail}`)
        return
      }
      const files = readdirSync(found.dir, { recursive: true }).map(String).sort()
      assert.deepEqual(
        files.filter((path) => path !== 'metadata.json'),
        expected === refused ? refused : [...expected].sort(),
      )
      checkPlain(found.dir, files)
      assert.deepEqual(readFileSync(join(found.dir, 'model.onnx')), model)
    })

  test('no archive wrote a file of the name evil outside of a version', () => {
    const outside = readdirSync(folder.path, { recursive: true })
      .map(String)
      .filter((path) => path.endsWith('evil') && !/models\/v_/.test(path))
    assert.deepEqual(outside, [])
  })
})

test('an archive with 10000 files is imported, one with one more is not', async () => {
  const files = (amount: number) =>
    Array.from({ length: amount }, (_, index): TarEntry => ({ path: `f/${index}`, content: '' }))
  const most = await importing([onnx, ...files(9_999)])
  assert.ok(!(most instanceof ImportError))
  const more = await importing([onnx, ...files(10_000)])
  assert.ok(more instanceof ImportError)
  assert.match(more.message, /more than 10000 files/)
})
