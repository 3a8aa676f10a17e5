import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { codePointCounter } from './code-points.ts'
import { loadTokenizer } from './tokenizer.ts'

const models = join(import.meta.dirname, '../../../golden/models')
const tokenizerOf = async (model: string) =>
  (await loadTokenizer({ dir: join(models, model), config: {}, preprocessorConfig: {} }))()

/** The words of a text as their tokens span them. */
const wordsOf = async (model: string, text: string): Promise<readonly string[]> => {
  const words = Map.groupBy(await (await tokenizerOf(model)).pieces(text), ({ word }) => word)
  return [...words.values()].map((pieces) => text.slice(pieces[0]?.start, pieces.at(-1)?.end))
}

describe('tokens with their places', () => {
  for (const model of [
    'token-classification',
    'token-classification-roberta',
    'token-classification-xlm-roberta',
  ])
    test(`are those of Python, special tokens around them: ${model}`, async () => {
      const tokenizer = await tokenizerOf(model)
      const { cases } = JSON.parse(await readFile(join(models, model, 'golden.json'), 'utf8'))
      const full = cases.filter((one: object) => 'offsets' in one)
      assert.ok(full.length > 3)
      for (const { input, input_ids, offsets, words } of full) {
        const place = codePointCounter(input)
        const pieces = await tokenizer.pieces(input)
        assert.deepEqual(tokenizer.frame(pieces.map(({ id }) => id)).ids, input_ids, input)
        assert.deepEqual(
          pieces.map(({ start, end }) => [place(start), place(end)]),
          offsets.slice(1, -1),
          input,
        )
        assert.deepEqual(
          pieces.map(({ word }) => word),
          words.slice(1, -1),
          input,
        )
      }
    })

  test('have the same ids as without places, in every kind of tokenizer', async () => {
    const texts = [
      '  two  spaces,\tand\n',
      '王芳🙂 Żółta e\u0301 ﬁ ½',
      'a [MASK] b[SEP]c',
      "don't 3,000.50",
      '\u200b',
    ]
    for (const model of [
      'fill-mask',
      'text-generation-gpt2',
      'translation-t5',
      'zero-shot-image-classification',
    ]) {
      const tokenizer = await tokenizerOf(model)
      for (const text of texts) {
        const ids = (await tokenizer.pieces(text)).map(({ id }) => id)
        assert.deepEqual(ids, await tokenizer.idsOf(text), `${model}: ${text}`)
      }
    }
  })

  test('span what the normaliser changed, and an unknown token its word', async () => {
    // An accent that the normaliser drops belongs to no token, as in Python.
    assert.deepEqual(await wordsOf('fill-mask', 'Cafe\u0301 Жж naïve!'), ['Cafe', 'Жж', 'naïve', '!'])
    assert.deepEqual(await wordsOf('token-classification', '王芳 ﬁ'), ['王', '芳', 'ﬁ'])
  })

  test('hold the space before them as in Python, except where the tokenizer trims', async () => {
    for (const model of ['text-generation-gpt2', 'translation-t5', 'translation-marian'])
      assert.deepEqual(await wordsOf(model, 'é in Oslo'), ['é', ' in', ' Oslo'], model)
    assert.deepEqual(await wordsOf('fill-mask-roberta', 'é in Oslo'), ['é', 'in', 'Oslo'])
  })

  test('take the last of several spaces that become one', async () => {
    const pieces = await (await tokenizerOf('fill-mask-xlm-roberta')).pieces('!   !  in')
    assert.deepEqual(
      pieces.map(({ token, start, end }) => [token, start, end]),
      [
        ['▁', 0, 1],
        ['!', 0, 1],
        ['▁', 3, 4],
        ['!', 4, 5],
        ['▁in', 6, 9],
      ],
    )
  })

  test('keep a special token whole', async () => {
    assert.deepEqual(await wordsOf('fill-mask', 'in[MASK] [SEP]'), ['in', '[MASK]', '[SEP]'])
  })
})

test('two texts stand in one row, each with its type', async () => {
  const tokenizer = await tokenizerOf('question-answering')
  const { ids, typeIds, firstAt, secondAt } = tokenizer.framePair([10, 11], [12])
  assert.deepEqual([ids.length, firstAt, secondAt], [6, 1, 4])
  assert.deepEqual(typeIds, [0, 0, 0, 0, 1, 1])
  assert.deepEqual([ids[0], ids[4]], [tokenizer.clsId, 12])
})

test('places count code points', () => {
  const place = codePointCounter('a🙂b')
  assert.deepEqual([0, 1, 3, 4].map(place), [0, 1, 2, 3])
  assert.deepEqual([0, 2].map(codePointCounter('ab')), [0, 2])
})
