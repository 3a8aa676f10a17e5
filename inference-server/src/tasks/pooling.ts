/** How the states of a text's tokens become one vector, as sentence-transformers does it. */

/** Ways to pool, in the order in which several stand behind each other in a vector. */
export const poolingModes = ['cls', 'max', 'mean', 'mean_sqrt_len', 'weightedmean', 'lasttoken'] as const
export type PoolingMode = (typeof poolingModes)[number]

/** The states of a text's tokens. */
export interface TokenStates {
  /** [tokens, width] row-major, filling behind the text's own tokens. */
  readonly states: ArrayLike<number>
  readonly width: number
  /** First token that counts: a prompt before it may be left out. */
  readonly from: number
  /** The place behind the last token of the text, special ones counted. */
  readonly to: number
}

/** @param weightOf token, counted from 0 */
const weighted = (
  { states, width, from, to }: TokenStates,
  weightOf: (token: number) => number,
  divisor: number,
): Float32Array<ArrayBuffer> => {
  const sums = new Float64Array(width)
  // Token by token, as they lie in memory.
  for (let token = from; token < to; token++)
    for (let index = 0; index < width; index++)
      sums[index] = (sums[index] as number) + Number(states[token * width + index]) * weightOf(token)
  return Float32Array.from(sums, (sum) => sum / divisor)
}

const highest = ({ states, width, from, to }: TokenStates): Float32Array<ArrayBuffer> => {
  const vector = new Float32Array(width).fill(from < to ? Number.NEGATIVE_INFINITY : -1e9)
  for (let token = from; token < to; token++)
    for (let index = 0; index < width; index++)
      vector[index] = Math.max(vector[index] as number, Number(states[token * width + index]))
  return vector
}

const stateOf = ({ states, width }: TokenStates, token: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: width }, (_, index) => Number(states[token * width + index]))

/** Nothing is left of a text whose tokens are all left out; sentence-transformers divides by next to nothing then, too. */
const least = 1e-9

const one = () => 1

const pooled = (tokens: TokenStates, mode: PoolingMode): Float32Array<ArrayBuffer> => {
  const count = Math.max(tokens.to - tokens.from, least)
  switch (mode) {
    case 'cls':
      return stateOf(tokens, 0)
    case 'max':
      return highest(tokens)
    case 'mean':
      return weighted(tokens, one, count)
    case 'mean_sqrt_len':
      return weighted(tokens, one, Math.sqrt(count))
    case 'weightedmean': {
      const { from, to } = tokens
      const sum = (to * (to + 1) - from * (from + 1)) / 2
      return weighted(tokens, (token) => token + 1, Math.max(sum, least))
    }
    case 'lasttoken':
      return stateOf(tokens, Math.max(0, tokens.to - 1))
  }
}

/**
 * One vector out of the states of a text's tokens.
 * @returns FP32 [modes x width]
 */
export const pool = (tokens: TokenStates, modes: readonly PoolingMode[]): Float32Array<ArrayBuffer> => {
  const [first, ...others] = modes.map((mode) => pooled(tokens, mode))
  if (first && others.length === 0) return first
  return Float32Array.from([first ?? [], ...others].flatMap((vector) => Array.from(vector)))
}

/** The vector at length 1; a vector of zeros stays one. */
export const normalized = (vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => {
  const length = Math.max(1e-12, Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)))
  return vector.map((value) => value / length)
}
