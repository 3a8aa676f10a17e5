import { StartError } from '../errors.ts'
import { joinBytes } from './byte-level.ts'
import { readJson } from './folder.ts'
import { fuseLinearly } from './linear-fusing.ts'
import { type Piece, pieceReader } from './pieces.ts'
import type { TaskFiles } from './task.ts'

/** A text as a model reads it; both of one length. */
export interface Encoded {
  readonly ids: readonly number[]
  readonly typeIds: readonly number[]
}

/** Two texts as a model reads them. */
export interface EncodedPair extends Encoded {
  /** Where the first text's tokens begin. */
  readonly firstAt: number
  /** Where the second text's tokens begin. */
  readonly secondAt: number
}

/** The tokenizer of one model folder. */
export interface Tokenizer {
  /** Text -> token ids with the model's special tokens, at most `maxTokens` of them. */
  readonly encode: (text: string) => Encoded
  /** Text -> token ids without special tokens: all, or the first `most`. */
  readonly idsOf: (text: string, most?: number) => readonly number[]
  /** Text -> tokens with their places in it, without special tokens: all, or the first `most`. */
  readonly pieces: (text: string, most?: number) => readonly Piece[]
  /** Token ids -> what a model reads, with special tokens; nothing is cut. */
  readonly frame: (ids: readonly number[]) => Encoded & Pick<EncodedPair, 'firstAt'>
  /** The same of two texts. */
  readonly framePair: (first: readonly number[], second: readonly number[]) => EncodedPair
  /** How many special tokens `frame` and `framePair` add. */
  readonly added: { readonly frame: number; readonly framePair: number }
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
  return (fixedTokens) => tokenizer(inner, json, settings, fixedTokens ?? tokenLimit(files.config, settings))
}

type Inner = InstanceType<typeof import('@huggingface/tokenizers').Tokenizer>
type Json = Readonly<Record<string, unknown>>

const tokenizer = (inner: Inner, json: Json, settings: Json, maxTokens: number): Tokenizer => {
  const model = (json['model'] ?? {}) as Json
  const mask = contentOf(settings, 'mask_token') ?? '[MASK]'
  const maskId = inner.token_to_id(mask)
  const [single, pair] = [frameOf(inner), pairFrameOf(inner)]
  return {
    encode: encoder(inner, maxTokens),
    idsOf: first((text) => inner.encode(text, { add_special_tokens: false }).ids),
    pieces: first(pieceReader(inner, json)),
    frame: (ids) => enclose(single, ids),
    framePair: (first, second) => enclosePair(pair, first, second),
    added: { frame: lengthOf(single), framePair: lengthOf(pair) },
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
    unknownId: inner.token_to_id(contentOf(settings, 'unk_token') ?? '[UNK]'),
  }
}

/** The library checks little; the first text tells whether the file is a tokenizer it knows. */
const build = (make: () => Inner): Inner => {
  try {
    const inner = make()
    fuseLinearly(inner)
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
  const text = (config['text_config'] ?? {}) as Json
  const limits = [
    config['max_position_embeddings'],
    text['max_position_embeddings'],
    settings['model_max_length'],
  ]
  const positive = limits.filter((limit): limit is number => typeof limit === 'number' && limit > 0)
  return Math.min(tokenCeiling, ...positive)
}

/** Special tokens around one text or two: before, between and behind. */
interface Frame {
  readonly parts: readonly Encoded[]
  /** Type of the tokens of the first and the second text. */
  readonly types: readonly number[]
}

const lengthOf = ({ parts }: Frame): number => parts.reduce((sum, { ids }) => sum + ids.length, 0)

/** No vocabulary has them. */
const marks = ['\u0001first', '\u0001second'] as const

const frameOf = (inner: Inner): Frame => cutAt(inner, [marks[0]])

const pairFrameOf = (inner: Inner): Frame => cutAt(inner, marks)

const cutAt = (inner: Inner, texts: readonly string[]): Frame => {
  const second = texts[1] === undefined ? null : [texts[1]]
  const { tokens, token_type_ids: types } = inner.post_processor
    ? inner.post_processor.post_process([String(texts[0])], second, true)
    : { tokens: [...texts], token_type_ids: undefined }
  const all = {
    ids: tokens.map((token: string) => inner.token_to_id(token) ?? 0),
    typeIds: types ?? tokens.map(() => 0),
  }
  const places = texts.map((text) => tokens.indexOf(text))
  const ends = [...places, tokens.length]
  const parts = ends.map((end, index) => {
    const from = index === 0 ? 0 : Number(places[index - 1]) + 1
    return { ids: all.ids.slice(from, end), typeIds: all.typeIds.slice(from, end) }
  })
  return { parts, types: places.map((place) => all.typeIds[place] ?? 0) }
}

const enclose = ({ parts, types }: Frame, ids: readonly number[]): Encoded & { firstAt: number } => {
  const [before, behind] = parts as [Encoded, Encoded]
  return {
    ids: [...before.ids, ...ids, ...behind.ids],
    typeIds: [...before.typeIds, ...ids.map(() => Number(types[0])), ...behind.typeIds],
    firstAt: before.ids.length,
  }
}

const enclosePair = (
  { parts, types }: Frame,
  first: readonly number[],
  second: readonly number[],
): EncodedPair => {
  const [before, between, behind] = parts as [Encoded, Encoded, Encoded]
  const [firstType, secondType] = types as [number, number]
  return {
    ids: [...before.ids, ...first, ...between.ids, ...second, ...behind.ids],
    typeIds: [
      ...before.typeIds,
      ...first.map(() => firstType),
      ...between.typeIds,
      ...second.map(() => secondType),
      ...behind.typeIds,
    ],
    firstAt: before.ids.length,
    secondAt: before.ids.length + first.length + between.ids.length,
  }
}

const encoder = (inner: Inner, maxTokens: number): Tokenizer['encode'] => {
  const [, behind] = frameOf(inner).parts as [Encoded, Encoded]
  const cut = (list: readonly number[]): readonly number[] =>
    list.length <= maxTokens
      ? list
      : [...list.slice(0, maxTokens - behind.ids.length), ...list.slice(list.length - behind.ids.length)]
  return (text) => {
    const encoded = encodeStart(inner, text, maxTokens)
    const types = encoded.token_type_ids ?? encoded.ids.map(() => 0)
    return { ids: cut(encoded.ids), typeIds: cut(types) }
  }
}

/** Of a long text only the start, if its tokens fill the model: tokenizing costs time per character. */
const fromStart = <Result>(
  text: string,
  most: number,
  cut: (text: string) => Result,
  lengthOf: (result: Result) => number,
): Result => {
  const length = most * 8
  if (text.length > length) {
    const start = cut(text.slice(0, length))
    if (lengthOf(start) > most + cutMarginTokens) return start
  }
  return cut(text)
}

const encodeStart = (inner: Inner, text: string, maxTokens: number) =>
  fromStart(
    text,
    maxTokens,
    (part) => inner.encode(part, { return_token_type_ids: true }),
    ({ ids }) => ids.length,
  )

const first =
  <Token>(cut: (text: string) => readonly Token[]) =>
  (text: string, most?: number): readonly Token[] =>
    most === undefined ? cut(text) : fromStart(text, most, cut, ({ length }) => length).slice(0, most)

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
