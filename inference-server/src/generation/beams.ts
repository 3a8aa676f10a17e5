/**
 * Beam search as `generate` of Hugging Face's transformers does it: of everything that could follow the texts of all beams the
 * likeliest go on, and those that came to their end are kept until none that goes on could still be better.
 * Scores are sums of log-probabilities in single precision, as there, so that the same choices fall.
 */

import type { WritingSettings } from '../sessions/writing-settings.ts'
import { process } from './logits.ts'

/** Penalty of a token that is ruled out, far below any score. */
const excluded = -1e9

interface Beam {
  readonly ids: readonly number[]
  readonly score: number
}

interface Finished extends Beam {
  /** False for a place without a finished text. */
  readonly taken: boolean
}

interface Candidate extends Beam {
  /** Index of the beam that it continues. */
  readonly parent: number
  /** Whether the beam is complete: it has its end token, or all its tokens. */
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

/** Replaces scores by their log-softmax, in place. */
const logSoftmax = (scores: Float32Array): void => {
  let top = Number.NEGATIVE_INFINITY
  for (let id = 0; id < scores.length; id++) top = Math.max(top, scores[id] as number)
  let sum = 0
  for (let id = 0; id < scores.length; id++) sum += Math.exp((scores[id] as number) - top)
  const shift = top + Math.log(sum)
  for (let id = 0; id < scores.length; id++) scores[id] = (scores[id] as number) - shift
}

/** The highest `count`, the highest first; of equals the one that came first. */
const highest = <Scored>(
  all: readonly Scored[],
  count: number,
  scoreOf: (one: Scored) => number,
): readonly Scored[] => all.toSorted((one, other) => scoreOf(other) - scoreOf(one)).slice(0, count)

interface Ranked {
  readonly row: number
  readonly id: number
  readonly score: number
}

/** The highest `count` scores of all rows, the highest first. @param offsets added to each row */
const highestOf = (
  rows: readonly Float32Array[],
  offsets: readonly number[],
  count: number,
): readonly Ranked[] => {
  const best: Ranked[] = []
  let least = Number.NEGATIVE_INFINITY
  for (const [row, scores] of rows.entries()) {
    const offset = offsets[row] as number
    for (let id = 0; id < scores.length; id++) {
      // Nearly all tokens of a large vocabulary end here.
      if (best.length === count && !((scores[id] as number) + offset > least)) continue
      const score = single((scores[id] as number) + offset)
      const before = best.findIndex((one) => score > one.score)
      best.splice(before < 0 ? best.length : before, 0, { row, id, score })
      best.length = Math.min(best.length, count)
      least = (best.at(-1) as Ranked).score
    }
  }
  return best
}

export const createBeamSearch = (promptIds: readonly number[], settings: WritingSettings): BeamSearch => {
  const { numBeams, eosIds, maxNewTokens, lengthPenalty, earlyStopping } = settings
  const { renormalizeLogits, repetitionPenalty } = settings
  const given = promptIds.length
  // Number of candidates that leaves enough to continue even if the likeliest all end.
  const kept = Math.max(2, 1 + eosIds.length) * numBeams
  // Nothing but this penalty depends on where the scores' zero is.
  const normalisedLater = renormalizeLogits && repetitionPenalty === 1
  // All beams are the same at first, so only the candidates of the first one count.
  let running: readonly Beam[] = Array.from({ length: numBeams }, (_, beam) => ({
    ids: promptIds,
    score: beam === 0 ? 0 : excluded,
  }))
  let finished: readonly Finished[] = running.map(() => ({ ids: promptIds, score: excluded, taken: false }))
  let improvable = true

  const perToken = (score: number, tokens: number): number => single(score / tokens ** lengthPenalty)

  const candidatesOf = (rows: readonly Float32Array[]): readonly Candidate[] => {
    for (const [beam, scores] of rows.entries()) {
      const { ids } = running[beam] as Beam
      if (!normalisedLater) logSoftmax(scores)
      process(scores, { ids, given }, settings)
      if (renormalizeLogits) logSoftmax(scores)
    }
    const offsets = running.map(({ score }) => score)
    return highestOf(rows, offsets, kept).map(({ row, id, score }) => {
      const ids = [...(running[row] as Beam).ids, id]
      const ended = eosIds.includes(id) || ids.length - given >= maxNewTokens
      return { ids, parent: row, ended, score }
    })
  }

  /** Keeps finished candidates that are better than those kept before. */
  const finish = (candidates: readonly Candidate[], tokens: number): void => {
    const closed = !improvable || (earlyStopping === true && finished.every(({ taken }) => taken))
    const ends = candidates.map(({ ids, score, ended }, rank): Finished => {
      // Lower ranks are candidates for continuing only.
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
