import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Failure } from '../../failures/errors.ts'
import { readText } from './texts.ts'

const refusal = (text: string): string => {
  try {
    readText(text, 'text')
  } catch (error) {
    assert.ok(error instanceof Failure, String(error))
    assert.equal(error.field, 'text')
    return `${error.kind}: ${error.message}`
  }
  return 'taken'
}

describe('a text is refused', () => {
  test('with hundreds of combining marks in a row, at any place', () => {
    const marks = '\u0316\u0301'.repeat(129)
    for (const text of [`a${marks}`, marks, `word ${marks} word`, `aﾞ${'ﾟ\u0316'.repeat(128)}`])
      assert.match(refusal(text), /^invalid: text has more than 256 combining marks in a row/)
  })

  test('that is too long once its ligatures are written out', () => {
    assert.match(refusal('ﷺ'.repeat(6000)), /^too-large: text has 108000 characters once/)
  })
})

test('marks as languages have them are taken, up to 256 in a row', () => {
  const vietnamese = 'Tiếng Việt'.normalize('NFD')
  const hebrew = 'בְּרֵאשִׁית בָּרָא אֱלֹהִים'
  for (const text of [
    vietnamese,
    hebrew,
    `a${'\u0301'.repeat(256)}`,
    'a\u0301'.repeat(20_000),
    '一'.repeat(33_000),
  ])
    assert.equal(refusal(text), 'taken')
})
