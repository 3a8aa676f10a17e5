import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createTranscript, type TranscriptOptions } from './transcript.ts'

/** A vocabulary whose tokens are single bytes, as in byte-level models. */
const decode = (ids: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(ids))
const bytes = (text: string): readonly number[] => [...new TextEncoder().encode(text)]

const pieces = (text: readonly number[], options: Partial<TranscriptOptions> = {}) => {
  const transcript = createTranscript({
    decode,
    promptIds: bytes('a'),
    stops: [],
    keepStop: false,
    ...options,
  })
  const shown: string[] = []
  for (const id of text) shown.push(transcript.push(id))
  shown.push(transcript.finish())
  return { shown, text: shown.join(''), stopped: transcript.stopped() }
}

describe('pieces of a text', () => {
  test('hold whole characters, though tokens hold parts of them', () => {
    assert.deepEqual(pieces(bytes('é从🙂')).shown, ['', 'é', '', '', '从', '', '', '', '🙂', ''])
  })

  test('what is never finished is shown at the end, as it is', () => {
    assert.equal(pieces(bytes('好').slice(0, 2)).text, '\ufffd')
  })

  test('broken bytes in the middle do not hold up what follows', () => {
    assert.equal(pieces([...bytes('a'), 0xe4, ...bytes('b')]).text, 'a\ufffdb')
  })

  test('a stop text ends the text and is left out, though it comes in parts', () => {
    const { shown, stopped } = pieces(bytes('one two STOP three'), { stops: ['STOP'] })
    assert.equal(shown.join(''), 'one two ')
    assert.ok(stopped)
  })

  test('what only looked like a stop text is shown after all', () => {
    const { text, shown, stopped } = pieces(bytes('a STO'), { stops: ['STOP'] })
    assert.equal(text, 'a STO')
    assert.equal(shown.at(-1), 'STO')
    assert.ok(!stopped)
    assert.equal(pieces(bytes('STSTOPx'), { stops: ['STOP'] }).text, 'ST')
  })

  test('the first of several stop texts counts', () => {
    assert.equal(pieces(bytes('one\ntwo. three'), { stops: ['. ', '\n'] }).text, 'one')
  })

  test('kept, a stop text comes with the rest of its token', () => {
    const words = ['x', ' wanted it', ' more']
    const byWord = (ids: readonly number[]): string => ids.map((id) => words[id]).join('')
    const transcript = createTranscript({ decode: byWord, promptIds: [0], stops: ['ante'], keepStop: true })
    assert.equal(transcript.push(1), ' wanted it')
    assert.ok(transcript.stopped())
    assert.equal(transcript.push(2), '')
  })

  test('a stop text of several characters of several bytes', () => {
    assert.equal(pieces(bytes('唱歌很好'), { stops: ['歌很'] }).text, '唱')
  })
})
