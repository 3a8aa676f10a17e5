import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isLinear } from './linear-pattern.ts'

const contractions = `'s|'t|'re|'ve|'m|'ll|'d`
const ends = String.raw`|\s*[\r\n]+|\s+(?!\S)|\s+`
const letters = (ending: string): string =>
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+${ending}|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*${ending}`

describe('patterns of well-known tokenizers take time in proportion to the text', () => {
  for (const [name, pattern] of [
    ['GPT-2', String.raw`${contractions}| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`],
    [
      'Llama 3',
      String.raw`(?i:${contractions})|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*${ends}`,
    ],
    [
      'Qwen 2',
      String.raw`(?i:${contractions})|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*${ends}`,
    ],
    ['GPT-4o', String.raw`${letters(`(?i:${contractions})?`)}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*${ends}`],
    ['Mistral', String.raw`${letters('')}|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*${ends}`],
    ['DeepSeek', '[一-龥぀-ゟ゠-ヿ]+'],
    [
      'DeepSeek, words',
      String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_${'`'}{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*${ends}`,
    ],
    ['CLIP', String.raw`${contractions}|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`],
    ['SentencePiece', ' {2,}'],
    ['SigLIP', '[!-/:-@\\[-`{-~]'],
    ['BLOOM', String.raw` ?[^(\s|[.,!?…。，、।۔،])]+`],
  ] as const)
    test(name, () => assert.equal(isLinear(pattern), true, pattern))
})

describe('patterns that may take long for some text are told apart', () => {
  for (const pattern of [
    '(a+)+$',
    '(a|a)*b',
    '(a|aa)+$',
    'a+b',
    'a*a*b',
    String.raw`\s+$`,
    String.raw`\s*[\r\n]+`,
    '(?=a+b)a',
    '(?<=a+)b',
    String.raw`(a)\1`,
    'a{1,30}a{1,30}b',
    'a{0,60000}b',
    'a{60000}',
    '(?:a?){30}b',
    '(a{9}){9}',
    'a++b',
    'a+?b',
    `x+y${ends}`,
    `(x+x+)+y${ends}`,
    '[a',
    'a)',
    '[a&&[b]]+',
  ])
    test(pattern, () => assert.equal(isLinear(pattern), false))
})

test('a pattern that is called linear reads 100 kB of any of these texts at once, where others would take minutes', () => {
  const texts = ['a', 'A', '中', ' ', '\n', ' \n', "'", '1', 'aA', 'ᵃ', '!\n'].map((one) =>
    one.repeat(100_000 / one.length),
  )
  const javascript = [
    String.raw`(?:${contractions})|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*${ends}`,
    String.raw`${letters('')}|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*${ends}`,
  ]
  for (const source of javascript)
    for (const text of texts)
      for (const tail of ['', 'x', 'X', ' ', '1']) {
        const startedMs = performance.now()
        const { length } = [...(text + tail).matchAll(new RegExp(source, 'gu'))]
        assert.ok(length > 0 && performance.now() - startedMs < 5000, `${source} ${text.slice(0, 3)} ${tail}`)
      }
})
