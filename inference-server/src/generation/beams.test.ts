import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { plainSettings, type WritingSettings } from '../sessions/writing-settings.ts'
import { createBeamSearch } from './beams.ts'

const end = 0
const settingsOf = (settings: Partial<WritingSettings>): WritingSettings => ({
  ...plainSettings,
  eosIds: [end],
  maxNewTokens: 4,
  numBeams: 2,
  ...settings,
})

/** Probabilities of the next token by what has been written; all others end. */
type Language = Readonly<Record<string, readonly number[]>>

const scoresAfter = (language: Language, ids: readonly number[]): Float32Array =>
  Float32Array.from(language[ids.join(' ')] ?? [0.97, 0.01, 0.01, 0.01], Math.log)

/** Searches to its end. @returns the best text and how many steps it took */
const searched = (language: Language, settings: WritingSettings) => {
  const search = createBeamSearch([9], settings)
  for (let steps = 1; ; steps++) {
    const scores = search.beams().map((ids) => scoresAfter(language, ids.slice(1)))
    if (!search.advance(scores)) return { text: search.best(), steps }
    assert.ok(steps < 50, 'the search does not end')
  }
}

/** The likeliest first token leads to nothing likely. */
const misleading: Language = {
  '': [0.01, 0.54, 0.44, 0.01],
  '1': [0.3, 0.2, 0.25, 0.25],
  '2': [0.01, 0.01, 0.01, 0.97],
}

describe('beam search', () => {
  test('finds a likelier text than the likeliest token after the other', () => {
    assert.deepEqual(searched(misleading, settingsOf({ numBeams: 2 })).text, [2, 3, end])
    assert.deepEqual(searched(misleading, settingsOf({ numBeams: 1 })).text[0], 1)
  })

  test('favours short or long texts after its length penalty', () => {
    const choice: Language = {
      '': [0.48, 0.5, 0.01, 0.01],
      '1': [0.02, 0.9, 0.04, 0.04],
      '1 1': [0.9, 0.05, 0.03, 0.02],
    }
    assert.deepEqual(searched(choice, settingsOf({ lengthPenalty: 0 })).text, [end])
    assert.deepEqual(searched(choice, settingsOf({ lengthPenalty: 2 })).text, [1, 1, end])
  })

  test('ends with as many whole texts as beams if it is to stop early, and goes on while there may be better ones', () => {
    const early = searched(misleading, settingsOf({ earlyStopping: true }))
    const patient = searched(misleading, settingsOf({ earlyStopping: 'never', maxNewTokens: 12 }))
    assert.ok(early.steps <= patient.steps)
    assert.deepEqual(patient.text, [2, 3, end])
  })

  test('ends at its limit, the end forced there where the model asks for it', () => {
    const endless: Language = Object.fromEntries(
      ['', '1', '1 1', '1 1 1', '1 1 1 1'].map((ids) => [ids, [0.01, 0.9, 0.05, 0.04]]),
    )
    assert.deepEqual(searched(endless, settingsOf({ maxNewTokens: 3 })).text, [1, 1, 1])
    assert.deepEqual(searched(endless, settingsOf({ maxNewTokens: 3, forcedEosId: end })).text, [1, 1, end])
  })

  test('writes no token that is ruled out, in any beam', () => {
    const { text } = searched(misleading, settingsOf({ badWordsIds: [[2], [3]], minNewTokens: 2 }))
    assert.ok(text.length >= 3)
    assert.ok(!text.includes(2) && !text.includes(3))
  })

  test('follows more beams than there are tokens', () => {
    assert.deepEqual(searched(misleading, settingsOf({ numBeams: 8 })).text, [2, 3, end])
  })

  test('has nothing to say where the scores are no numbers', () => {
    const search = createBeamSearch([9], settingsOf({}))
    const scores = search.beams().map(() => new Float32Array(4).fill(Number.NaN))
    assert.equal(search.advance(scores), undefined)
    assert.deepEqual(search.best(), [])
  })
})
