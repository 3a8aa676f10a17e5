import { StartError } from '../errors.ts'
import { readJson } from './folder.ts'
import { fuseLinearly } from './linear-fusing.ts'
import { type Piece, pieceReader } from './pieces.ts'
import type { TaskFiles } from './task.ts'
import { isBertTokenizer, missingTokenizer, tokenizerOfVocabulary } from './vocabulary-file.ts'

type Json = Readonly<Record<string, unknown>>

/** What a folder says about its tokens. */
export interface TokenizerFile {
  /** Its model, its special tokens, its decoder; texts are cut by `reader`. */
  readonly inner: InstanceType<typeof import('@huggingface/tokenizers').Tokenizer>
  /** Text -> tokens with their places in it, without special tokens. */
  readonly reader: (text: string) => readonly Piece[]
  /** The same without places, which takes less time for plain texts. */
  readonly idsOf: (text: string) => readonly number[]
  /** tokenizer.json. */
  readonly json: Json
  /** tokenizer_config.json; {} where there is none. */
  readonly settings: Json
}

/** Steps that the library takes as Python does, as long as a text is plain. */
const plainSteps = /^(BertNormalizer|Lowercase|NFK?[CD]|Replace|BertPreTokenizer|ByteLevel|Split|Sequence)$/

const stepsOf = (step: unknown): readonly Json[] => {
  const { normalizers, pretokenizers } = (step ?? {}) as {
    normalizers?: unknown[]
    pretokenizers?: unknown[]
  }
  return [
    ...(step ? [step as Json] : []),
    ...[...(normalizers ?? []), ...(pretokenizers ?? [])].flatMap(stepsOf),
  ]
}

const isPlain = ({ type, behavior }: Json): boolean =>
  plainSteps.test(String(type)) && !/Merged|Contiguous/i.test(String(behavior ?? ''))

const idReader = (
  inner: TokenizerFile['inner'],
  reader: TokenizerFile['reader'],
  json: Json,
): TokenizerFile['idsOf'] => {
  const steps = [...stepsOf(json['normalizer']), ...stepsOf(json['pre_tokenizer'])]
  const added = (json['added_tokens'] ?? []) as { readonly single_word?: boolean }[]
  const isQuick = json['pre_tokenizer'] && steps.every(isPlain) && !added.some((token) => token.single_word)
  return (text) =>
    isQuick && /^[\t\n\r\x20-\x7e]*$/.test(text)
      ? inner.encode(text, { add_special_tokens: false }).ids
      : reader(text).map(({ id }) => id)
}

/** The parts of the library's tokenizer that are replaced. */
interface Vocabularies {
  readonly model: { tokens_to_ids: ReadonlyMap<string, number> }
  token_to_id: (token: string) => number | undefined
}

/** The library lets added tokens into the vocabulary that words are cut with, where Python does not look for them. */
const withOwnVocabulary = (inner: TokenizerFile['inner'], json: Json): void => {
  const { type, vocab } = (json['model'] ?? {}) as { readonly type?: string; readonly vocab?: object }
  if (type !== 'WordPiece' && type !== 'BPE') return
  const own = inner as unknown as Vocabularies
  const all = own.model.tokens_to_ids
  own.model.tokens_to_ids = new Map(Object.entries(vocab ?? {}))
  own.token_to_id = (token) => all.get(token)
}

/** What Python takes where tokenizer_config.json does not say it; the library takes the opposite. */
const usual = { clean_up_tokenization_spaces: false }

/** Switches of tokenizers without a tokenizer.json, which Python does not read beside one. */
const unread = { remove_space: false, do_lowercase_and_remove_accent: false }

/** Members of tokenizer_config.json that Python's tokenizers of BERT put over those of tokenizer.json. */
const bertMembers = {
  do_lower_case: 'lowercase',
  strip_accents: 'strip_accents',
  tokenize_chinese_chars: 'handle_chinese_chars',
} as const

const asConfigured = (json: Json, settings: Json): Json => {
  const normalizer = json['normalizer'] as Json | null | undefined
  if (normalizer?.['type'] !== 'BertNormalizer' || !isBertTokenizer(settings)) return json
  const own = Object.entries(bertMembers).filter(([member]) => typeof settings[member] === 'boolean')
  const changes = Object.fromEntries(own.map(([member, name]) => [name, settings[member]]))
  return { ...json, normalizer: { ...normalizer, ...changes } }
}

/**
 * tokenizer.json, or what it would hold.
 * @param settings tokenizer_config.json
 * @throws StartError where it is missing and cannot be made
 */
export const readTokenizerJson = async (dir: string, settings: Json): Promise<Json> => {
  const json = (await readJson(dir, 'tokenizer.json')) ?? (await tokenizerOfVocabulary(dir, settings))
  if (json === undefined || json === null) throw await missingTokenizer(dir)
  return asConfigured(json as Json, settings)
}

/**
 * Reads tokenizer.json and, where there is one, tokenizer_config.json.
 * @throws StartError when the files are missing or no tokenizer
 */
export const readTokenizer = async ({ dir }: Pick<TaskFiles, 'dir'>): Promise<TokenizerFile> => {
  const [{ Tokenizer }, config] = await Promise.all([
    import('@huggingface/tokenizers'),
    readJson(dir, 'tokenizer_config.json') as Promise<Json | undefined>,
  ])
  const settings = config ?? {}
  const json = await readTokenizerJson(dir, settings)
  // The library checks little; the first text tells whether the file is a tokenizer it knows.
  try {
    const inner = new Tokenizer(json, { ...usual, ...settings, ...unread })
    withOwnVocabulary(inner, json)
    fuseLinearly(inner)
    const reader = pieceReader(inner, json)
    reader('a')
    return { inner, reader, idsOf: idReader(inner, reader, json), json, settings }
  } catch (error) {
    throw new StartError(
      `tokenizer.json is not a tokenizer that can be used: ${(error as Error).message}`,
      1,
      { cause: error },
    )
  }
}
