/** Finds answers in the scores of a question-answering model as the pipeline of Python's transformers does. */

import { bestOf } from './best.ts'

/** One window of the context, as the model read it. */
export interface ScoredWindow {
  /** Logits of each token of the window being the answer's first, and its last. */
  readonly start: ArrayLike<number>
  readonly end: ArrayLike<number>
  /** Where the context's tokens begin among them, and how many there are. */
  readonly contextAt: number
  readonly contextTokens: number
  /** Places of the token that stands for "no answer", such as [CLS]. */
  readonly nullAt: readonly number[]
}

/** Tokens of the window's context, both ends included. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly score: number
}

export interface WindowAnswers {
  /** The likeliest first. */
  readonly spans: readonly Span[]
  /** Probability that the window has no answer. */
  readonly nullScore: number
}

/**
 * @param most how many spans are wanted
 * @param longest tokens of an answer
 */
export const answersOf = (window: ScoredWindow, most: number, longest: number): WindowAnswers => {
  const { contextAt, contextTokens } = window
  const start = probabilities(window.start, window)
  const end = probabilities(window.end, window)
  const nullScore = Number(start[0]) * Number(end[0])
  const best = bestOf<Span>(most, ({ score }) => score)
  for (let from = 0; from < contextTokens; from++) {
    const first = contextAt + from === 0 ? 0 : Number(start[contextAt + from])
    for (let to = from; to < Math.min(contextTokens, from + longest); to++) {
      const score = first * Number(end[contextAt + to])
      if (score > best.least()) best.add({ from, to, score })
    }
  }
  return { spans: best.inOrder(), nullScore }
}

/** Softmax over the context and "no answer"; nothing else can be part of an answer. */
const probabilities = (
  logits: ArrayLike<number>,
  { contextAt, contextTokens, nullAt }: ScoredWindow,
): Float64Array => {
  const places = [...nullAt, ...Array.from({ length: contextTokens }, (_, index) => contextAt + index)]
  const maximum = places.reduce(
    (most, place) => Math.max(most, Number(logits[place])),
    Number.NEGATIVE_INFINITY,
  )
  const result = new Float64Array(logits.length)
  let sum = 0
  for (const place of new Set(places)) {
    const value = Math.exp(Number(logits[place]) - maximum)
    result[place] = value
    sum += value
  }
  return result.map((value) => value / sum)
}
