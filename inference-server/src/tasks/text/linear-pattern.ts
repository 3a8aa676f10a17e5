/**
 * Which patterns of a tokenizer.json take time in proportion to the text, for every text. JavaScript tries the ways in
 * which a pattern may match one after the other: `(a+)+$` takes a second for 30 letters, and twice as long for 31.
 */

/** One character: itself, escaped, of a class or of a property. */
const character =
  /\\[pP]\{[\w=]+\}|\\[sSdDwWnrtfv]|\\u[\da-fA-F]{4}|\\x[\da-fA-F]{2}|\\[^\w\s]|\[\^?(?:\\.|&(?!&)|[^[\]\\&])+\]|[^\\[\](){}|*+?^$]/uy

/** `*`, `+`, `?` and `{m,n}`; what follows might make them lazy or possessive. */
const quantifier = /(?:[*+?]|\{(\d+)(,(\d*))?\})(?![*+?])/y

/** Alternatives of characters, of which none is repeated. */
const group = /\((?:\?i?:)?((?:[^\\[\](){}*+?^$.]|\\[^\w\s])*)\)/uy

interface Item {
  readonly least: number
  /** Infinity where it has no bound. */
  readonly most: number
}

/** More ways to begin than this are tried for each character of a text. */
const mostWays = 64

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

const timesOf = ([text, least, hasComma, most]: RegExpExecArray): Item => {
  if (text === '*') return { least: 0, most: Number.POSITIVE_INFINITY }
  if (text === '+') return { least: 1, most: Number.POSITIVE_INFINITY }
  if (text === '?') return { least: 0, most: 1 }
  const from = Number(least)
  if (hasComma === undefined) return { least: from, most: from }
  return { least: from, most: most ? Number(most) : Number.POSITIVE_INFINITY }
}

/** The alternatives of a pattern, each as what follows one another in it; undefined where something else stands in it. */
const alternativesOf = (source: string): readonly (readonly Item[])[] | undefined => {
  const alternatives: Item[][] = [[]]
  let at = 0
  while (at < source.length) {
    if (source[at] === '|') {
      alternatives.push([])
      at += 1
      continue
    }
    const one = matchAt(character, source, at) ?? matchAt(group, source, at)
    if (!one) return undefined
    at += one[0].length
    const times = matchAt(quantifier, source, at)
    at += times?.[0].length ?? 0
    if (/[*+?{]/.test(source[at] ?? '')) return undefined
    alternatives.at(-1)?.push(times ? timesOf(times) : { least: 1, most: 1 })
  }
  return alternatives
}

/**
 * Whether each attempt takes no longer than what it matches. Only so many ways are tried before the first repetition without
 * a bound; behind it, everything may be missing, so that the alternative matches and nothing is tried again.
 */
const isSimple = (items: readonly Item[]): boolean => {
  const first = items.findIndex(({ most }) => most === Number.POSITIVE_INFINITY)
  const bounded = first < 0 ? items : items.slice(0, first + 1)
  const ways = bounded.reduce(
    (product, { least, most }) =>
      product * (most === Number.POSITIVE_INFINITY ? least + 1 : most - least + 1),
    1,
  )
  const longest = bounded.reduce(
    (sum, { least, most }) => sum + Math.max(least, most === Number.POSITIVE_INFINITY ? 1 : most),
    0,
  )
  return (
    ways <= mostWays &&
    longest <= mostWays &&
    (first < 0 || items.slice(first + 1).every(({ least }) => least === 0))
  )
}

/**
 * Ends of the patterns of GPT-2, GPT-4 and those that follow them. The first two parts read a run of white space and may give
 * it up, but then the others match all of it but one character.
 */
const knownEnds = [
  String.raw`|\s*[\r\n]+|\s+(?!\S)|\s+`,
  String.raw`|\s*[\r\n]|\s+(?!\S)|\s+`,
  String.raw`|\s*[\r\n]+|\s+(?!\S)`,
  String.raw`|\s+(?!\S)|\s+`,
]

const [upper, lower] = [String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`]
const endings = `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`
const before = String.raw`[^\r\n\p{L}\p{N}]?`

/** Beginnings of the patterns of GPT-4o and Mistral: where the first gives up a run of letters, the second matches all of it. */
const knownBeginnings = [endings, ''].map(
  (ending) => `${before}${upper}*${lower}+${ending}|${before}${upper}+${lower}*${ending}|`,
)

/** BLOOM's, in which the tokenizer library reads the class as Rust does. */
const bloom = String.raw` ?[^(\s|[.,!?…。，、।۔،])]+`

/** A pattern of more characters has too many alternatives to try at each place. GPT-4o's has 450. */
const longestPattern = 1024

/** @param source as tokenizer.json has it, in the words of Oniguruma */
export const isLinear = (source: string): boolean => {
  if (source === bloom) return true
  if (source.length > longestPattern) return false
  const end = knownEnds.find((known) => source.endsWith(known)) ?? ''
  const beginning = knownBeginnings.find((known) => source.startsWith(known)) ?? ''
  const rest = source.slice(beginning.length, source.length - end.length)
  return alternativesOf(rest)?.every(isSimple) ?? false
}
