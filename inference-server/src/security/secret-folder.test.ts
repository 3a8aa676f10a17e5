import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { StartError } from '../failures/errors.ts'
import { readSecretFolder } from './secret-folder.ts'

describe('a folder of keys', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gantry-secret-'))
    await mkdir(join(dir, 'empty'))
    await mkdir(join(dir, 'nested', 'one'), { recursive: true })
    await mkdir(join(dir, 'good', '..data'), { recursive: true })
    await writeFile(join(dir, 'good', 'b'), 'two\n')
    await writeFile(join(dir, 'good', 'a'), 'one')
    await mkdir(join(dir, 'shut'))
    await writeFile(join(dir, 'shut', 'key'), 'secret')
    await chmod(join(dir, 'shut', 'key'), 0)
  })
  after(() => rm(dir, { recursive: true }))

  test('is read in the order of the names, without hidden files and line breaks', () => {
    assert.deepEqual(
      Array.from(readSecretFolder(join(dir, 'good')), ([name, key]) => [name, key.toString()]),
      [
        ['a', 'one'],
        ['b', 'two'],
      ],
    )
  })

  test('keeps random bytes to the last one, and of a text all but the white space at its end', async () => {
    const folder = await mkdtemp(join(dir, 'bytes-'))
    const bytes = Buffer.from([0xff, 0xfe, 0x80, 0x0a])
    await writeFile(join(folder, 'bytes'), bytes)
    await writeFile(join(folder, 'text'), 'ключ \r\n')
    const keys = readSecretFolder(folder)
    assert.deepEqual(keys.get('bytes'), bytes)
    assert.equal(keys.get('text')?.toString(), 'ключ')
  })

  const refused: readonly (readonly [title: string, path: string, sentence: RegExp])[] = [
    ['is missing', 'nope', /\/nope does not exist; give the folder that holds one file for each key/],
    ['is a file', 'good/a', /\/good\/a is not a folder; give the folder/],
    ['is empty', 'empty', /\/empty has no file; it needs one for each key/],
    ['holds folders', 'nested', /\/nested\/one is a folder; give the folder whose files are the keys/],
  ]
  for (const [title, path, sentence] of refused) {
    test(`says in one sentence what to do where it ${title}`, () => {
      assert.throws(
        () => readSecretFolder(join(dir, path)),
        (error) => error instanceof StartError && sentence.test(error.message),
      )
    })
  }

  test('says so where a key may not be read', { skip: process.getuid?.() === 0 && 'root reads it' }, () => {
    assert.throws(() => readSecretFolder(join(dir, 'shut')), /\/shut\/key may not be read by this user/)
  })
})
