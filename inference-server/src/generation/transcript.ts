/**
 * The text of tokens that come one by one, in pieces that can be shown at once.
 *
 * A piece ends where a character ends: tokens of byte-level vocabularies hold parts of characters. What might be the
 * start of a stop text is held back until it is known not to be one.
 */
import type { Codec } from './codec.ts'

export interface TranscriptOptions {
  readonly decode: Codec['decode']
  /** Tokens before the text: whether a first word starts with a space depends on them. */
  readonly promptIds: readonly number[]
  /** Texts that end the generated text; every one has at least one character. */
  readonly stops: readonly string[]
  /** Keeps the stop text, and all of the token that it ends in, as transformers does; OpenAI leaves it out. */
  readonly keepStop: boolean
}

export interface Transcript {
  /** @returns the text that the token makes certain; '' where there is none yet */
  readonly push: (id: number) => string
  /** @returns the text that was held back for a stop that did not come */
  readonly finish: () => string
  /** Whether a stop text has come: nothing follows. */
  readonly stopped: () => boolean
}

/** Tokens of the prompt that are decoded with the text; no character has more bytes. */
const contextTokens = 6

const unfinished = '\ufffd'

/** Length of the longest end of `text` that one of the stops starts with, short of being it. */
const heldLength = (text: string, stops: readonly string[]): number => {
  let held = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > held; length--) {
      if (text.endsWith(stop.slice(0, length))) {
        held = length
        break
      }
    }
  }
  return held
}

/** Index of the first stop in the text. */
const firstStop = (text: string, stops: readonly string[]): number => {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0)
  return places.length > 0 ? Math.min(...places) : -1
}

export const createTranscript = ({ decode, promptIds, stops, keepStop }: TranscriptOptions): Transcript => {
  /** The tokens that the next ones are decoded with, then those whose text is unfinished. */
  let ids: readonly number[] = promptIds.slice(-contextTokens)
  let known = ids.length
  let held = ''
  let stopped = false

  /** Text of the tokens behind `known`; '' while it ends in the middle of a character. */
  const decoded = (final: boolean): string => {
    const before = decode(ids.slice(0, known))
    const text = decode(ids).slice(before.length)
    if (!final && (text === '' || text.endsWith(unfinished))) return ''
    ids = ids.slice(-contextTokens)
    known = ids.length
    return text
  }

  const show = (text: string): string => {
    held += text
    const place = firstStop(held, stops)
    if (place >= 0) {
      stopped = true
      const shown = keepStop ? held : held.slice(0, place)
      held = ''
      return shown
    }
    const length = held.length - heldLength(held, stops)
    const shown = held.slice(0, length)
    held = held.slice(length)
    return shown
  }

  return {
    push: (id) => {
      if (stopped) return ''
      ids = [...ids, id]
      return show(decoded(false))
    },
    finish: () => {
      if (stopped) return ''
      const shown = show(decoded(true))
      const rest = held
      held = ''
      return shown + rest
    },
    stopped: () => stopped,
  }
}
