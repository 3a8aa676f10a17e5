import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StartError } from '../../failures/errors.ts'
import { checkOwnThread, unboundedPart } from './tokenizer-bounds.ts'

type Json = Readonly<Record<string, unknown>>

const plain: Json = {
  added_tokens: [{ content: '[MASK]' }],
  normalizer: { type: 'BertNormalizer' },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  decoder: { type: 'WordPiece', prefix: '##' },
  model: { type: 'WordPiece', vocab: { a: 0, '##a': 1 }, max_input_chars_per_word: 100 },
}
const replace = (content: string, pattern: Json = { String: 'a' }): Json => ({
  type: 'Replace',
  pattern,
  content,
})
const sequence = (...normalizers: readonly Json[]): Json => ({ type: 'Sequence', normalizers })
const runs = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => 'a'.repeat(index + 1))
const vocabulary = (tokens: readonly string[]): Json =>
  Object.fromEntries(tokens.map((token, id) => [token, id]))
const pieces = (tokens: readonly string[]): Json => ({
  type: 'Unigram',
  vocab: tokens.map((token) => [token, -1]),
})
/** A table of SentencePiece without a trie: what characters become. */
const charsmap = (target: string): string =>
  Buffer.concat([Buffer.alloc(4), Buffer.from(`b\0${target}\0`)]).toString('base64')

describe('texts are read on the thread of the server', () => {
  for (const [title, change] of [
    ['with the steps of BERT', {}],
    ['with steps that put a few characters for one', { normalizer: sequence(replace('<n>'), replace(' ')) }],
    [
      'with the table of SentencePiece',
      { normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap('x'.repeat(18)) } },
    ],
    ['with pieces that begin alike, as SentencePiece makes them', { model: pieces(runs(16)) }],
    ['with runs of spaces in a vocabulary of BPE', { model: { type: 'BPE', vocab: vocabulary(runs(256)) } }],
    [
      'with thousands of short added tokens',
      { added_tokens: Array.from({ length: 6000 }, (_, id) => ({ content: `<unused${id}>` })) },
    ],
  ] as const)
    test(title, () => assert.equal(unboundedPart({ ...plain, ...change }), undefined))
})

describe('texts are read in a process', () => {
  for (const [title, change, reason] of [
    [
      'where a pattern of the normalizer may take any time',
      { normalizer: replace('b', { Regex: '(a+)+$' }) },
      /normalizer has the pattern "\(a\+\)\+\$"/,
    ],
    [
      'where one deep inside does',
      { normalizer: sequence(sequence(replace('b', { Regex: 'a*a*b' }))) },
      /normalizer has the pattern/,
    ],
    [
      'where one step makes a text long',
      { normalizer: replace('a'.repeat(1000)) },
      /normalizer makes a text many times/,
    ],
    [
      'where several do together',
      { normalizer: sequence(...Array.from({ length: 8 }, () => replace('aa'))) },
      /normalizer makes/,
    ],
    [
      'where much is put before each text',
      { normalizer: { type: 'Prepend', prepend: 'a b '.repeat(99) } },
      /normalizer makes/,
    ],
    ['where something is put everywhere', { normalizer: replace('b', { String: '' }) }, /normalizer makes/],
    [
      'where the mark of a space is a text',
      { pre_tokenizer: { type: 'Metaspace', replacement: 'x'.repeat(99) } },
      /pre_tokenizer makes/,
    ],
    [
      'where a table does',
      { normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap('x'.repeat(99)) } },
      /normalizer makes/,
    ],
    [
      'where there are many steps',
      { normalizer: sequence(...Array.from({ length: 99 }, () => replace('b'))) },
      /has 100 steps/,
    ],
    [
      'where texts that are sought are long',
      { normalizer: replace('b', { String: 'a'.repeat(9999) }) },
      /has long patterns/,
    ],
    [
      'where words and tokens are long',
      { model: { type: 'WordPiece', vocab: { ['a'.repeat(999)]: 0 }, max_input_chars_per_word: 1e9 } },
      /words and tokens/,
    ],
    ['where many tokens begin alike', { model: pieces(runs(200)) }, /begin alike/],
    [
      'where a token is long',
      { model: { type: 'BPE', vocab: { ['a'.repeat(9999)]: 0 } } },
      /token of more than 1024/,
    ],
    [
      'where added tokens are long',
      { added_tokens: runs(200).map((content) => ({ content: `${content}b` })) },
      /added tokens are long/,
    ],
  ] as const)
    test(title, () => assert.match(String(unboundedPart({ ...plain, ...change })), reason))
})

test('a decoder is refused where it may take any time, or write long tokens', () => {
  checkOwnThread(plain)
  for (const change of [
    { decoder: replace('b', { Regex: '(a+)+$' }) },
    { decoder: { type: 'Sequence', decoders: [replace('a'.repeat(99))] } },
    { model: { type: 'BPE', vocab: { ['a'.repeat(99_999)]: 0 } } },
  ])
    assert.throws(() => checkOwnThread({ ...plain, ...change }), StartError)
})

const template = (count: number): Json => ({
  type: 'TemplateProcessing',
  single: Array.from({ length: count }, () => ({ Sequence: { id: 'A', type_id: 0 } })),
  pair: [],
  special_tokens: {},
})

test('special tokens around a text are refused where there are too many of them, in one template or in several', () => {
  const processors = (...steps: readonly Json[]): Json => ({ type: 'Sequence', processors: steps })
  for (const framed of [template(4), processors({ type: 'ByteLevel' }, template(5))])
    checkOwnThread({ ...plain, post_processor: framed })
  for (const framed of [template(200_000), processors(template(30), template(30))])
    assert.throws(
      () => checkOwnThread({ ...plain, post_processor: framed }),
      /post_processor puts more than 512/,
    )
})
