/** How a text is written, token by token; the names are those of Hugging Face's generation_config.json. */

/** Everything about one row that a worker needs beside its tokens. */
export interface WritingSettings {
  readonly maxNewTokens: number
  /** No end before this many. */
  readonly minNewTokens: number
  /** No end before prompt and new tokens are this many together. */
  readonly minLength: number
  /** Tokens that end the text. */
  readonly eosIds: readonly number[]
  /** False takes the likeliest token; then nothing below `suppressIds` matters. */
  readonly doSample: boolean
  /** 1 leaves the model's own probabilities. */
  readonly repetitionPenalty: number
  /** What each token loses that has been written, however often. */
  readonly presencePenalty: number
  /** What each token loses for every time that it has been written. */
  readonly frequencyPenalty: number
  /** No run of this many tokens comes twice; 0 is off. */
  readonly noRepeatNgramSize: number
  /** Sequences of tokens that must not be written. */
  readonly badWordsIds: readonly (readonly number[])[]
  /** Added to a token's score. */
  readonly bias: readonly (readonly [id: number, bias: number])[]
  readonly suppressIds: readonly number[]
  /** What the first token after the start has to be. */
  readonly forcedBosId: number | undefined
  /** What the last token has to be when the text is cut off. */
  readonly forcedEosId: number | undefined
  readonly temperature: number
  /** Only the likeliest so many; 0 is all. */
  readonly topK: number
  /** Only the likeliest that together reach this probability; 1 is all. */
  readonly topP: number
  /** Only tokens of at least this share of the likeliest one's probability; 0 is all. */
  readonly minP: number
  /** Texts that are followed at a time, of which the likeliest is written; 1 takes each token as it comes. */
  readonly numBeams: number
  /** A text's score is divided by its tokens to this power, so that more than 0 favours long texts; only with beams. */
  readonly lengthPenalty: number
  /** True ends as soon as there are as many whole texts as beams; 'never' only when none can get better. Only with beams. */
  readonly earlyStopping: boolean | 'never'
  /** Probabilities add up to 1 again after tokens have been ruled out; only with beams. */
  readonly renormalizeLogits: boolean
  /** Equal seeds draw equally. */
  readonly seed: number
}

export const plainSettings: WritingSettings = {
  maxNewTokens: 20,
  minNewTokens: 0,
  minLength: 0,
  eosIds: [],
  doSample: false,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  noRepeatNgramSize: 0,
  badWordsIds: [],
  bias: [],
  suppressIds: [],
  forcedBosId: undefined,
  forcedEosId: undefined,
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  numBeams: 1,
  lengthPenalty: 1,
  earlyStopping: false,
  renormalizeLogits: false,
  seed: 0,
}
