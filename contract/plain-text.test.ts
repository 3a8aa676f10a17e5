import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainLines, plainText } from './plain-text.ts'

test('what people write stays as it is, in every script', () => {
  for (const text of ['exit code 1: no such file', 'Straße, 東京, नमस्ते, עברית', '👩‍🔬 e\u0301', 'a\u00a0b']) {
    assert.equal(plainText(text), text)
  }
})

test('line breaks of every kind become one space, so that no line can be forged', () => {
  for (const end of ['\n', '\r\n', '\r', '\n\n', ' \n\t ', '\u0085', '\u2028', '\u2029', '\v', '\f']) {
    assert.equal(plainText(`failed${end}Ready: True`), 'failed Ready: True', JSON.stringify(end))
  }
})

test('what a terminal obeys and what turns text around is replaced where it stood', () => {
  const unwanted = [
    ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
    ...Array.from({ length: 33 }, (_, code) => String.fromCharCode(127 + code)),
    ...['\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e'],
    ...['\u00ad', '\u180e', '\u200b', '\u2060', '\u206a'],
    ...['\u2066', '\u2067', '\u2068', '\u2069', '\ufeff', '\u{e0041}'],
    ...['\ud800', '\udfff'],
  ]
  for (const character of unwanted) {
    const clean = plainText(`a${character}b`)
    assert.match(clean, /^a[ \ufffd]b$/u, JSON.stringify(character))
  }
})

test('it is cut by characters, never within one, and a text that fits is not cut', () => {
  assert.equal(plainText('abcdef', 6), 'abcdef')
  assert.equal(plainText('abcdefg', 6), 'abcde…')
  assert.equal(plainText('😀😀😀😀', 4), '😀😀😀😀')
  assert.equal(plainText('😀😀😀😀', 3), '😀😀…')
  assert.ok(plainText('😀'.repeat(9), 3).isWellFormed())
})

test('lines of our own stay lines', () => {
  assert.equal(plainLines('Error: a\u009b\r\n    at b\u2028c'), 'Error: a\ufffd \n at b c')
})

test('a long text costs no more than what is kept of it', () => {
  const long = '\u001b'.repeat(50_000_000)
  assert.equal(plainText(long, 10), `${'\ufffd'.repeat(9)}…`)
})
