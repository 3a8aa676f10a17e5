import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { plainSettings, type WritingSettings } from '../sessions/writing-settings.ts'
import { type Distribution, distribution, nextToken, process } from './logits.ts'
import { seededRandom } from './random.ts'

interface Case {
  readonly name: string
  readonly logits: string
  readonly ids: readonly number[]
  readonly prompt_length: number
  readonly parameters: Readonly<Record<string, unknown>>
  readonly probabilities: readonly number[]
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../golden/models/sampling/golden.json'), 'utf8'),
) as { readonly logits: Readonly<Record<string, readonly number[]>>; readonly cases: readonly Case[] }

const names: Readonly<Record<string, keyof WritingSettings>> = {
  temperature: 'temperature',
  top_k: 'topK',
  top_p: 'topP',
  min_p: 'minP',
  repetition_penalty: 'repetitionPenalty',
  no_repeat_ngram_size: 'noRepeatNgramSize',
  bad_words_ids: 'badWordsIds',
  eos_token_id: 'eosIds',
  min_new_tokens: 'minNewTokens',
  suppress_tokens: 'suppressIds',
}

const settingsOf = (parameters: Case['parameters']): WritingSettings => ({
  ...plainSettings,
  doSample: true,
  ...Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const member = names[name]
      assert.ok(member, `the golden parameter ${name} is not read here`)
      return [member, name === 'eos_token_id' ? [value] : value]
    }),
  ),
})

/** Probability of every token. */
const ofAll = ({ ids, probabilities }: Distribution, vocabulary: number): Float64Array => {
  const all = new Float64Array(vocabulary)
  for (const [at, probability] of probabilities.entries()) all[ids ? (ids[at] as number) : at] = probability
  return all
}

describe('what is left to draw from equals transformers', () => {
  for (const { name, logits, ids, prompt_length: given, parameters, probabilities } of golden.cases) {
    test(`${logits}: ${name}`, () => {
      const settings = settingsOf(parameters)
      const scores = Float32Array.from(golden.logits[logits] ?? [])
      process(scores, { ids, given }, settings)
      const found = ofAll(distribution(scores, settings), scores.length)
      for (const [id, expected] of probabilities.entries()) {
        const difference = Math.abs((found[id] as number) - expected)
        assert.ok(difference < 1e-4, `token ${id}: ${found[id]} instead of ${expected}`)
        // The golden numbers have seven digits, so a token that is in may be written as 0.
        if (expected > 0) assert.ok((found[id] as number) > 0, `token ${id} is left out`)
        else assert.ok((found[id] as number) < 1e-7, `token ${id} is in`)
      }
    })
  }
})

describe('drawing', () => {
  const written = { ids: [1], given: 1 }
  const scores = () => Float32Array.of(0, 1, 2, 3)
  const drawn = (settings: Partial<WritingSettings>, count: number): readonly number[] => {
    const random = seededRandom(settings.seed ?? 0)
    return Array.from({ length: count }, () =>
      nextToken(scores(), written, { ...plainSettings, doSample: true, ...settings }, random),
    )
  }

  test('follows the probabilities', () => {
    const tokens = drawn({ seed: 7 }, 20_000)
    const total = [0, 1, 2, 3].reduce((sum, score) => sum + Math.exp(score), 0)
    for (const id of [0, 1, 2, 3]) {
      const share = tokens.filter((token) => token === id).length / tokens.length
      assert.ok(Math.abs(share - Math.exp(id) / total) < 0.015, `token ${id} came in ${share}`)
    }
  })

  test('is the same for the same seed, another for another', () => {
    assert.deepEqual(drawn({ seed: 5 }, 50), drawn({ seed: 5 }, 50))
    assert.notDeepEqual(drawn({ seed: 5 }, 50), drawn({ seed: 6 }, 50))
    assert.notDeepEqual(drawn({ seed: 5 }, 50), drawn({ seed: 5 + 2 ** 32 }, 50))
  })

  test('takes the likeliest token at a temperature near 0', () => {
    assert.deepEqual(new Set(drawn({ temperature: 1e-6 }, 20)), new Set([3]))
  })

  test('scores that are no numbers still give a token', () => {
    const broken = Float32Array.of(Number.NaN, Number.NaN, Number.NaN)
    for (const settings of [{}, { doSample: true }, { doSample: true, topK: 2 }]) {
      const token = nextToken(broken.slice(), written, { ...plainSettings, ...settings }, seededRandom(0))
      assert.ok(token >= 0 && token < broken.length)
    }
  })

  test('penalties of what was written count it once, or each time', () => {
    const settings = { ...plainSettings, presencePenalty: 1, frequencyPenalty: 0.5 }
    const penalized = Float32Array.of(2, 2, 2)
    process(penalized, { ids: [0, 1, 1, 1], given: 1 }, settings)
    assert.deepEqual([...penalized], [2, 2 - 1 - 3 * 0.5, 2])
  })

  test('a bias lifts a token above the likeliest', () => {
    const token = nextToken(scores(), written, { ...plainSettings, bias: [[0, 100]] }, seededRandom(0))
    assert.equal(token, 0)
  })
})
