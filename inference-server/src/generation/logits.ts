/**
 * Chooses the next token from a model's raw scores: the processors of Hugging Face's `generate`, in its order, so that the same
 * settings leave the same tokens to draw from. All work in place on one row of scores; -Infinity rules a token out.
 */

import type { WritingSettings } from '../sessions/writing-settings.ts'
import { fromHalf } from '../tensors/half.ts'
import type { Tensor } from '../tensors/tensor.ts'
import type { Random } from './random.ts'

/** Tokens of a row. */
export interface Written {
  /** Prompt and new tokens. */
  readonly ids: readonly number[]
  /** Number of prompt tokens among them. */
  readonly given: number
}

type Processor = (scores: Float32Array, written: Written, settings: WritingSettings) => void

const never = Number.NEGATIVE_INFINITY

const penalizeRepetition: Processor = (scores, { ids }, { repetitionPenalty: penalty }) => {
  if (penalty === 1) return
  for (const id of new Set(ids)) {
    const score = scores[id]
    if (score !== undefined) scores[id] = score < 0 ? score * penalty : score / penalty
  }
}

const penalizePresence: Processor = (scores, { ids, given }, { presencePenalty, frequencyPenalty }) => {
  if (presencePenalty === 0 && frequencyPenalty === 0) return
  const fresh = ids.slice(given)
  for (const id of fresh) scores[id] = (scores[id] as number) - frequencyPenalty
  for (const id of new Set(fresh)) scores[id] = (scores[id] as number) - presencePenalty
}

const addBias: Processor = (scores, _written, { bias }) => {
  for (const [id, value] of bias) {
    const score = scores[id]
    if (score !== undefined) scores[id] = score + value
  }
}

const endsWith = (
  ids: readonly number[],
  ending: readonly number[],
  endingLength: number,
  end: number,
): boolean => {
  const start = end - endingLength
  if (start < 0) return false
  for (let index = 0; index < endingLength; index++) if (ids[start + index] !== ending[index]) return false
  return true
}

const forbidRepeatedRuns: Processor = (scores, { ids }, { noRepeatNgramSize: size }) => {
  if (size < 1 || ids.length + 1 < size) return
  const tail = ids.slice(ids.length - (size - 1))
  for (let end = size - 1; end < ids.length; end++) {
    if (endsWith(ids, tail, size - 1, end)) scores[ids[end] as number] = never
  }
}

const forbidBadWords: Processor = (scores, { ids }, { badWordsIds, eosIds }) => {
  for (const word of badWordsIds) {
    const last = word.at(-1)
    // The end token cannot be forbidden this way, as in transformers.
    if (last === undefined || (word.length === 1 && eosIds.includes(last))) continue
    if (endsWith(ids, word, word.length - 1, ids.length)) scores[last] = never
  }
}

const forbidEnding: Processor = (scores, { ids, given }, { minNewTokens, minLength, eosIds }) => {
  if (ids.length - given < minNewTokens || ids.length < minLength) for (const id of eosIds) scores[id] = never
}

const force: Processor = (scores, { ids, given }, { forcedBosId, forcedEosId, maxNewTokens }) => {
  const fresh = ids.length - given
  const forced = fresh === 0 && given === 1 ? forcedBosId : undefined
  const id = fresh === maxNewTokens - 1 ? (forcedEosId ?? forced) : forced
  if (id === undefined) return
  scores.fill(never)
  scores[id] = 0
}

const suppress: Processor = (scores, _written, { suppressIds }) => {
  for (const id of suppressIds) scores[id] = never
}

const processors: readonly Processor[] = [
  addBias,
  penalizeRepetition,
  penalizePresence,
  forbidRepeatedRuns,
  forbidBadWords,
  forbidEnding,
  force,
  suppress,
]

/** Index of the highest score, the first of equals. */
const highest = (scores: Float32Array): number => {
  let best = 0
  for (let id = 1; id < scores.length; id++) {
    if ((scores[id] as number) > (scores[best] as number)) best = id
  }
  return best
}

/** The k-th highest score: a heap of the k highest, its lowest on top. */
const kthHighest = (scores: Float32Array, k: number): number => {
  const heap = scores.slice(0, k).sort()
  for (let id = k; id < scores.length; id++) {
    const score = scores[id] as number
    if (score <= (heap[0] as number)) continue
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= k) break
      const right = left + 1
      const child = right < k && (heap[right] as number) < (heap[left] as number) ? right : left
      if ((heap[child] as number) >= score) break
      heap[at] = heap[child] as number
      at = child
    }
    heap[at] = score
  }
  return heap[0] as number
}

/** Ids of the k tokens with the highest scores, ascending; all that equal the last of them too. */
const topIds = (scores: Float32Array, k: number): readonly number[] => {
  const least = kthHighest(scores, k)
  const ids: number[] = []
  for (let id = 0; id < scores.length; id++) {
    const score = scores[id] as number
    if (score >= least && score > never) ids.push(id)
  }
  return ids
}

/** Softmax of `scores`; a token that is ruled out has probability 0. */
const probabilitiesOf = (scores: Float32Array): Float64Array => {
  const top = scores[highest(scores)] as number
  const probabilities = new Float64Array(scores.length)
  let sum = 0
  for (let id = 0; id < scores.length; id++) {
    const weight = Math.exp((scores[id] as number) - top)
    probabilities[id] = weight
    sum += weight
  }
  for (let id = 0; id < scores.length; id++) probabilities[id] = (probabilities[id] as number) / sum
  return probabilities
}

const keepTopP = (scores: Float32Array, topP: number): void => {
  if (topP >= 1) return
  const probabilities = probabilitiesOf(scores)
  // Tokens below this are left out even if they all are: what has to be sorted shrinks to a few.
  const floor = (1 - topP) / scores.length
  const likely: number[] = []
  for (let id = 0; id < scores.length; id++) {
    if ((probabilities[id] as number) >= floor) likely.push(id)
  }
  likely.sort((one, other) => (probabilities[other] as number) - (probabilities[one] as number))
  let reached = 0
  let count = 0
  while (count < likely.length && (count === 0 || reached < topP)) {
    reached += probabilities[likely[count] as number] as number
    count += 1
  }
  const kept = likely.slice(0, count).map((id) => [id, scores[id] as number] as const)
  scores.fill(never)
  for (const [id, score] of kept) scores[id] = score
}

const keepMinP = (scores: Float32Array, minP: number): void => {
  if (minP <= 0) return
  // exp(score - top) is the share of the likeliest one's probability.
  const least = (scores[highest(scores)] as number) + Math.log(minP)
  for (let id = 0; id < scores.length; id++) if ((scores[id] as number) < least) scores[id] = never
}

/** Applies penalties and rules tokens out, without temperature and what follows it. */
export const process = (scores: Float32Array, written: Written, settings: WritingSettings): void => {
  for (const processor of processors) processor(scores, written, settings)
}

/** The tokens to draw from. */
export interface Distribution {
  /** The tokens, ascending; undefined where they are all there are, in order. */
  readonly ids: readonly number[] | undefined
  /** Probability of each of these tokens. */
  readonly probabilities: Float64Array
}

/** What temperature, top-k, top-p and min-p leave to draw from; may change `scores`. */
export const distribution = (scores: Float32Array, settings: WritingSettings): Distribution => {
  const { temperature, topK, topP, minP } = settings
  // Top-k leaves few tokens of a large vocabulary, and all that follows looks at these alone.
  const ids = topK > 0 && topK < scores.length ? topIds(scores, topK) : undefined
  const left = ids ? Float32Array.from(ids, (id) => scores[id] as number) : scores
  if (temperature !== 1)
    for (let at = 0; at < left.length; at++) left[at] = (left[at] as number) / temperature
  keepTopP(left, topP)
  keepMinP(left, minP)
  return { ids, probabilities: probabilitiesOf(left) }
}

const draw = ({ ids, probabilities }: Distribution, random: Random): number => {
  let rest = random()
  let last = 0
  for (let at = 0; at < probabilities.length; at++) {
    const probability = probabilities[at] as number
    if (probability === 0) continue
    last = at
    rest -= probability
    if (rest < 0) break
  }
  // Rounding may leave a crumb behind the last token.
  // A model whose scores are no numbers leaves none; like the highest of such scores, that is the first token.
  return ids ? (ids[last] ?? 0) : last
}

/**
 * The next token of a row.
 * @param scores the model's raw scores, float32 [vocabulary]; changed
 */
export const nextToken = (
  scores: Float32Array,
  written: Written,
  settings: WritingSettings,
  random: Random,
): number => {
  process(scores, written, settings)
  return settings.doSample ? draw(distribution(scores, settings), random) : highest(scores)
}

/** Scores of a row's last token, in memory of their own. @param logits [rows, tokens, vocabulary] */
export const lastScores = ({ dtype, shape, data }: Tensor, row: number): Float32Array => {
  const [, tokens = 0, vocabulary = 0] = shape
  const end = (row + 1) * tokens * vocabulary
  return dtype === 'FP16'
    ? Float32Array.from((data as Uint16Array).subarray(end - vocabulary, end), fromHalf)
    : (data as Float32Array).slice(end - vocabulary, end)
}
