import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentText, jsonText } from './documents.ts'
import { age, bytes, duration, figure } from './figures.ts'
import { progressOn, timeLeftMs } from './progress.ts'
import { plain, styleFor } from './style.ts'
import { fields, table, wrapped } from './table.ts'

const columns = [{ title: 'NAME' }, { title: 'N', isNumber: true }, { title: 'LAST' }]

test('columns are aligned where characters are wide, and numbers stand at the right', () => {
  assert.deepEqual(
    table(columns, [
      ['退换货', '5', 'x'],
      ['ab', '100', undefined],
    ]),
    ['NAME       N   LAST', '退换货     5   x', 'ab       100   -'],
  )
})

test('what a terminal would obey is plain text in a cell, a field and a paragraph', () => {
  const hostile = 'a\u001b[2Jb\nc'
  assert.deepEqual(table([{ title: 'X' }], [[hostile]]), ['X', 'a\ufffd[2Jb c'])
  assert.deepEqual(fields([['x', hostile]]), ['x  a\ufffd[2Jb c'])
  assert.deepEqual(wrapped(hostile, 80), ['a\ufffd[2Jb c'])
})

test('an option -o json has escapes for what a terminal would obey, and the same value', () => {
  const value = { text: 'a\u009bb\u202ec' }
  assert.doesNotMatch(jsonText(value), /[\u009b\u202e]/)
  assert.deepEqual(JSON.parse(jsonText(value)), value)
})

test('YAML holds no character that a terminal would obey', async () => {
  for (const text of ['a\u001b[2J', 'a\u009bb', 'a\u202eb']) {
    const yaml = await documentText({ text }, 'yaml')
    assert.deepEqual(
      [...yaml].filter((character) => character !== '\n' && /[\p{Cc}\p{Bidi_Control}]/u.test(character)),
      [],
    )
  }
  assert.equal(await documentText({ a: ['退', 1] }, 'yaml'), 'a:\n  - 退\n  - 1\n')
})

test('colours are for terminals without NO_COLOR', () => {
  const terminal = { write: () => {}, isTTY: true }
  assert.equal(styleFor(terminal, {})('red', 'x'), '\u001b[31mx\u001b[39m')
  assert.equal(styleFor(terminal, { NO_COLOR: '1' }), plain)
  assert.equal(styleFor(terminal, { TERM: 'dumb' }), plain)
  assert.equal(styleFor({ write: () => {} }, {}), plain)
})

test('figures are as people read them', () => {
  assert.deepEqual([0, 1023, 1024, 22_345_678, 3 * 2 ** 40].map(bytes), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '21.3 MiB',
    '3.0 TiB',
  ])
  assert.deepEqual([0, 119_000, 150_000, 7_200_000, 90_000_000].map(duration), [
    '0s',
    '119s',
    '2m30s',
    '2h',
    '1d1h',
  ])
  assert.deepEqual([0.912345, 1234.56, 2, Number.NaN, undefined].map(figure), [
    '0.9123',
    '1235',
    '2',
    undefined,
    undefined,
  ])
  assert.equal(age('no time', 0), undefined)
})

test('a long text is cut between words', () => {
  assert.deepEqual(wrapped('one two three', 8), ['one two', 'three'])
  assert.deepEqual(wrapped('退换货 退换货', 8), ['退换货', '退换货'])
  assert.deepEqual(wrapped('', 8), [])
})

test('the time left is that of what is done, for the rest', () => {
  assert.equal(timeLeftMs(10_000, 2, 5), 15_000)
  assert.equal(timeLeftMs(10_000, 0, 5), undefined)
})

test('a bar is for terminals; a pipe gets a line for each step', () => {
  const write = (isTTY: boolean): string => {
    let text = ''
    const progress = progressOn({ write: (part) => (text += part), isTTY, columns: 50 }, () => 0)
    progress.show({ what: 'measuring 退换货 and a name that is far too long', done: 1, of: 4 })
    progress.show({ what: 'measuring 退换货 and a name that is far too long', done: 1, of: 4 })
    progress.clear()
    return text
  }
  assert.equal(write(false), '1/4 measuring 退换货 and a name that is far too long\n')
  const lines = write(true).split('\r\u001b[2K')
  assert.match(lines[1] ?? '', /^\[█████░{15}\] 1\/4 measuring 退/)
  assert.equal(lines.at(-1), '')
})
