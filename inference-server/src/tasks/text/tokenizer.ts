import type { TaskFiles } from '../../models/model-files.ts'
import { joinBytes } from './byte-level.ts'
import {
  type Encoded,
  type EncodedPair,
  enclose,
  enclosePair,
  frameOf,
  lengthOf,
  pairFrameOf,
} from './frames.ts'
import { after, type Reading, type TextReaders } from './readings.ts'
import { readTokenizer, type TokenizerFile } from './tokenizer-file.ts'

type Inner = TokenizerFile['inner']
type Json = TokenizerFile['json']

/** The tokenizer of one model folder. */
export interface Tokenizer extends TextReaders {
  /** Text -> token ids with the model's special tokens, at most `maxTokens` of them. */
  readonly encode: (text: string, field?: string) => Reading<Encoded>
  /** Token ids -> what a model reads, with special tokens; nothing is cut. */
  readonly frame: (ids: readonly number[]) => Encoded & Pick<EncodedPair, 'firstAt'>
  /** The same of two texts. */
  readonly framePair: (first: readonly number[], second: readonly number[]) => EncodedPair
  /** How many special tokens `frame` and `framePair` add, and how many of those of `frame` stand behind the text. */
  readonly added: { readonly frame: number; readonly framePair: number; readonly behind: number }
  /** Token ids -> text. */
  readonly decode: (ids: readonly number[], options?: { readonly skipSpecial?: boolean }) => string
  /** Tokens as `Piece.token` has them -> text. */
  readonly join: (tokens: readonly string[]) => string
  readonly idOf: (token: string) => number | undefined
  /** Whether a number is the id of one of its tokens. */
  readonly hasId: (id: number) => boolean
  readonly maxTokens: number
  /** Fills rows up; undefined where the model has none. */
  readonly padId: number | undefined
  readonly clsId: number | undefined
  readonly mask: { readonly id: number; readonly token: string } | undefined
  /** Whether a token that continues a word is marked, as WordPiece does with ##. */
  readonly marksSubwords: boolean
  readonly unknownId: number | undefined
  /** Text that is read as the mask token, or as the unknown one where there is no such; undefined where there is neither. */
  readonly maskText: string | undefined
}

/** Most tokens of any model served here, even where its tokenizer allows more. */
export const tokenCeiling = 512

/**
 * Reads tokenizer.json and, where there is one, tokenizer_config.json. Texts are cut at 512 tokens, or
 * at `max_position_embeddings` of config.json or `model_max_length` of the tokenizer if these are less.
 * @param fixedTokens length of the model's token axis where it is not free
 * @throws StartError when the files are missing or no tokenizer
 */
export const loadTokenizer = async (files: TaskFiles): Promise<(fixedTokens?: number) => Tokenizer> => {
  const file = await readTokenizer(files)
  return (fixedTokens) => tokenizer(file, fixedTokens ?? tokenLimit(files.config, file.settings))
}

const tokenizer = ({ inner, pieces, idsOf, json, settings }: TokenizerFile, maxTokens: number): Tokenizer => {
  const model = (json['model'] ?? {}) as Json
  const mask = contentOf(settings, 'mask_token') ?? '[MASK]'
  const maskId = inner.token_to_id(mask)
  const unknown = contentOf(settings, 'unk_token') ?? '[UNK]'
  const [single, pair] = [frameOf(inner), pairFrameOf(inner)]
  const room = Math.max(0, maxTokens - lengthOf(single))
  return {
    encode: (text, field) => after(idsOf(text, room, field), (ids) => enclose(single, ids)),
    idsOf,
    pieces,
    frame: (ids) => enclose(single, ids),
    framePair: (first, second) => enclosePair(pair, first, second),
    added: {
      frame: lengthOf(single),
      framePair: lengthOf(pair),
      behind: single.parts.at(-1)?.ids.length ?? 0,
    },
    decode: (ids, { skipSpecial = false } = {}) =>
      ids.length === 0 ? '' : inner.decode([...ids], { skip_special_tokens: skipSpecial }),
    join: json['decoder'] && isByteLevel(json['decoder']) ? joinBytes : (tokens) => joined(inner, tokens),
    idOf: (token) => inner.token_to_id(token),
    hasId: (id) => inner.id_to_token(id) !== undefined,
    maxTokens,
    padId: padId(inner, json, settings),
    clsId: inner.token_to_id(contentOf(settings, 'cls_token') ?? '[CLS]'),
    mask: maskId === undefined ? undefined : { id: maskId, token: mask },
    marksSubwords: Boolean(model['continuing_subword_prefix']),
    unknownId: inner.token_to_id(unknown),
    maskText: [mask, unknown].find((token) => inner.token_to_id(token) !== undefined),
  }
}

const tokenLimits = (config: Json, settings: Json): readonly number[] => {
  const text = (config['text_config'] ?? {}) as Json
  const limits = [
    config['max_position_embeddings'],
    text['max_position_embeddings'],
    settings['model_max_length'],
  ]
  return limits.filter((limit): limit is number => typeof limit === 'number' && limit > 0)
}

const tokenLimit = (config: Json, settings: Json): number =>
  Math.min(tokenCeiling, ...tokenLimits(config, settings))

/** Where Python's transformers knows no limit, it writes a number of thirty digits. */
export const saysTokenLimit = (config: Json, settings: Json): boolean =>
  tokenLimits(config, settings).some((limit) => limit < 1e9)

const isByteLevel = (decoder: object): boolean => 'type' in decoder && decoder.type === 'ByteLevel'

const joined = (inner: Inner, tokens: readonly string[]): string =>
  inner.decoder ? inner.decoder.decode([...tokens]) : tokens.join(' ')

/** Text of a special token, which tokenizer_config.json gives as such or as an object. */
const contentOf = (settings: Json, name: string): string | undefined => {
  const token = settings[name]
  const content =
    typeof token === 'object' && token !== null ? (token as { content?: unknown }).content : token
  return typeof content === 'string' ? content : undefined
}

const padId = (inner: Inner, json: Json, settings: Json): number | undefined => {
  const content = contentOf(settings, 'pad_token')
  if (content !== undefined) return inner.token_to_id(content)
  const padding = json['padding'] as { pad_id?: unknown } | null | undefined
  return typeof padding?.pad_id === 'number' ? padding.pad_id : inner.token_to_id('[PAD]')
}
