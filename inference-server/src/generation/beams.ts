/**
 * Beam search as `generate` of Hugging Face's transformers does it: of everything that could follow the texts of all beams the
 * likeliest go on, and those that came to their end are kept until none that goes on could still be better.
 * Scores are sums of log-probabilities in single precision, as there, so that the same choices fall.
 */
import { process } from './logits.ts'
import type { WritingSettings } from './settings.ts'

/** Far below any score; what is ruled out loses so much. */
const excluded = -1e9

interface Beam {
  readonly ids: readonly number[]
  readonly score: number
}

interface Finished extends Beam {
  /** False for a place that nothing has taken yet. */
  readonly taken: boolean
}

interface Candidate extends Beam {
  /** Beam that it continues. */
  readonly parent: number
  /** Nothing can follow: it has its end, or all its tokens. */
  readonly ended: boolean
}

export interface BeamSearch {
  /** Tokens of each beam, all of one length. */
  readonly beams: () => readonly (readonly number[])[]
  /**
   * Gives every beam its next token.
   * @param scores the model's raw scores of each beam, float32 [vocabulary]; changed
   * @returns for each beam the one that it continues; undefined when the search is over
   */
  readonly advance: (scores: readonly Float32Array[]) => readonly number[] | undefined
  /** New tokens of the best text, when the search is over; none where the scores are no numbers. */
  readonly best: () => readonly number[]
}

const single = Math.fround

/** In place. */
const logSoftmax = (scores: Float32Array): void => {
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  let sum = 0
  for (const score of scores) sum += Math.exp(score - highest)
  const shift = highest + Math.log(sum)
  for (let id = 0; id < scores.length; id++) scores[id] = (scores[id] as number) - shift
}

/** The highest `count`, the highest first; of equals the one that came first. */
const highest = <Scored>(
  all: readonly Scored[],
  count: number,
  scoreOf: (one: Scored) => number,
): readonly Scored[] => all.toSorted((one, other) => scoreOf(other) - scoreOf(one)).slice(0, count)

/** Places of the highest `count` scores, the highest first. @param rows of one length, read one behind the other */
const highestPlaces = (rows: readonly Float32Array[], count: number): readonly number[] => {
  const best: { readonly place: number; readonly score: number }[] = []
  let least = Number.NEGATIVE_INFINITY
  for (const [row, scores] of rows.entries()) {
    for (let id = 0; id < scores.length; id++) {
      const score = scores[id] as number
      if (best.length === count && !(score > least)) continue
      const before = best.findIndex((one) => score > one.score)
      best.splice(before < 0 ? best.length : before, 0, { place: row * scores.length + id, score })
      best.length = Math.min(best.length, count)
      least = (best.at(-1) as { score: number }).score
    }
  }
  return best.map(({ place }) => place)
}

export const createBeamSearch = (promptIds: readonly number[], settings: WritingSettings): BeamSearch => {
  const { numBeams, eosIds, maxNewTokens, lengthPenalty, earlyStopping, renormalizeLogits } = settings
  const given = promptIds.length
  // So many that enough go on even if the likeliest all end.
  const kept = Math.max(2, 1 + eosIds.length) * numBeams
  // All beams are the same at first: only what the first one says counts.
  let running: readonly Beam[] = Array.from({ length: numBeams }, (_, beam) => ({
    ids: promptIds,
    score: beam === 0 ? 0 : excluded,
  }))
  let finished: readonly Finished[] = running.map(() => ({ ids: promptIds, score: excluded, taken: false }))
  let improvable = true

  const perToken = (score: number, tokens: number): number => single(score / tokens ** lengthPenalty)

  const candidatesOf = (rows: readonly Float32Array[]): readonly Candidate[] => {
    for (const [beam, scores] of rows.entries()) {
      const { ids, score } = running[beam] as Beam
      logSoftmax(scores)
      process(scores, { ids, given }, settings)
      if (renormalizeLogits) logSoftmax(scores)
      for (let id = 0; id < scores.length; id++) scores[id] = (scores[id] as number) + score
    }
    const vocabulary = rows[0]?.length ?? 0
    return highestPlaces(rows, kept).map((place) => {
      const parent = Math.floor(place / vocabulary)
      const token = place % vocabulary
      const ids = [...(running[parent] as Beam).ids, token]
      const ended = eosIds.includes(token) || ids.length - given >= maxNewTokens
      return { ids, parent, ended, score: rows[parent]?.[token] ?? excluded }
    })
  }

  /** Takes in what came to its end, if it is better than what did before. */
  const finish = (candidates: readonly Candidate[], tokens: number): void => {
    const closed = !improvable || (earlyStopping === true && finished.every(({ taken }) => taken))
    const ends = candidates.map(({ ids, score, ended }, rank): Finished => {
      // The other candidates are there only to go on.
      const taken = ended && rank < numBeams
      const lost = (closed ? excluded : 0) + (taken ? 0 : excluded)
      return { ids, taken, score: single(perToken(score, tokens) + lost) }
    })
    finished = highest([...finished, ...ends], numBeams, ({ score }) => score)
  }

  /** Whether a beam that goes on could still be better than what is finished. */
  const couldImprove = (tokens: number): boolean => {
    const reached = earlyStopping === 'never' && lengthPenalty > 0 ? maxNewTokens : tokens
    const possible = perToken(running[0]?.score ?? excluded, reached)
    const worst = Math.min(...finished.map(({ score }) => score))
    return finished.some(({ taken }) => possible > (taken ? worst : excluded))
  }

  return {
    beams: () => running.map(({ ids }) => ids),
    advance: (rows) => {
      const candidates = candidatesOf(rows)
      const goOn = highest(candidates, numBeams, ({ score, ended }) => single(score + (ended ? excluded : 0)))
      running = goOn.map(({ ids, score, ended }) => ({ ids, score: single(score + (ended ? excluded : 0)) }))
      const tokens = (running[0]?.ids.length ?? given) - given
      finish(candidates, tokens)
      improvable &&= couldImprove(tokens)
      const full = earlyStopping === true && finished.every(({ taken }) => taken)
      const over = !improvable || full || candidates.every(({ ended }) => ended)
      return over ? undefined : goOn.map(({ parent }) => parent)
    },
    best: () => (finished[0] as Finished).ids.slice(given),
  }
}
