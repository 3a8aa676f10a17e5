/**
 * Tokens with their places in the text. The tokenizer library gives none, so its own steps are taken one by one here,
 * each keeping for every character where it came from: normalise, split into words, cut words into tokens.
 */
import { aligned, bytesOf, isSpace, normalised, type Unit } from './units.ts'

/** A token and the characters of the text that it stands for. */
export interface Piece {
  readonly id: number
  readonly token: string
  /** First UTF-16 unit of the text. */
  readonly start: number
  /** Behind the last one. */
  readonly end: number
  /** Which word of the text it belongs to, counted from 0. */
  readonly word: number
}

type Inner = InstanceType<typeof import('@huggingface/tokenizers').Tokenizer>
type Json = Readonly<Record<string, unknown>>

/**
 * @param json tokenizer.json
 * @returns text -> pieces, without special tokens
 */
export const pieceReader = (inner: Inner, json: Json): ((text: string) => readonly Piece[]) => {
  const contents = [...inner.get_added_tokens_decoder().values()].map(({ content }) => content)
  const special = specialPattern(contents)
  const byteLevel = JSON.stringify(json['pre_tokenizer'] ?? null).includes('"ByteLevel"')
  const cutter = wordCutter(inner, json, trimsPlaces(json['post_processor']))
  const wordsIn = (section: Section, index: number): readonly (readonly BarePiece[])[] => {
    const { content, start } = section
    if (contents.includes(content)) {
      const id = inner.token_to_id(content) ?? 0
      return [[{ id, token: content, start, end: start + content.length }]]
    }
    const units = normalised(inner, content, start)
    return wordsOf(inner, byteLevel ? bytesOf(units) : units, content, index, byteLevel).map(cutter)
  }
  return (text) => numbered(sections(text, special).flatMap(wordsIn))
}

/** A piece that begins with the mark of a space begins a word, though the pre-tokenizer did not cut there. */
const numbered = (words: readonly (readonly BarePiece[])[]): readonly Piece[] => {
  let word = -1
  return words.flatMap((pieces) =>
    pieces.map((piece, index) => {
      if (index === 0 || piece.token.startsWith('▁')) word += 1
      return { ...piece, word }
    }),
  )
}

interface Section {
  readonly content: string
  readonly start: number
}

/** Where a text holds a special token such as [SEP]; the longer of two that begin alike. */
const specialPattern = (contents: readonly string[]): RegExp => {
  const escaped = contents
    .filter((content) => content !== '')
    .sort((one, other) => other.length - one.length)
    .map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  return new RegExp(escaped.join('|') || '(?!)', 'g')
}

/** Cuts the text before and behind each special token. */
const sections = (text: string, special: RegExp): readonly Section[] => {
  const found: Section[] = []
  let start = 0
  for (const { 0: content, index } of text.matchAll(special)) {
    if (index > start) found.push({ content: text.slice(start, index), start })
    found.push({ content, start: index })
    start = index + content.length
  }
  if (start < text.length) found.push({ content: text.slice(start), start })
  return found
}

/** The words that the pre-tokenizer finds, with the places of their characters. */
const wordsOf = (
  inner: Inner,
  units: readonly Unit[],
  section: string,
  index: number,
  byteLevel: boolean,
): readonly (readonly Unit[])[] => {
  const text = byteLevel
    ? (inner.normalizer?.normalize(section) ?? section)
    : units.map(({ char }) => char).join('')
  if (text === '') return []
  const words: readonly string[] = inner.pre_tokenizer?.pre_tokenize(text, { section_index: index }) ?? [text]
  const all = aligned(
    words.flatMap((word) => [...word]),
    units,
  )
  let taken = 0
  return words.map((word) => {
    const { length } = [...word]
    taken += length
    return all.slice(taken - length, taken)
  })
}

type BarePiece = Omit<Piece, 'word'>

/** Cuts one word into tokens, and hands each the characters that it spells. */
const wordCutter = (
  inner: Inner,
  json: Json,
  trims: boolean,
): ((word: readonly Unit[]) => readonly BarePiece[]) => {
  const { model } = inner
  const settings = (json['model'] ?? {}) as Json
  const prefix = String(settings['continuing_subword_prefix'] ?? '')
  const suffix = String(settings['end_of_word_suffix'] ?? '')
  const spelled = (token: string): string => {
    const bare = prefix !== '' && token.startsWith(prefix) ? token.slice(prefix.length) : token
    return suffix !== '' && bare.endsWith(suffix) ? bare.slice(0, -suffix.length) : bare
  }
  return (word) => {
    const tokens = model?._call([word.map(({ char }) => char).join('')]) ?? []
    let at = 0
    return tokens.map((token: string, index: number) => {
      const id = inner.token_to_id(token) ?? model?.unk_token_id ?? 0
      const from = at
      at = index === tokens.length - 1 ? word.length : endOf(word, at, token, spelled, tokens[index + 1])
      return { id, token, ...placeOf(word.slice(from, Math.max(at, from + 1)), trims) }
    })
  }
}

/** Where a token's characters end: it spells them, it is a byte of one, or it is unknown and goes on to the next that is not. */
const endOf = (
  word: readonly Unit[],
  at: number,
  token: string,
  spelled: (token: string) => string,
  next: string | undefined,
): number => {
  const chars = [...spelled(token)]
  if (chars.every((char, index) => word[at + index]?.char === char)) return at + chars.length
  if (/^<0x[0-9A-F]{2}>$/.test(token)) {
    const more = next !== undefined && /^<0x[89AB][0-9A-F]>$/.test(next)
    return more ? at : at + 1
  }
  const [first] = next === undefined ? [] : [...spelled(next)]
  const found = word.findIndex(({ char }, index) => index > at && char === first)
  return found < 0 ? at + 1 : found
}

/** Whether tokens leave out the space before them, as RoBERTa's do. */
const trimsPlaces = (processor: unknown): boolean => {
  const {
    type,
    trim_offsets: trims,
    processors = [],
  } = (processor ?? {}) as {
    readonly type?: string
    readonly trim_offsets?: boolean
    readonly processors?: readonly unknown[]
  }
  if (type === 'Sequence') return processors.some(trimsPlaces)
  return (type === 'RobertaProcessing' || type === 'ByteLevel') && trims !== false
}

/** From the first to the last character of a token. */
const placeOf = (units: readonly Unit[], trims: boolean): { start: number; end: number } => {
  const solid = trims ? units.filter(({ char }) => !isSpace(char)) : units
  const end = (solid.at(-1) ?? units.at(-1))?.end ?? 0
  return { start: solid[0]?.start ?? end, end }
}
