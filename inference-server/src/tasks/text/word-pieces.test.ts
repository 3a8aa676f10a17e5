/** Our search of word pieces, beside that of the library. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Tokenizer } from '@huggingface/tokenizers'
import { readJson } from '../../models/config-files.ts'
import { seededRandom } from '../../testing/random.ts'
import { seekShortPieces } from './word-pieces.ts'

for (const name of ['fill-mask', 'token-classification', 'feature-extraction']) {
  describe(name, async () => {
    const dir = join(import.meta.dirname, '../../../golden/models', name)
    const json = (await readJson(dir, 'tokenizer.json')) as { model: { vocab: Record<string, number> } }
    const [theirs, ours] = [new Tokenizer(json, {}), new Tokenizer(json, {})]
    seekShortPieces(ours)

    test('has the tokens of the library, for made-up words of its pieces', () => {
      const random = seededRandom(3)
      const pieces = [
        ...Object.keys(json.model.vocab).map((token) => token.replace('##', '')),
        '🦊',
        'ж',
        ' ',
        ' ',
      ]
      for (let count = 0; count < 500; count++) {
        const text = Array.from({ length: 30 }, () => pieces[Math.floor(random() * pieces.length)]).join('')
        const { ids, tokens } = theirs.encode(text)
        const own = ours.encode(text)
        assert.deepEqual([own.ids, own.tokens], [ids, tokens], text)
      }
      for (const text of ['', ' ', 'a'.repeat(100), 'a'.repeat(101), '🦊'.repeat(100)])
        assert.deepEqual(ours.encode(text).ids, theirs.encode(text).ids, text)
    })

    test('seeks as many pieces as there can be, not as many as the word has ends', () => {
      const { vocab } = json.model
      const longest = Math.max(...Object.keys(vocab).map(({ length }) => length))
      let seeks = 0
      const model = ours.model as unknown as {
        tokens_to_ids: Map<string, number>
        encode: (words: string[]) => string[]
      }
      const counted = new Tokenizer(json, {})
      const ids = model.tokens_to_ids
      ;(counted.model as unknown as { tokens_to_ids: unknown }).tokens_to_ids = {
        keys: () => ids.keys(),
        has: (piece: string) => {
          seeks += 1
          return ids.has(piece)
        },
      }
      seekShortPieces(counted)
      ;(counted.model as unknown as typeof model).encode(['a'.repeat(100)])
      assert.ok(seeks <= 100 * longest, `${seeks}`)
    })
  })
}
