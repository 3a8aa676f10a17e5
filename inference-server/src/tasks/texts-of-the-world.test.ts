/** Tokens and their places in texts of many scripts, beside those of Python's tokenizers. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { codePointCounter } from './code-points.ts'
import { loadTokenizer } from './tokenizer.ts'

const golden = join(import.meta.dirname, '../../golden')
const { texts, tokenizers } = JSON.parse(readFileSync(join(golden, 'texts.json'), 'utf8')) as {
  readonly texts: readonly string[]
  /** Id, start and end of each token, one after the other. */
  readonly tokenizers: Readonly<Record<string, readonly (readonly number[])[]>>
}

for (const [folder, answers] of Object.entries(tokenizers))
  test(`${folder}: tokens and places are those of Python`, async () => {
    const load = await loadTokenizer({
      dir: join(golden, 'models', folder),
      config: {},
      preprocessorConfig: {},
    })
    const { pieces, idsOf } = load(512)
    for (const [index, text] of texts.entries()) {
      const place = codePointCounter(text)
      const right = answers[index] as readonly number[]
      const found = pieces(text)
      const what = JSON.stringify(text)
      assert.deepEqual(
        found.flatMap(({ id, start, end }) => [id, place(start), place(end)]),
        right,
        what,
      )
      assert.deepEqual(
        idsOf(text),
        right.filter((_, at) => at % 3 === 0),
        `${what} without places`,
      )
    }
  })
