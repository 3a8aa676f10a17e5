/** The normalizers of tokenizer.json, on characters with places. */
import { charsMap } from './precompiled.ts'
import { isControl, isNonspacingMark } from './unicode-8.ts'
import { inForm, type UnicodeForm } from './unicode-forms.ts'
import { isSpace, textOf, type Unit, unitCounter, unitsOf } from './units.ts'

type Json = Readonly<Record<string, unknown>>

/** @param origin where the part begins in the text */
export type Normalizer = (units: readonly Unit[], origin: number) => readonly Unit[]

/** What the tokenizer library makes of a pattern: a regular expression of JavaScript. */
interface Compiled {
  readonly pattern?: RegExp | null
  readonly normalizers?: readonly (Compiled | null)[]
}

/** Character by character: in Greek, the library would write another sigma at the end of a word. */
const lowercase: Normalizer = (units) => {
  const result: Unit[] = []
  for (const unit of units) {
    const lower = unit.char.toLowerCase()
    if (lower === unit.char) result.push(unit)
    else for (const char of lower) result.push({ char, start: unit.start, end: unit.end })
  }
  return result
}

const clean: Normalizer = (units) =>
  units
    .filter(({ char }) => char !== '\0' && char !== '\ufffd' && !isControl(char))
    .map((unit) => (unit.char !== ' ' && isSpace(unit.char) ? { ...unit, char: ' ' } : unit))

/** Ranges of BERT's normalizer: without Japanese and Korean, and without the extensions of later versions of Unicode. */
const chinese = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0x2f800, 0x2fa1f],
] as const

const isChinese = (char: string): boolean => {
  if (char < '\u3400') return false
  const code = char.codePointAt(0) as number
  return chinese.some(([from, to]) => code >= from && code <= to)
}

/** The spaces that are put in have the place of the character between them. */
const spaced: Normalizer = (units) => {
  const result: Unit[] = []
  for (const unit of units) {
    if (!isChinese(unit.char)) {
      result.push(unit)
      continue
    }
    const space = { char: ' ', start: unit.start, end: unit.end }
    result.push(space, unit, space)
  }
  return result
}

const withoutAccents: Normalizer = (units, origin) =>
  inForm(units, 'NFD', origin).filter(({ char }) => !isNonspacingMark(char))

const bert = (config: Json): Normalizer => {
  const strips = config['strip_accents'] ?? config['lowercase']
  return inTurn([
    ...(config['clean_text'] === false ? [] : [clean]),
    ...(config['handle_chinese_chars'] === false ? [] : [spaced]),
    ...(strips ? [withoutAccents] : []),
    ...(config['lowercase'] === false ? [] : [lowercase]),
  ])
}

const inTurn =
  (steps: readonly Normalizer[]): Normalizer =>
  (units, origin) =>
    steps.reduce((now, step) => step(now, origin), units)

/** What stands for a match has the place of its last character. */
const replacing =
  (pattern: RegExp, content: string): Normalizer =>
  (units, origin) => {
    const text = textOf(units)
    const count = unitCounter(text)
    const result: Unit[] = []
    let done = 0
    for (const { 0: match, index } of text.matchAll(pattern)) {
      const [from, to] = [count(index), count(index + match.length)]
      for (let at = done; at < from; at++) result.push(units[at] as Unit)
      const { start, end } = units[to - 1] ?? { start: origin, end: origin }
      for (const char of content) result.push({ char, start, end })
      done = to
    }
    if (done === 0 && result.length === 0) return units
    return [...result, ...units.slice(done)]
  }

const prepending =
  (content: string): Normalizer =>
  (units) => {
    const [first] = units
    return first ? [...unitsOf(content, 0).map(({ char }) => ({ ...first, char })), ...units] : units
  }

const strip =
  (left: boolean, right: boolean): Normalizer =>
  (units) => {
    let [from, to] = [0, units.length]
    while (left && from < to && isSpace(units[from]?.char)) from += 1
    while (right && to > from && isSpace(units[to - 1]?.char)) to -= 1
    return units.slice(from, to)
  }

const makers: Readonly<Record<string, (config: Json, compiled: Compiled | null) => Normalizer>> = {
  BertNormalizer: bert,
  Lowercase: () => lowercase,
  StripAccents: () => (units) => units.filter(({ char }) => char < '\u0300' || !/^\p{M}$/u.test(char)),
  Strip: (config) => strip(config['strip_left'] !== false, config['strip_right'] !== false),
  Prepend: (config) => prepending(String(config['prepend'] ?? '')),
  Replace: (config, compiled) => {
    if (!compiled?.pattern) throw new Error('a Replace has no pattern')
    return replacing(compiled.pattern, String(config['content'] ?? ''))
  },
  Precompiled: (config) => charsMap(String(config['precompiled_charsmap'] ?? '')),
  Sequence: (config, compiled) =>
    inTurn(
      ((config['normalizers'] ?? []) as Json[]).map((one, index) =>
        normalizerOf(one, compiled?.normalizers?.[index] ?? null),
      ),
    ),
}

/**
 * @param config member `normalizer` of tokenizer.json
 * @param compiled the library's normalizer, whose patterns are used
 * @throws Error where it has a type that is not known
 */
export const normalizerOf = (config: Json | null, compiled: Compiled | null): Normalizer => {
  if (!config) return (units) => units
  const type = String(config['type'])
  if (/^NFK?[CD]$/.test(type)) return (units, origin) => inForm(units, type as UnicodeForm, origin)
  const make = makers[type]
  if (make) return make(config, compiled)
  throw new Error(`its normalizer ${type} is not known here`)
}
