import { StartError } from '../errors.ts'
import { readJson } from './folder.ts'
import { fuseLinearly } from './linear-fusing.ts'
import { type Piece, pieceReader } from './pieces.ts'
import type { TaskFiles } from './task.ts'
import { missingTokenizer, tokenizerOfVocabulary } from './vocabulary-file.ts'

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

/**
 * tokenizer.json, or what it would hold.
 * @param settings tokenizer_config.json
 * @throws StartError where it is missing and cannot be made
 */
export const readTokenizerJson = async (dir: string, settings: Json): Promise<Json> => {
  const json = (await readJson(dir, 'tokenizer.json')) ?? (await tokenizerOfVocabulary(dir, settings))
  if (json === undefined || json === null) throw await missingTokenizer(dir)
  return json as Json
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
    // These switches are of tokenizers without a tokenizer.json; Python does not read them beside one.
    const inner = new Tokenizer(json, {
      ...settings,
      remove_space: false,
      do_lowercase_and_remove_accent: false,
    })
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
