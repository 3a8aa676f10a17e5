/**
 * Parts of a tokenizer.json whose time or memory has no known bound. Such a file is read and used in a process of
 * its own; those of well-known tokenizers have nothing of the kind.
 */
import { StartError } from '../../failures/errors.ts'
import { isLinear } from './linear-pattern.ts'

type Json = Readonly<Record<string, unknown>>

/** Steps one after the other; well-known tokenizers have at most a dozen. */
const mostSteps = 24
/** Characters of all patterns together: each place of a text may be tried with all of them. GPT-4o's has 450. */
const longestPatterns = 4096
/** How many characters may become of one, all steps together. */
const mostGrowth = 8
/** The same of SentencePiece's own table, which makes 18 of an Arabic ligature; texts that grow much in NFKC are refused. */
const mostTargets = 24
/** Characters of a token. The longest of well-known vocabularies are runs of a few hundred spaces and dashes. */
const longestToken = 1024
/** WordPiece tries all tokens up to the longest at each place of a word; Python reads words of up to 100 characters. */
const longestPiece = 128
/** Unigram weighs all tokens that begin at a place; SentencePiece's have at most 16 characters. */
const mostNested = 24
/** Added tokens are all looked for at each place of a text. Up to this length, V8 makes a tree of them. */
const shortAdded = 32
/** Characters of the longer ones together. */
const mostAdded = 4096

const children = ['normalizers', 'pretokenizers', 'decoders', 'processors'] as const

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

const patternLength = ({ pattern }: Json): number => {
  const { Regex: source, String: text } = objectOf(pattern)
  return String(source ?? text ?? '').length
}

/** Characters in place of one. */
const growthOf = ({ type, content, replacement, prepend, pattern }: Json): number => {
  const length = (value: unknown): number => Math.max(1, typeof value === 'string' ? value.length : 1)
  if (type === 'Replace')
    return objectOf(pattern)['String'] === '' ? Number.POSITIVE_INFINITY : length(content)
  if (type === 'Prepend') return length(prepend)
  return type === 'Metaspace' ? length(replacement) : 1
}

const targetsOf = ({ precompiled_charsmap: table }: Json): number =>
  typeof table === 'string' ? longestTarget(table) : 0

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

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)

const stepProblem = (steps: readonly Json[], where: string): string | undefined => {
  if (steps.length > mostSteps) return `its ${where} has ${steps.length} steps`
  const pattern = steps.map(patternOf).find((source) => source !== undefined && !isLinear(source))
  if (pattern !== undefined) return `its ${where} has the pattern ${JSON.stringify(pattern.slice(0, 200))}`
  if (sumOf(steps.map(patternLength)) > longestPatterns) return `its ${where} has long patterns`
  const growth = steps.reduce((product, step) => product * growthOf(step), 1)
  if (growth > mostGrowth || steps.some((step) => targetsOf(step) > mostTargets))
    return `its ${where} makes a text many times as long`
  return undefined
}

/** WordPiece tries the shorter of a word and the longest token. */
const pieceProblem = ({ max_input_chars_per_word: most = 100 }: Json, tokens: readonly string[]): boolean =>
  Math.min(
    Number(most),
    tokens.reduce((longest, { length }) => Math.max(longest, length), 0),
  ) > longestPiece

/** How many tokens a token begins with. */
const isNested = (tokens: readonly string[]): boolean => {
  const long = tokens.filter(({ length }) => length > mostNested)
  if (long.length === 0) return false
  const known = new Set(tokens)
  return long.some((token) => {
    let count = 0
    for (let end = 1; end <= token.length; end++) if (known.has(token.slice(0, end))) count += 1
    return count > mostNested
  })
}

const modelProblem = (model: Json, tokens: readonly string[]): string | undefined => {
  if (tokens.some(({ length }) => length > longestToken))
    return `it has a token of more than ${longestToken} characters`
  if (model['type'] === 'WordPiece' && pieceProblem(model, tokens))
    return `it has words and tokens of more than ${longestPiece} characters`
  return model['type'] === 'Unigram' && isNested(tokens) ? 'too many of its tokens begin alike' : undefined
}

/** @returns why a text may take long, or undefined where none does */
export const unboundedPart = (json: Json): string | undefined => {
  const steps = (name: string): string | undefined => stepProblem(stepsOf(json[name]), name)
  const problem =
    steps('normalizer') ?? steps('pre_tokenizer') ?? modelProblem(objectOf(json['model']), tokensOf(json))
  if (problem) return problem
  const long = addedOf(json).filter(({ length }) => length > shortAdded)
  return sumOf(long.map(({ length }) => length)) > mostAdded ? 'its added tokens are long' : undefined
}

/** What the file says is the cause: an import tells it apart from the sentence. */
export const unusableTokenizer = (cause: Error): StartError =>
  new StartError(`tokenizer.json is not a tokenizer that can be used: ${cause.message}`, 1, { cause })

const unusable = (reason: string): StartError => unusableTokenizer(new Error(reason))

/** Most characters of a token that a text may be written with. */
const longestWritten = 65_536

/** Special tokens and places of texts in all templates of a `post_processor`; well-known ones have five. No model reads more tokens. */
const mostFramed = 512

/** What a template makes of one text, or of two. */
const framedBy = ({ single, pair }: Json): number =>
  Math.max(1, ...[single, pair].map((parts) => (Array.isArray(parts) ? parts.length : 0)))

/** Steps one after the other repeat what those before have made. */
const framedOf = (json: Json): number =>
  stepsOf(json['post_processor']).reduce((product, step) => product * framedBy(step), 1)

/**
 * Bounds of the work that is done on the thread of HTTP for every file: a text is written token by token, and special tokens are put around one.
 * @throws StartError
 */
export const checkOwnThread = (json: Json): void => {
  const problem = stepProblem(stepsOf(json['decoder']), 'decoder')
  if (problem) throw unusable(`${problem}, which may take any time for some text; leave it out or replace it`)
  if (tokensOf(json).some(({ length }) => length > longestWritten))
    throw unusable(`it has a token of more than ${longestWritten} characters`)
  if (framedOf(json) > mostFramed)
    throw unusable(`its post_processor puts more than ${mostFramed} tokens around a text; make it shorter`)
}
