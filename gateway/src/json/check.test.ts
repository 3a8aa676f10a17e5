/** Compared with JSON.parse, on texts that are cut in all places and spoiled in random ones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createJsonCheck } from './check.ts'

const isJson = (text: Buffer, cut = text.length): boolean => {
  const check = createJsonCheck()
  check.take(text.subarray(0, cut))
  check.take(text.subarray(cut))
  return check.isWhole()
}
const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const texts = [
  ' {"a": [1, -2.5e+10, 0, 0.1, 1E5, true, false, null, "x\\n\\u00e9\\"", {}], "é": {"b": [[]]}} ',
  ...['""', '0', '-0', '12', '1.0', '[]', '{}', 'null', ' 1 ', '"\\/\\b"', '[1,2]', '{"a":1,"b":2}', '"𝄞"'],
  ...[
    '',
    ' ',
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    '1e+',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '{"a"}',
    '[1 2]',
    'nul',
  ],
  ...[
    'nulll',
    '1 2',
    '"a',
    '"\\x"',
    '"\\u12g4"',
    '"\n"',
    '[}',
    '{]',
    ']',
    '[[]',
    '{"a":1]',
    'NaN',
    '"a" "b"',
    '-a',
  ],
]

test('a text is JSON where JSON.parse takes it, wherever it is cut', () => {
  for (const text of texts) {
    const bytes = Buffer.from(text)
    for (let cut = 0; cut <= bytes.length; cut += 1)
      assert.equal(isJson(bytes, cut), parses(text), `${JSON.stringify(text)} cut at ${cut}`)
  }
})

test('a text with one byte that is another is JSON where JSON.parse takes it', () => {
  const first = Buffer.from(texts[0] ?? '').filter((byte) => byte < 0x80)
  for (let at = 0; at < first.length; at += 1)
    for (const byte of Buffer.from('0-.e+"\\[]{},: \ntu')) {
      const spoiled = Buffer.from(first)
      spoiled[at] = byte
      assert.equal(isJson(spoiled), parses(spoiled.toString()), spoiled.toString())
    }
})

test('bytes that are no UTF-8 are no JSON, also where the text ends in the middle of a character', () => {
  assert.equal(isJson(Buffer.from([0x22, 0xff, 0x22])), false)
  assert.equal(isJson(Buffer.from([0x22, 0xc3, 0xa9, 0x22]), 2), true)
  assert.equal(isJson(Buffer.from([0x22, 0xc3, 0x22])), false)
})

test('lists that stand deeper in each other than anybody reads are no JSON', () => {
  assert.equal(isJson(Buffer.from(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)), true)
  assert.equal(isJson(Buffer.from(`${'['.repeat(10_001)}${']'.repeat(10_001)}`)), false)
})
