/** Makes the tokenizer.json of a folder that has only vocab.txt, as Python's transformers does for BERT; other folders get a sentence. */
import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { StartError } from '../../failures/errors.ts'
import { readJson } from '../../models/config-files.ts'
import { readModelFile } from '../../sealing/model-file.ts'

type Json = Readonly<Record<string, unknown>>

/** Tokenizers that are BERT's under another name. */
const bertTokenizers =
  /^(Bert|DistilBert|Electra|MobileBert|LayoutLM|ConvBert|SqueezeBert|Lxmert|Retribert)Tokenizer(Fast)?$/
const bertModels = /^(bert|distilbert|electra|mobilebert|layoutlm|convbert|squeezebert|lxmert)$/

/** Special tokens by the members that name them. */
const specialTokens = {
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  cls_token: '[CLS]',
  sep_token: '[SEP]',
  mask_token: '[MASK]',
} as const

type Specials = Readonly<Record<keyof typeof specialTokens, string>>

/** Files of tokenizers that Python turns into tokenizer.json. */
const otherFiles = /^(vocab\.(txt|json)|merges\.txt|.*\.model|.*\.spm)$/

/** Those of them that have a name of their own, which a sentence may repeat. */
const usualFiles =
  /^(vocab\.(txt|json)|merges\.txt|(spiece|sentencepiece|sentencepiece\.bpe|tokenizer)\.model|(source|target)\.spm)$/
const shownName = (name: string): string => (usualFiles.test(name) ? name : `a file *${extname(name)}`)

/** @param task for the sentence */
export const missingTokenizer = async (dir: string, task?: string): Promise<StartError> => {
  const names = (await readdir(dir).catch(() => [])).filter((name) => otherFiles.test(name))
  const found = [...new Set(names.map(shownName))]
  const there =
    found.length > 0
      ? `, though ${found.join(', ')} ${found.length > 1 ? 'are' : 'is'} there; make it of that`
      : '; save it beside the model'
  const how =
    found.length > 0
      ? 'transformers.AutoTokenizer.from_pretrained(folder).save_pretrained(folder) in Python'
      : 'tokenizer.save_pretrained(folder) in Python'
  return new StartError(
    `tokenizer.json is missing${task === undefined ? '' : `, which ${task} needs`}${there} (${how}) or serve the model as task tensor`,
  )
}

const textOf = (token: unknown): string | undefined => {
  const content = typeof token === 'object' && token !== null ? (token as Json)['content'] : token
  return typeof content === 'string' ? content : undefined
}

const specialsOf = (...files: readonly Json[]): Specials => {
  const named = Object.entries(specialTokens).map(([member, usual]) => [
    member,
    files.map((file) => textOf(file[member])).find((text) => text !== undefined) ?? usual,
  ])
  return Object.fromEntries(named) as Specials
}

/** One token a line; of a token that is there twice, the last line counts. */
const readVocabulary = async (dir: string): Promise<ReadonlyMap<string, number> | undefined> => {
  try {
    const lines = (await readModelFile(join(dir, 'vocab.txt'))).toString('utf8').split('\n')
    if (lines.at(-1) === '') lines.pop()
    return new Map(lines.map((line, id) => [line.replace(/\r$/, ''), id]))
  } catch {
    return undefined
  }
}

export const isBertTokenizer = ({ tokenizer_class: name }: Json): boolean => bertTokenizers.test(String(name))

const isBert = ({ tokenizer_class: tokenizer }: Json, { model_type: model }: Json): boolean =>
  typeof tokenizer === 'string'
    ? bertTokenizers.test(tokenizer)
    : model === undefined || bertModels.test(String(model))

const framed = ({ cls_token: cls, sep_token: sep }: Specials, idOf: (token: string) => number): Json => {
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } })
  const text = (id: string, type: number) => ({ Sequence: { id, type_id: type } })
  const single = [special(cls, 0), text('A', 0), special(sep, 0)]
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, text('B', 1), special(sep, 1)],
    special_tokens: Object.fromEntries(
      [cls, sep].map((token) => [token, { id: token, ids: [idOf(token)], tokens: [token] }]),
    ),
  }
}

/** Tokens beside the vocabulary: those that tokenizer_config.json or added_tokens.json has. */
const addedTokens = (
  settings: Json,
  added: Json,
  specials: readonly (readonly [string, number])[],
): readonly Json[] => {
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  const byContent = new Map<string, Json>(
    specials.map(([content, id]) => [content, { id, content, ...plain }]),
  )
  for (const [content, id] of Object.entries(added))
    if (!byContent.has(content))
      byContent.set(content, { id, content, ...plain, normalized: true, special: false })
  const decoder = (settings['added_tokens_decoder'] ?? {}) as Readonly<Record<string, Json>>
  for (const [id, token] of Object.entries(decoder))
    byContent.set(String(token['content']), { ...plain, ...token, id: Number(id) })
  return [...byContent.values()].sort((one, other) => Number(one['id']) - Number(other['id']))
}

/**
 * @param settings tokenizer_config.json
 * @returns what tokenizer.json would hold; undefined where vocab.txt is missing or is not BERT's
 */
export const tokenizerOfVocabulary = async (dir: string, settings: Json): Promise<Json | undefined> => {
  const [vocabulary, config, map, added] = await Promise.all([
    readVocabulary(dir),
    readJson(dir, 'config.json'),
    readJson(dir, 'special_tokens_map.json'),
    readJson(dir, 'added_tokens.json'),
  ])
  if (!vocabulary || !isBert(settings, (config ?? {}) as Json)) return undefined
  const specials = specialsOf(settings, (map ?? {}) as Json)
  const ids = Object.values(specials).map((token) => [token, vocabulary.get(token)] as const)
  const known = ids.filter((entry): entry is readonly [string, number] => entry[1] !== undefined)
  const idOf = (token: string): number => vocabulary.get(token) ?? -1
  if ([specials.cls_token, specials.sep_token, specials.unk_token].some((token) => idOf(token) < 0))
    return undefined
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens(settings, (added ?? {}) as Json, known),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: settings['tokenize_chinese_chars'] !== false,
      strip_accents: settings['strip_accents'] ?? null,
      lowercase: settings['do_lower_case'] !== false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: framed(specials, idOf),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: specials.unk_token,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary),
    },
  }
}
