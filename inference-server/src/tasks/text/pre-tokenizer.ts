/** The pre-tokenizers of tokenizer.json: they cut a text into words, on characters with places. */
import { isPunctuation } from './unicode-8.ts'
import { bytesOf, isSpace, textOf, type Unit, unitCounter } from './units.ts'

type Json = Readonly<Record<string, unknown>>
type Word = readonly Unit[]

/** @param origin where the part begins in the text */
export type PreTokenizer = (units: Word, origin: number) => readonly Word[]

/** The tokenizer library's, whose patterns are used. */
interface Compiled {
  readonly pattern?: RegExp | null
  readonly tokenizers?: readonly (Compiled | null)[]
}

/** A part of a text, and whether the pattern matched it. */
interface Part {
  readonly from: number
  readonly to: number
  readonly matches: boolean
}

/** Cuts at every match. */
const partsOf = (units: Word, pattern: RegExp): readonly Part[] => {
  const text = textOf(units)
  const count = unitCounter(text)
  const parts: Part[] = []
  let done = 0
  for (const { 0: match, index } of text.matchAll(pattern)) {
    const [from, to] = [count(index), count(index + match.length)]
    if (from > done) parts.push({ from: done, to: from, matches: false })
    if (to > from) parts.push({ from, to, matches: true })
    done = to
  }
  if (done < units.length) parts.push({ from: done, to: units.length, matches: false })
  return parts
}

/** Cuts round every character that is one. */
const charParts = (units: Word, isOne: (char: string) => boolean): readonly Part[] => {
  const parts: Part[] = []
  let done = 0
  for (let at = 0; at < units.length; at++) {
    if (!isOne((units[at] as Unit).char)) continue
    if (at > done) parts.push({ from: done, to: at, matches: false })
    parts.push({ from: at, to: at + 1, matches: true })
    done = at + 1
  }
  if (done < units.length) parts.push({ from: done, to: units.length, matches: false })
  return parts
}

/** What becomes of the parts that match, by the names of tokenizer.json. */
const behaviors: Readonly<Record<string, (parts: readonly Part[]) => readonly Part[]>> = {
  Isolated: (parts) => parts,
  Removed: (parts) => parts.filter(({ matches }) => !matches),
  Contiguous: (parts) => joined(parts, (last, part) => last.matches === part.matches),
  MergedWithPrevious: (parts) => joined(parts, (_, part, before) => part.matches && !before.matches),
  MergedWithNext: (parts) => {
    const reversed = joined([...parts].reverse(), (_, part, before) => part.matches && !before.matches)
    return [...reversed].reverse()
  },
}

/** @param joins whether a part belongs to the last one; `before` is the part before it as it was cut */
const joined = (
  parts: readonly Part[],
  joins: (last: Part, part: Part, before: Part) => boolean,
): readonly Part[] => {
  const result: Part[] = []
  for (const [index, part] of parts.entries()) {
    const [last, before] = [result.at(-1), parts[index - 1]]
    if (last && before && joins(last, part, before))
      result[result.length - 1] = {
        from: Math.min(last.from, part.from),
        to: Math.max(last.to, part.to),
        matches: part.matches,
      }
    else result.push(part)
  }
  return result
}

const behaviorOf = (config: Json, usual: string): ((parts: readonly Part[]) => readonly Part[]) => {
  const name = String(config['behavior'] ?? usual)
  const known = Object.keys(behaviors).find((one) => one.toLowerCase() === name.toLowerCase())
  if (known) return behaviors[known] as (parts: readonly Part[]) => readonly Part[]
  throw new Error(`its pre-tokenizer has behavior ${name}, which is not known here`)
}

const cut = (units: Word, parts: readonly Part[]): readonly Word[] =>
  parts.map(({ from, to }) => units.slice(from, to))

const removing = (isOne: (char: string) => boolean, units: Word): readonly Word[] =>
  cut(
    units,
    charParts(units, isOne).filter(({ matches }) => !matches),
  )

const bert: PreTokenizer = (units) =>
  removing(isSpace, units).flatMap((word) => cut(word, charParts(word, isPunctuation)))

/** Rust's \w. */
const wordOrSigns =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu

const splitting = (config: Json, compiled: Compiled | null): PreTokenizer => {
  const pattern = compiled?.pattern
  if (!pattern) throw new Error('a Split has no pattern')
  const behavior = behaviorOf(config, 'Removed')
  const inverts = config['invert'] === true
  return (units) => {
    const parts = partsOf(units, pattern)
    return cut(units, behavior(inverts ? parts.map((part) => ({ ...part, matches: !part.matches })) : parts))
  }
}

/** A character in front of a word, with the place of the word's first. */
const behind = (units: Word, char: string): Word => {
  const [first] = units
  return first ? [{ ...first, char }, ...units] : units
}

const metaspace = (config: Json): PreTokenizer => {
  const mark = String(config['replacement'] ?? '▁')
  const usual = config['add_prefix_space'] === false ? 'never' : 'always'
  const scheme = String(config['prepend_scheme'] ?? usual).toLowerCase()
  const splits = config['split'] !== false
  return (units, origin) => {
    const marked = units.map((unit) => (unit.char === ' ' ? { ...unit, char: mark } : unit))
    const prepends = scheme === 'always' || (scheme === 'first' && origin === 0)
    const whole = prepends && marked[0]?.char !== mark ? behind(marked, mark) : marked
    if (!splits) return whole.length > 0 ? [whole] : []
    const parts = charParts(whole, (char) => char === mark)
    return cut(whole, (behaviors['MergedWithNext'] as (parts: readonly Part[]) => readonly Part[])(parts))
  }
}

/** GPT-2's. */
const byteLevelWords =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

const byteLevel = (config: Json): PreTokenizer => {
  const prepends = config['add_prefix_space'] !== false
  const cuts = config['use_regex'] !== false
  return (units) => {
    const whole = prepends && units[0]?.char !== ' ' ? behind(units, ' ') : units
    const words = cuts ? cut(whole, partsOf(whole, byteLevelWords)) : [whole]
    return words.map(bytesOf)
  }
}

const ofLength =
  (length: number): PreTokenizer =>
  (units) =>
    Array.from({ length: Math.ceil(units.length / length) }, (_, index) =>
      units.slice(index * length, (index + 1) * length),
    )

/** A part that has been cut begins where its first character stands. */
const inTurn =
  (steps: readonly PreTokenizer[]): PreTokenizer =>
  (units, origin) =>
    steps.reduce<readonly Word[]>(
      (words, step, index) =>
        words.flatMap((word) => step(word, index === 0 ? origin : (word[0]?.start ?? origin))),
      [units],
    )

const makers: Readonly<Record<string, (config: Json, compiled: Compiled | null) => PreTokenizer>> = {
  BertPreTokenizer: () => bert,
  Whitespace: () => (units) =>
    cut(
      units,
      partsOf(units, wordOrSigns).filter(({ matches }) => matches),
    ),
  WhitespaceSplit: () => (units) => removing(isSpace, units),
  Punctuation: (config) => {
    const behavior = behaviorOf(config, 'Isolated')
    return (units) => cut(units, behavior(charParts(units, isPunctuation)))
  },
  Digits: (config) => {
    const behavior = behaviorOf({}, config['individual_digits'] === true ? 'Isolated' : 'Contiguous')
    return (units) => cut(units, behavior(charParts(units, (char) => /^\p{N}$/u.test(char))))
  },
  Split: splitting,
  Metaspace: metaspace,
  ByteLevel: byteLevel,
  FixedLength: (config) => ofLength(Math.max(1, Number(config['length'] ?? 5))),
  Sequence: (config, compiled) =>
    inTurn(
      ((config['pretokenizers'] ?? []) as Json[]).map((one, index) =>
        preTokenizerOf(one, compiled?.tokenizers?.[index] ?? null),
      ),
    ),
}

/**
 * @param config member `pre_tokenizer` of tokenizer.json
 * @param compiled the library's pre-tokenizer, whose patterns are used
 * @throws Error where it has a type or a behavior that is not known
 */
export const preTokenizerOf = (config: Json | null, compiled: Compiled | null): PreTokenizer => {
  if (!config) return (units) => [units]
  const make = makers[String(config['type'])]
  if (make) return make(config, compiled)
  throw new Error(`its pre-tokenizer ${String(config['type'])} is not known here`)
}
