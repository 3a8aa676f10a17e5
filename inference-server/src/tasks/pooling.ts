import { StartError } from '../errors.ts'
import { readJson } from './folder.ts'
import type { TaskFiles } from './task.ts'

/** How the states of a text's tokens become one vector; `none` keeps them all. */
export const poolings = ['mean', 'cls', 'max', 'none'] as const
export type Pooling = (typeof poolings)[number]

/** What a folder of sentence-transformers says about its vectors. */
export interface PoolingConfig {
  readonly pooling: Pooling
  /** Whether vectors are brought to length 1. */
  readonly normalize: boolean
  /** Most tokens of a text, where the folder says so. */
  readonly maxTokens: number | undefined
  readonly lowercase: boolean
}

type Json = Readonly<Record<string, unknown>>

/**
 * Reads 1_Pooling/config.json, modules.json and sentence_bert_config.json; a folder without them takes the mean and
 * brings it to length 1.
 * @throws StartError when the pooling is one that is not known here
 */
export const readPooling = async ({ dir }: Pick<TaskFiles, 'dir'>): Promise<PoolingConfig> => {
  const [pooling, modules, sentences] = await Promise.all([
    readJson(dir, '1_Pooling/config.json') as Promise<Json | undefined>,
    readJson(dir, 'modules.json'),
    readJson(dir, 'sentence_bert_config.json') as Promise<Json | undefined>,
  ])
  const { max_seq_length: maxTokens, do_lower_case: lowercase } = sentences ?? {}
  return {
    pooling: pooling ? poolingOf(pooling) : 'mean',
    normalize: Array.isArray(modules) ? modules.some(isNormalize) : true,
    maxTokens: typeof maxTokens === 'number' && maxTokens > 0 ? maxTokens : undefined,
    lowercase: lowercase === true,
  }
}

const isNormalize = (module: unknown): boolean =>
  /\.Normalize$/.test(String((module as Json | null)?.['type']))

const known: Readonly<Record<string, Pooling>> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_max_tokens: 'max',
}

const poolingOf = (config: Json): Pooling => {
  const modes = Object.keys(config).filter(
    (name) => name.startsWith('pooling_mode_') && config[name] === true,
  )
  const [mode = ''] = modes
  const pooling = known[mode]
  if (modes.length === 1 && pooling) return pooling
  throw new StartError(
    `1_Pooling/config.json sets ${modes.join(', ') || 'no pooling mode'}; one of ${Object.keys(known).join(', ')} is known here; serve the model as task tensor to pool its output yourself`,
  )
}

/**
 * One vector out of the states of a text's tokens.
 * @param states [tokens, width] row-major, filling behind the text's own tokens
 * @param tokens how many belong to the text, special ones counted
 * @returns FP32 [width]
 */
export const pool = (
  states: ArrayLike<number>,
  width: number,
  tokens: number,
  pooling: Exclude<Pooling, 'none'>,
): Float32Array<ArrayBuffer> => {
  if (pooling === 'cls') return Float32Array.from({ length: width }, (_, index) => Number(states[index]))
  const vector = new Float64Array(width).fill(pooling === 'mean' ? 0 : Number.NEGATIVE_INFINITY)
  // Token by token, as they lie in memory.
  const join = pooling === 'mean' ? add : raise
  for (let from = 0; from < tokens * width; from += width) join(vector, states, from)
  return Float32Array.from(vector, (value) => (pooling === 'mean' ? value / tokens : value))
}

const add = (vector: Float64Array, states: ArrayLike<number>, from: number): void => {
  for (let index = 0; index < vector.length; index++)
    vector[index] = (vector[index] as number) + Number(states[from + index])
}

const raise = (vector: Float64Array, states: ArrayLike<number>, from: number): void => {
  for (let index = 0; index < vector.length; index++)
    vector[index] = Math.max(vector[index] as number, Number(states[from + index]))
}

/** The vector at length 1; a vector of zeros stays one. */
export const normalized = (vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> => {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? vector : vector.map((value) => value / length)
}
