/** Compares the fusing of tokens with that of the library itself. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Tokenizer } from '@huggingface/tokenizers'
import { readJson } from '../../models/config-files.ts'
import { fuseLinearly } from './linear-fusing.ts'

const texts = [
  'hello world',
  '一二三',
  'a 一二 b 三四 <unk> 五',
  '<unk><unk>一<unk>',
  '一<unk> 二 hello一',
  '🦊 fox 🦊🦊',
  ' ',
]

for (const name of ['fill-mask-xlm-roberta', 'translation-t5', 'text-generation-llama', 'fill-mask']) {
  describe(name, async () => {
    const dir = join(import.meta.dirname, '../../../golden/models', name)
    const json = (await readJson(dir, 'tokenizer.json')) as object
    const [theirs, ours] = [new Tokenizer(json, {}), new Tokenizer(json, {})]
    fuseLinearly(ours)

    test('has the tokens of the library', () => {
      for (const text of texts) {
        const { ids, tokens } = theirs.encode(text)
        const own = ours.encode(text)
        assert.deepEqual([own.ids, own.tokens], [ids, tokens], text)
      }
    })

    test('reads a word of any length', () => {
      assert.ok(ours.encode('a'.repeat(300_000)).ids.length > 0)
    })
  })
}
