/** What tokenizer_config.json says beside tokenizer.json, as Python reads it. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readTokenizer } from './tokenizer-file.ts'

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tokenizer-file-'))
  await cp(
    join(import.meta.dirname, '../../../golden/models/fill-mask/tokenizer.json'),
    join(dir, 'tokenizer.json'),
  )
})
after(() => rm(dir, { recursive: true }))

const opened = async (settings: object) => {
  await writeFile(join(dir, 'tokenizer_config.json'), JSON.stringify(settings))
  return readTokenizer({ dir })
}
const tokens = async (settings: object): Promise<readonly string[]> =>
  (await (await opened(settings)).pieces('RED')).map(({ token }) => token)

test('do_lower_case counts for the tokenizers of BERT, and for no other class', async () => {
  const small = await tokens({})
  assert.notDeepEqual(small, ['[UNK]'])
  for (const name of ['BertTokenizer', 'DistilBertTokenizerFast'])
    assert.deepEqual(await tokens({ do_lower_case: false, tokenizer_class: name }), ['[UNK]'], name)
  assert.deepEqual(await tokens({ do_lower_case: false, tokenizer_class: 'PreTrainedTokenizerFast' }), small)
  assert.deepEqual(await tokens({ tokenizer_class: 'BertTokenizer' }), small)
})

test('spaces before punctuation stay unless the folder says otherwise', async () => {
  const bytes = join(import.meta.dirname, '../../../golden/models/text-generation-gpt2/tokenizer.json')
  await cp(bytes, join(dir, 'tokenizer.json'))
  const written = async (settings: object): Promise<string> => {
    const { inner, idsOf } = await opened(settings)
    return inner.decode([...(await idsOf("a , b . c 's"))])
  }
  assert.equal(await written({}), "a , b . c 's")
  assert.equal(await written({ clean_up_tokenization_spaces: true }), "a, b. c's")
})
