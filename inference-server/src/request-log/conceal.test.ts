import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StartError } from '../errors.ts'
import { conceal, coverOf } from './conceal.ts'

const cover = { keyId: 'k', text: (text: string) => `<${text}>` }
const hide = (content: unknown, names: readonly string[] = ['text']): unknown =>
  conceal(content, names, cover)

describe('what is sensitive is covered', () => {
  for (const [what, content, expected] of [
    ['a member', { text: 'a', top_k: 2 }, { text: '<a>', top_k: 2 }],
    ['each item', { instances: [{ text: 'a', x: 1 }] }, { instances: [{ text: '<a>', x: 1 }] }],
    ['items without a name', { instances: ['a', 'b'] }, { instances: ['<a>', '<b>'] }],
    ['a list of texts, one by one', { text: ['a', 'b'] }, { text: ['<a>', '<b>'] }],
    ['numbers by their JSON', { text: [1, 2] }, { text: '<[1,2]>' }],
    ['answers', { predictions: [{ label: 'x', text: 'a' }] }, { predictions: [{ label: 'x', text: '<a>' }] }],
    [
      'chat messages',
      { model: 'm', messages: [{ content: 'a' }] },
      { model: 'm', messages: '<[{"content":"a"}]>' },
    ],
    [
      'a tensor by its name',
      {
        inputs: [
          { name: 'text', datatype: 'BYTES', shape: [1], data: ['a'] },
          { name: 'x', datatype: 'FP32', shape: [1], data: [1] },
        ],
      },
      {
        inputs: [
          { name: 'text', datatype: 'BYTES', shape: [1], data: ['<a>'] },
          { name: 'x', datatype: 'FP32', shape: [1], data: [1] },
        ],
      },
    ],
    [
      'a lone tensor of texts, whatever its name',
      { inputs: [{ name: 'other', datatype: 'BYTES', shape: [1], data: ['a'] }] },
      { inputs: [{ name: 'other', datatype: 'BYTES', shape: [1], data: ['<a>'] }] },
    ],
  ] as const) {
    test(what, () => assert.deepEqual(hide(content), expected))
  }
})

test('without names everything is covered', () => {
  assert.equal(hide({ a: 1 }, []), '<{"a":1}>')
})

const keys = new Map([
  ['2026-10', 'o'.repeat(32)],
  ['2026-11', 'n'.repeat(32)],
])

test('the last key by name is used, and says so', () => {
  assert.equal(coverOf('hashed', keys).keyId, '2026-11')
})

test('equal texts have equal hashes under one key, and other ones under another', () => {
  const one = coverOf('hashed', keys)
  const other = coverOf('hashed', new Map([...keys].slice(0, 1)))
  assert.equal(one.text('a'), one.text('a'))
  assert.notEqual(one.text('a'), one.text('b'))
  assert.notEqual(one.text('a'), other.text('a'))
})

test('a hash is HMAC-SHA256 of the text, as Python computes it', () => {
  const { text } = coverOf('hashed', new Map([['k', 'a key that is long enough']]))
  assert.equal(
    text('what do ya want for nothing?'),
    'hmac-sha256:d77c383840a164feae45cac1c83347de546108397b9da860eb67e95ef3611728',
  )
})

test('a key that can be guessed, or is no Fernet key, is refused with a command that makes one', () => {
  const refused = (mode: 'hashed' | 'encrypted', key: string, sentence: RegExp): void =>
    assert.throws(
      () => coverOf(mode, new Map([['k', key]])),
      (error) => error instanceof StartError && sentence.test(error.message),
    )
  refused('hashed', 'short', /key "k".*openssl rand/)
  refused('encrypted', 'x'.repeat(32), /no Fernet key.*openssl rand/)
})

test('members keep their names, and are covered by them, whatever they are', () => {
  const content: unknown = JSON.parse('{"__proto__":"a","constructor":"b","10":{"__proto__":"c","text":"d"}}')
  assert.equal(
    JSON.stringify(hide(content, ['__proto__', 'text'])),
    '{"10":{"__proto__":"<c>","text":"<d>"},"__proto__":"<a>","constructor":"b"}',
  )
})
