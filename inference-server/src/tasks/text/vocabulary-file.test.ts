/** Folders that have a vocabulary but no tokenizer.json. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { StartError } from '../../failures/errors.ts'
import { readTokenizer, readTokenizerJson } from './tokenizer-file.ts'

const golden = join(import.meta.dirname, '../../../golden')

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vocabulary-file-'))
})
after(() => rm(dir, { recursive: true }))

const readGolden = async (...path: string[]): Promise<unknown> =>
  JSON.parse(await readFile(join(golden, ...path), 'utf8'))

const files = ['vocab.txt', 'config.json', 'tokenizer_config.json', 'special_tokens_map.json']

for (const folder of ['fill-mask', 'token-classification', 'zero-shot-classification'])
  test(`vocab.txt makes the tokenizer.json that Python made: ${folder}`, async () => {
    for (const file of files) await cp(join(golden, 'models', folder, file), join(dir, file))
    const { json, pieces } = await readTokenizer({ dir })
    assert.deepEqual(json, await readGolden('models', folder, 'tokenizer.json'))
    assert.ok((await pieces('a')).length > 0)
  })

test('without settings texts are read in small letters, as Python does', async () => {
  for (const file of files.slice(1)) await rm(join(dir, file))
  const { normalizer } = (await readTokenizerJson(dir, {})) as { normalizer: { lowercase: boolean } }
  assert.equal(normalizer.lowercase, true)
})

test('tokens that were added count, with what is said of them', async () => {
  await writeFile(join(dir, 'added_tokens.json'), '{"[X]": 900, "[Y]": 901}')
  const settings = { added_tokens_decoder: { 901: { content: '[Y]', special: true, lstrip: true } } }
  const { added_tokens: added } = (await readTokenizerJson(dir, settings)) as {
    added_tokens: { content: string }[]
  }
  const [x, y] = added.slice(-2)
  assert.deepEqual(x, {
    id: 900,
    content: '[X]',
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: true,
    special: false,
  })
  assert.deepEqual(y, {
    id: 901,
    content: '[Y]',
    single_word: false,
    lstrip: true,
    rstrip: false,
    normalized: false,
    special: true,
  })
})

test('any other vocabulary is refused with what makes tokenizer.json of it', async () => {
  const refused = async (settings: Readonly<Record<string, unknown>>, there: RegExp) =>
    assert.rejects(
      readTokenizerJson(dir, settings),
      (error: unknown) =>
        error instanceof StartError &&
        there.test(error.message) &&
        /AutoTokenizer.from_pretrained\(folder\).save_pretrained\(folder\)/.test(error.message),
    )
  await refused({ tokenizer_class: 'MPNetTokenizer' }, /though vocab.txt is there/)
  await rm(join(dir, 'vocab.txt'))
  await writeFile(join(dir, 'spiece.model'), '')
  await refused({}, /though spiece.model is there/)
  await writeFile(join(dir, 'vocab.txt'), 'a\nb\n')
  await refused({}, /though spiece.model, vocab.txt are there/)
})
