/** Tokens and their places in texts of many scripts, beside those of Python's tokenizers. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { codePointCounter } from './code-points.ts'
import { loadTokenizer } from './tokenizer.ts'

/** Id, start and end of each token, one after the other, by text. */
type Answers = readonly (readonly number[])[]

const golden = join(import.meta.dirname, '../../../golden')
const { texts, tokenizers, tried, steps } = JSON.parse(readFileSync(join(golden, 'texts.json'), 'utf8')) as {
  readonly texts: readonly string[]
  readonly tokenizers: Readonly<Record<string, Answers>>
  /** What the steps were tried with. */
  readonly tried: readonly string[]
  readonly steps: Readonly<Record<string, { readonly step: object; readonly answers: Answers } | string>>
}

const compare = async (dir: string, all: readonly string[], answers: Answers): Promise<void> => {
  const ending = new AbortController()
  const files = { dir, config: {}, preprocessorConfig: {}, signal: ending.signal }
  const { pieces, idsOf } = (await loadTokenizer(files))(512)
  assert.equal(answers.length, all.length)
  for (const [index, text] of all.entries()) {
    const place = codePointCounter(text)
    const right = answers[index] as readonly number[]
    const found = (await pieces(text)).flatMap(({ id, start, end }) => [id, place(start), place(end)])
    assert.deepEqual(found, right, JSON.stringify(text))
    const ids = right.filter((_, at) => at % 3 === 0)
    assert.deepEqual(await idsOf(text), ids, `${JSON.stringify(text)} without places`)
  }
  ending.abort()
}

describe('tokens and places are those of Python', () => {
  for (const [folder, answers] of Object.entries(tokenizers))
    test(folder, () => compare(join(golden, 'models', folder), texts, answers))
})

describe('each step by itself gives the tokens and places of Python', () => {
  const { characters, ...others } = steps
  const tokens = Array.from(String(characters), (char) => [char, `##${char}`]).flat()
  const vocab = Object.fromEntries(['[UNK]', ...tokens].map((token, id) => [token, id]))
  const model = {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab,
  }
  const whole = { version: '1.0', added_tokens: [], post_processor: null, decoder: null, model }
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'texts-of-the-world-'))
  })
  after(() => rm(dir, { recursive: true }))

  for (const [name, one] of Object.entries(others))
    test(name, async () => {
      assert.ok(typeof one === 'object')
      await writeFile(join(dir, 'tokenizer.json'), JSON.stringify({ ...whole, ...one.step }))
      await compare(dir, tried, one.answers)
    })

  test('a step that is not known here is refused by name', async () => {
    for (const [change, message] of [
      [{ normalizer: { type: 'Nmt' } }, /Nmt/],
      [{ pre_tokenizer: { type: 'UnicodeScripts' } }, /UnicodeScripts/],
      [{ pre_tokenizer: { type: 'Punctuation', behavior: 'Doubled' } }, /behavior Doubled/],
    ] as const) {
      const base = { normalizer: null, pre_tokenizer: null }
      await writeFile(join(dir, 'tokenizer.json'), JSON.stringify({ ...whole, ...base, ...change }))
      await assert.rejects(loadTokenizer({ dir, config: {}, preprocessorConfig: {} }), message)
    }
  })
})
