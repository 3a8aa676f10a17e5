/**
 * Tokens with their places in the text. The tokenizer library gives none, and normalizes and splits some texts otherwise than
 * Python's, so these steps are our own, each keeping for every character where it came from. Its model cuts words into tokens.
 */
import type { Piece } from '../../untrusted/messages.ts'
import { type AddedToken, type Section, sectionsBy } from './added-tokens.ts'
import { type Normalizer, normalizerOf } from './normalizer.ts'
import { type PreTokenizer, preTokenizerOf } from './pre-tokenizer.ts'
import { isSpace, textOf, type Unit, unitCounter, unitsOf } from './units.ts'

type Inner = InstanceType<typeof import('@huggingface/tokenizers').Tokenizer>
type Json = Readonly<Record<string, unknown>>

/**
 * @param json tokenizer.json
 * @returns text -> pieces, without special tokens
 * @throws Error where the file has a step that is not known here
 */
export const pieceReader = (inner: Inner, json: Json): ((text: string) => readonly Piece[]) => {
  const normalize = normalizerOf(json['normalizer'] as Json | null, inner.normalizer)
  const split = preTokenizerOf(json['pre_tokenizer'] as Json | null, inner.pre_tokenizer)
  const cut = wordCutter(inner, json)
  const trim = trimmer(json['post_processor'])
  const inText = sectionsOf(json, normalize)
  return (text) => numbered(inText(text).flatMap((section) => wordsOf(section, { split, cut, trim })))
}

/** A part of the text behind the normalizer, or an added token. */
interface NormalSection {
  readonly units: readonly Unit[]
  readonly token: AddedToken | undefined
  /** Where the part begins in the text. */
  readonly origin: number
}

interface Steps {
  readonly split: PreTokenizer
  readonly cut: (word: readonly Unit[]) => readonly BarePiece[]
  readonly trim: Trim | undefined
}

const wordsOf = (
  { units, token, origin }: NormalSection,
  { split, cut, trim }: Steps,
): readonly (readonly BarePiece[])[] => {
  if (!token) {
    const words = split(units, origin).map(cut)
    return trim
      ? words.map((pieces) => pieces.map((piece) => ({ ...piece, ...trim(piece, piece.token) })))
      : words
  }
  const place = { start: units[0]?.start ?? origin, end: units.at(-1)?.end ?? origin }
  return [[{ id: token.id, token: token.content, ...(trim ? trim(place, textOf(units)) : place) }]]
}

/** Some added tokens are looked for in the text as it came, the others behind the normalizer, which changes them too. */
const sectionsOf = (json: Json, normalize: Normalizer): ((text: string) => readonly NormalSection[]) => {
  const tokens = ((json['added_tokens'] ?? []) as AddedToken[]).map((token) => ({
    ...token,
    isRaw: !token.normalized,
  }))
  const named = (raw: boolean, nameOf: (token: AddedToken) => string) =>
    sectionsBy(new Map(tokens.filter(({ isRaw }) => isRaw === raw).map((token) => [nameOf(token), token])))
  const rawSections = named(true, ({ content }) => content)
  const normalSections = named(false, ({ content }) => textOf(normalize(unitsOf(content, 0), 0)))
  const within = (text: string, { start, end, token }: Section): readonly NormalSection[] => {
    const part = unitsOf(text.slice(start, end), start)
    if (token) return [{ units: part, token, origin: start }]
    const units = normalize(part, start)
    const normal = textOf(units)
    const count = unitCounter(normal)
    return normalSections(normal).map((inner) => {
      const own = units.slice(count(inner.start), count(inner.end))
      return { units: own, token: inner.token, origin: inner.start === 0 ? start : (own[0]?.start ?? start) }
    })
  }
  return (text) => rawSections(text).flatMap((section) => within(text, section))
}

/** A piece that begins with the mark of a space begins a word, though the pre-tokenizer did not cut there. */
const numbered = (words: readonly (readonly BarePiece[])[]): readonly Piece[] => {
  const all: Piece[] = []
  let word = -1
  for (const pieces of words)
    for (const [index, { id, token, start, end }] of pieces.entries()) {
      if (index === 0 || token.startsWith('▁')) word += 1
      all.push({ id, token, start, end, word })
    }
  return all
}

type BarePiece = Omit<Piece, 'word'>

/** Cuts one word into tokens, and hands each the characters that it spells. */
const wordCutter = (inner: Inner, json: Json): ((word: readonly Unit[]) => readonly BarePiece[]) => {
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
      return { id, token, ...placeOf(word.slice(from, Math.max(at, from + 1))) }
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

/** Place of a token, from its first to its last character. */
const placeOf = (units: readonly Unit[]): { start: number; end: number } => {
  const end = units.at(-1)?.end ?? 0
  return { start: units[0]?.start ?? end, end }
}

interface PostProcessor {
  readonly type?: string
  readonly trim_offsets?: boolean
  readonly add_prefix_space?: boolean
  readonly processors?: readonly PostProcessor[]
}

/** The step that takes spaces out of places, as RoBERTa's does. */
const trimming = (processor: PostProcessor | null | undefined): PostProcessor | undefined => {
  const { type, trim_offsets: trims, processors = [] } = processor ?? {}
  if (type === 'Sequence') return processors.map(trimming).find((found) => found)
  const isOne = (type === 'RobertaProcessing' || type === 'ByteLevel') && trims !== false
  return isOne ? (processor ?? undefined) : undefined
}

const leadingSpaces = (chars: readonly string[]): number => {
  const first = chars.findIndex((char) => !isSpace(char) && char !== 'Ġ')
  return first < 0 ? chars.length : first
}

type Place = Pick<Piece, 'start' | 'end'>

/** @param spelled what stands at the place, behind the normalizer */
type Trim = (place: Place, spelled: string) => Place

/** A single space that the tokenizer itself put in front of the text is in no place, so it is not taken out. */
const trimmer = (processor: unknown): Trim | undefined => {
  const step = trimming(processor as PostProcessor)
  if (!step) return undefined
  const prepends = step.add_prefix_space !== false
  return ({ start, end }, spelled) => {
    const chars = [...spelled]
    const leading = leadingSpaces(chars)
    const from = Math.min(prepends && start === 0 && leading === 1 ? start : start + leading, end)
    return { start: from, end: Math.max(end - leadingSpaces(chars.reverse()), from) }
  }
}
