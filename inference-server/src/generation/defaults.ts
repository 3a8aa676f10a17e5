import { StartError } from '../failures/errors.ts'
import { readJson } from '../models/config-files.ts'
import type { TaskFiles } from '../models/model-files.ts'
import { plainSettings, type WritingSettings } from '../sessions/writing-settings.ts'
import { refuseUnsupported } from './unsupported.ts'

/** Settings for text generation from a model's folder. */
export interface GenerationDefaults {
  /** Settings for requests that give none. `maxNewTokens` is the most there is room for. */
  readonly settings: WritingSettings
  /** Most new tokens of a request that gives no number, where the folder sets it. */
  readonly maxNewTokens: number | undefined
  /** Most tokens of prompt and text together unless asked for, where the folder says so. */
  readonly maxLength: number | undefined
  /** First token of a decoder with an encoder. */
  readonly startId: number | undefined
  /** Most tokens of prompt and text together. */
  readonly contextTokens: number
}

/** Context length where the model's configuration has none. */
const usualContextTokens = 2048

type Json = Readonly<Record<string, unknown>>

const positive = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined

/** Members of config.json that hold the context length, by architecture. */
const contextNames = ['max_position_embeddings', 'n_positions', 'n_ctx', 'max_seq_len', 'seq_length'] as const

/** @param config of the decoder, where it has one of its own */
const contextOf = (config: Json): number =>
  contextNames.map((name) => positive(config[name])).find((length) => length !== undefined) ??
  usualContextTokens

const idsOf = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? value : [value]).filter((id): id is number => Number.isInteger(id))

const earlyStoppingOf = (value: unknown): WritingSettings['earlyStopping'] =>
  value === 'never' ? value : value === true

/** Settings of generation_config.json, or of config.json in older folders. */
const settingsOf = (values: Json, contextTokens: number, usualBeams: number): WritingSettings => {
  const numberOf = (name: string, fallback: number): number => {
    const value = values[name]
    return typeof value === 'number' && Number.isFinite(value) ? value : fallback
  }
  const idOf = (name: string): number | undefined => idsOf(values[name])[0]
  const words = values['bad_words_ids']
  return {
    ...plainSettings,
    maxNewTokens: contextTokens,
    minNewTokens: numberOf('min_new_tokens', 0),
    minLength: numberOf('min_length', 0),
    eosIds: idsOf(values['eos_token_id']),
    doSample: values['do_sample'] === true,
    repetitionPenalty: numberOf('repetition_penalty', 1),
    noRepeatNgramSize: numberOf('no_repeat_ngram_size', 0),
    badWordsIds: Array.isArray(words) ? words.map(idsOf).filter((word) => word.length > 0) : [],
    suppressIds: values['suppress_tokens'] ? idsOf(values['suppress_tokens']) : [],
    forcedBosId: idOf('forced_bos_token_id'),
    forcedEosId: idOf('forced_eos_token_id'),
    temperature: numberOf('temperature', 1),
    topK: numberOf('top_k', 0),
    topP: numberOf('top_p', 1),
    minP: numberOf('min_p', 0),
    numBeams: Math.max(1, numberOf('num_beams', usualBeams)),
    lengthPenalty: numberOf('length_penalty', 1),
    earlyStopping: earlyStoppingOf(values['early_stopping']),
    renormalizeLogits: values['renormalize_logits'] === true,
  }
}

/** What a task adds to the settings of its folder. */
export interface TaskWriting {
  /** Values that win over those that the folder sets for all tasks. */
  readonly values?: Json
  /** Number of beams where the folder sets none. */
  readonly usualBeams?: number
}

/** The max_length that older versions of transformers write where the author has chosen none. */
const unchosenLength = 20

/** @throws StartError where generation_config.json is broken, or sets what would be ignored */
export const readDefaults = async (
  { dir, config }: Pick<TaskFiles, 'dir' | 'config'>,
  { values: ofTask = {}, usualBeams = 1 }: TaskWriting = {},
): Promise<GenerationDefaults> => {
  const own = (await readJson(dir, 'generation_config.json')) ?? {}
  if (typeof own !== 'object' || own === null || Array.isArray(own))
    throw new StartError('generation_config.json must hold a JSON object')
  refuseUnsupported(own as Json)
  const values: Json = { ...config, ...own, ...ofTask }
  const { max_length: maxLength } = values
  const { decoder } = config
  const contextTokens = contextOf(
    typeof decoder === 'object' && decoder !== null ? (decoder as Json) : config,
  )
  return {
    settings: settingsOf(values, contextTokens, usualBeams),
    maxNewTokens: positive(values['max_new_tokens']),
    maxLength: maxLength === unchosenLength ? undefined : positive(maxLength),
    startId: idsOf(values['decoder_start_token_id'])[0],
    contextTokens,
  }
}
