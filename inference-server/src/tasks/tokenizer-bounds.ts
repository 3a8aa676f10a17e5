/**
 * What in a tokenizer.json nobody can say how long it takes, or how much memory. Such a file is read and used in a process of
 * its own; those of well-known tokenizers have nothing of the kind.
 */
import { StartError } from '../errors.ts'
import { isLinear } from './linear-pattern.ts'

type Json = Readonly<Record<string, unknown>>

/** Steps one after the other; well-known tokenizers have at most a dozen. */
const mostSteps = 64
/** How many characters may become of one, all steps together. SentencePiece's own table makes 18 of some Arabic ligatures. */
const mostGrowth = 32
/** Characters of a token. The longest of well-known vocabularies are runs of a few hundred spaces and dashes. */
const longestToken = 1024
/** WordPiece tries each end of a word; Python's own default is 100. */
const longestWord = 1024
/** Characters of all added tokens together, which are looked for at each place of a text. */
const mostAdded = 1_000_000

const children = ['normalizers', 'pretokenizers', 'decoders'] as const

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : {}

/** A step and those inside it. */
const stepsOf = (step: unknown): readonly Json[] => {
  if (!step) return []
  const own = objectOf(step)
  const inner = children.flatMap((name) => (Array.isArray(own[name]) ? (own[name] as unknown[]) : []))
  return [own, ...inner.flatMap(stepsOf)]
}

const patternOf = ({ pattern }: Json): string | undefined => {
  const { Regex: source } = objectOf(pattern)
  return typeof source === 'string' ? source : undefined
}

/** Texts in place of one character, or of each in a run of them. */
const growthOf = ({ type, content, replacement, precompiled_charsmap: table, pattern }: Json): number => {
  const length = (value: unknown): number => Math.max(1, typeof value === 'string' ? value.length : 1)
  if (type === 'Replace')
    return objectOf(pattern)['String'] === '' ? Number.POSITIVE_INFINITY : length(content)
  if (type === 'Metaspace') return length(replacement)
  return type === 'Precompiled' && typeof table === 'string' ? longestTarget(table) : 1
}

/** @param table `precompiled_charsmap`: length of a trie, the trie, and what characters become, each behind a zero */
const longestTarget = (table: string): number => {
  const bytes = Buffer.from(table, 'base64')
  const size = bytes.length < 4 ? 0 : bytes.readUInt32LE(0)
  let longest = 0
  let from = 4 + size
  while (from < bytes.length) {
    const end = bytes.indexOf(0, from)
    longest = Math.max(longest, bytes.toString('utf8', from, end < 0 ? bytes.length : end).length)
    if (end < 0) break
    from = end + 1
  }
  return longest
}

const tokensOf = ({ model }: Json): readonly string[] => {
  const { vocab } = objectOf(model)
  if (Array.isArray(vocab)) return vocab.map((entry) => String((entry as readonly unknown[] | null)?.[0]))
  return Object.keys(objectOf(vocab))
}

const addedOf = (json: Json): readonly string[] =>
  (Array.isArray(json['added_tokens']) ? json['added_tokens'] : []).map((token) =>
    String(objectOf(token)['content']),
  )

const wordLimitOf = ({ model }: Json): number => {
  const { type, max_input_chars_per_word: most } = objectOf(model)
  return type === 'WordPiece' && most !== undefined ? Number(most) : 0
}

const stepProblem = (steps: readonly Json[], where: string): string | undefined => {
  if (steps.length > mostSteps) return `its ${where} has ${steps.length} steps`
  const pattern = steps.map(patternOf).find((source) => source !== undefined && !isLinear(source))
  if (pattern !== undefined) return `its ${where} has the pattern ${JSON.stringify(pattern.slice(0, 200))}`
  const growth = steps.reduce((product, step) => product * growthOf(step), 1)
  return growth > mostGrowth ? `its ${where} makes a text more than ${mostGrowth} times as long` : undefined
}

/** @returns why a text may take long, or undefined where none does */
export const unboundedPart = (json: Json): string | undefined => {
  const steps = (name: string): string | undefined => stepProblem(stepsOf(json[name]), name)
  const problem = steps('normalizer') ?? steps('pre_tokenizer')
  if (problem) return problem
  const [tokens, added] = [tokensOf(json), addedOf(json)]
  const isLong = (token: string): boolean => token.length > longestToken
  if (tokens.some(isLong) || added.some(isLong))
    return `it has a token of more than ${longestToken} characters`
  if (added.reduce((sum, { length }) => sum + length, 0) > mostAdded) return 'it has too many added tokens'
  return wordLimitOf(json) <= longestWord ? undefined : `its words have up to ${wordLimitOf(json)} characters`
}

/** What the file says is the cause: an import tells it apart from the sentence. */
const unusable = (reason: string): StartError =>
  new StartError(`tokenizer.json is not a tokenizer that can be used: ${reason}`, 1, {
    cause: new Error(reason),
  })

/** Most characters of a token that a text may be written with. */
const longestWritten = 65_536

/**
 * Texts are written on the thread of HTTP, token by token: a decoder has no process of its own.
 * @throws StartError
 */
export const checkDecoder = (json: Json): void => {
  const problem = stepProblem(stepsOf(json['decoder']), 'decoder')
  if (problem) throw unusable(`${problem}, which may take any time for some text; leave it out or replace it`)
  if (tokensOf(json).some(({ length }) => length > longestWritten))
    throw unusable(`it has a token of more than ${longestWritten} characters`)
}
