import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { phrasesOf, textWithMask, textWithout, wordsOf } from './words.ts'

const textsOf = (text: string, most = 100): readonly string[] =>
  wordsOf(text, most).map(({ from, to }) => text.slice(from, to))

describe('words', () => {
  test('are found in scripts with spaces and without, with punctuation left out', () => {
    assert.deepEqual(textsOf("It's late, isn't it?"), ["It's", 'late', "isn't", 'it'])
    assert.deepEqual(textsOf('我想退货,谢谢。'), ['我想', '退', '货', '谢谢'])
    assert.deepEqual(textsOf('สวัสดีครับ'), ['สวัสดี', 'ครับ'])
    assert.deepEqual(textsOf(' … ! '), [])
  })

  test('are emoji and other symbols too', () =>
    assert.deepEqual(textsOf('so 😡 + 5€'), ['so', '😡', '+', '5', '€']))

  test('have places in code points', () => {
    const places = wordsOf('😀 a 😀😀 b', 100).map(({ start, end }) => [start, end])
    assert.deepEqual(places, [
      [0, 1],
      [2, 3],
      [4, 5],
      [5, 6],
      [7, 8],
    ])
  })

  test('are looked for up to a number', () => assert.deepEqual(textsOf('a b c d', 2), ['a', 'b']))

  test('make phrases of neighbours, punctuation between them included', () => {
    const text = 'one, two three'
    const phrases = phrasesOf(wordsOf(text, 100), 2)
    assert.deepEqual(
      phrases.map(({ from, to }) => text.slice(from, to)),
      ['one, two', 'two three'],
    )
    assert.deepEqual(phrasesOf(wordsOf(text, 100), 4), [])
  })
})

test('a text without a word keeps one of the spaces around it', () => {
  const without = (text: string): readonly string[] =>
    wordsOf(text, 100).map((word) => textWithout(text, word))
  assert.deepEqual(without('I want, now'), ['want, now', 'I , now', 'I want, '])
  assert.deepEqual(without('退货谢谢'), ['货谢谢', '退谢谢', '退货'])
})

test('a text with a mask keeps all around it', () =>
  assert.equal(textWithMask('I want, now', { from: 2, to: 6 }, '[MASK]'), 'I [MASK], now'))
