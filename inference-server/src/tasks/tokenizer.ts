import { StartError } from '../errors.ts'
import { readJson } from './folder.ts'
import type { TaskFiles } from './task.ts'

/** A text as a model reads it; both of one length. */
export interface Encoded {
  readonly ids: readonly number[]
  readonly typeIds: readonly number[]
}

/** The tokenizer of one model folder. */
export interface Tokenizer {
  /** Text -> token ids with the model's special tokens, at most `maxTokens` of them. */
  readonly encode: (text: string) => Encoded
  readonly maxTokens: number
  /** Fills rows up; undefined where the model has none. */
  readonly padId: number | undefined
}

/** Most tokens of any model served here, whatever its tokenizer allows. */
const tokenCeiling = 512

/** No word piece is longer, so a text cut this far behind the last token that counts is cut soon enough. */
const cutMarginTokens = 128

/**
 * Reads tokenizer.json and, where there is one, tokenizer_config.json. Texts are cut at 512 tokens, or
 * at `max_position_embeddings` of config.json or `model_max_length` of the tokenizer if these are less.
 * @param fixedTokens length of the model's token axis where it is not free
 * @throws StartError when the files are missing or no tokenizer
 */
export const loadTokenizer = async (files: TaskFiles): Promise<(fixedTokens?: number) => Tokenizer> => {
  const [library, json, config] = await Promise.all([
    import('@huggingface/tokenizers'),
    readJson(files.dir, 'tokenizer.json') as Promise<Json | undefined>,
    readJson(files.dir, 'tokenizer_config.json') as Promise<Json | undefined>,
  ])
  if (!json)
    throw new StartError(
      'tokenizer.json is missing; save it beside the model (tokenizer.save_pretrained(folder) in Python) or serve the model as task tensor',
    )
  const settings = config ?? {}
  const inner = build(() => new library.Tokenizer(json, settings))
  return (fixedTokens) => {
    const maxTokens = fixedTokens ?? tokenLimit(files.config, settings)
    return { encode: encoder(inner, maxTokens), maxTokens, padId: padId(inner, json, settings) }
  }
}

type Inner = InstanceType<typeof import('@huggingface/tokenizers').Tokenizer>
type Json = Readonly<Record<string, unknown>>

/** The library checks little; the first text tells whether the file is a tokenizer it knows. */
const build = (make: () => Inner): Inner => {
  try {
    const inner = make()
    inner.encode('a')
    return inner
  } catch (error) {
    throw new StartError(
      `tokenizer.json is not a tokenizer that can be used: ${(error as Error).message}`,
      1,
      { cause: error },
    )
  }
}

const tokenLimit = (config: Json, settings: Json): number => {
  const limits = [config['max_position_embeddings'], settings['model_max_length']]
  const positive = limits.filter((limit): limit is number => typeof limit === 'number' && limit > 0)
  return Math.min(tokenCeiling, ...positive)
}

/** How many special tokens stand behind a text, such as BERT's [SEP]; a cut keeps them. */
const closingTokens = (inner: Inner): number => {
  const bare = inner.encode('a', { add_special_tokens: false }).ids
  const framed = inner.encode('a').ids
  const extra = framed.length - bare.length
  const startsAt = (before: number) =>
    bare.every((id: number, index: number) => framed[before + index] === id)
  const before = Array.from({ length: extra + 1 }, (_, index) => index).find(startsAt) ?? extra
  return extra - before
}

const encoder = (inner: Inner, maxTokens: number): Tokenizer['encode'] => {
  const behind = closingTokens(inner)
  const cut = (list: readonly number[]): readonly number[] =>
    list.length <= maxTokens
      ? list
      : [...list.slice(0, maxTokens - behind), ...list.slice(list.length - behind)]
  return (text) => {
    const encoded = encodeStart(inner, text, maxTokens)
    return { ids: cut(encoded.ids), typeIds: cut(encoded.token_type_ids) }
  }
}

/** Of a long text only the start, if its tokens fill the model: tokenizing costs time per character. */
const encodeStart = (inner: Inner, text: string, maxTokens: number) => {
  const options = { return_token_type_ids: true } as const
  const length = maxTokens * 8
  if (text.length > length) {
    const start = inner.encode(text.slice(0, length), options)
    if (start.ids.length > maxTokens + cutMarginTokens) return start
  }
  return inner.encode(text, options)
}

const padId = (inner: Inner, json: Json, settings: Json): number | undefined => {
  const { pad_token: token } = settings
  const content =
    typeof token === 'object' && token !== null ? (token as { content?: unknown }).content : token
  if (typeof content === 'string') return inner.token_to_id(content)
  const padding = json['padding'] as { pad_id?: unknown } | null | undefined
  return typeof padding?.pad_id === 'number' ? padding.pad_id : inner.token_to_id('[PAD]')
}
