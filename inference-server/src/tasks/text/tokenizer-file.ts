import { readJson } from '../../models/config-files.ts'
import type { TaskFiles } from '../../models/model-files.ts'
import type { Piece } from '../../untrusted/messages.ts'
import { fuseLinearly } from './linear-fusing.ts'
import { pieceReader } from './pieces.ts'
import { first, type OwnReaders, type TextReaders } from './readings.ts'
import { checkOwnThread, unboundedPart, unusableTokenizer } from './tokenizer-bounds.ts'
import { isBertTokenizer, missingTokenizer, tokenizerOfVocabulary } from './vocabulary-file.ts'
import { seekShortPieces } from './word-pieces.ts'

type Json = Readonly<Record<string, unknown>>

interface Files {
  /** tokenizer.json. */
  readonly json: Json
  /** tokenizer_config.json; {} where there is none. */
  readonly settings: Json
}

/** What a folder says about its tokens. */
interface Tokens extends Files {
  /** Its model, its special tokens, its decoder; it reads no texts. */
  readonly inner: InstanceType<typeof import('@huggingface/tokenizers').Tokenizer>
}

export interface TokenizerFile extends Tokens, TextReaders {}

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

/** Ids without places, which take less time for plain texts. */
const idReader = (
  inner: Tokens['inner'],
  reader: (text: string) => readonly Piece[],
  json: Json,
): ((text: string) => readonly number[]) => {
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
const withOwnVocabulary = (inner: Tokens['inner'], json: Json): void => {
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

const readFiles = async (dir: string): Promise<Files> => {
  const settings = ((await readJson(dir, 'tokenizer_config.json')) as Json | undefined) ?? {}
  return { json: await readTokenizerJson(dir, settings), settings }
}

/** @throws StartError */
const tokensOf = async ({ json, settings }: Files): Promise<Tokens> => {
  const { Tokenizer } = await import('@huggingface/tokenizers')
  try {
    const inner = new Tokenizer(json, { ...usual, ...settings, ...unread })
    withOwnVocabulary(inner, json)
    fuseLinearly(inner)
    seekShortPieces(inner)
    return { inner, json, settings }
  } catch (error) {
    throw unusableTokenizer(error as Error)
  }
}

/** @throws StartError */
const readHere = (tokens: Tokens): Tokens & OwnReaders => {
  const { inner, json } = tokens
  // The library checks little; the first text tells whether the file is a tokenizer it knows.
  try {
    const reader = pieceReader(inner, json)
    reader('a')
    return { ...tokens, pieces: first(reader), idsOf: first(idReader(inner, reader, json)) }
  } catch (error) {
    throw unusableTokenizer(error as Error)
  }
}

/**
 * Reads the folder to use it on this thread, however long that takes.
 * @throws StartError when the files are missing or no tokenizer
 */
export const readTokenizerHere = async (dir: string): Promise<Tokens & OwnReaders> =>
  readHere(await tokensOf(await readFiles(dir)))

/**
 * Reads tokenizer.json and, where there is one, tokenizer_config.json. Texts are read on this thread, or in a process of their
 * own where no bound of the time is known.
 * @throws StartError when the files are missing or no tokenizer
 */
export const readTokenizer = async ({
  dir,
  signal,
  notice,
}: Pick<TaskFiles, 'dir' | 'signal' | 'notice'>): Promise<TokenizerFile> => {
  const files = await readFiles(dir)
  checkOwnThread(files.json)
  const reason = unboundedPart(files.json)
  if (reason === undefined) return readHere(await tokensOf(files))
  notice?.(
    'texts are read in a process of their own, since tokenizer.json may take any time for some of them',
    reason,
  )
  const { readApart } = await import('./tokenizer-apart.ts')
  const readers = await readApart(dir, signal)
  return { ...(await tokensOf(files)), ...readers }
}
