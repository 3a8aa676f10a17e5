import { Failure } from '../failures/errors.ts'
import type { TaskFiles } from '../models/model-files.ts'
import { systemClock } from '../process/clock.ts'
import { inTurns } from '../process/turns.ts'
import type { Members, PathOf } from '../requests/members.ts'
import type { NamedTensors, Signature, Tensor } from '../tensors/tensor.ts'
import type { Piece } from '../untrusted/messages.ts'
import { answersOf, type ScoredWindow, type WindowAnswers } from './answer-spans.ts'
import { parameterReader } from './parameters.ts'
import { perItem } from './results.ts'
import type { LoadedTask, Prepared, TaskResult } from './task.ts'
import { codePointCounter } from './text/code-points.ts'
import type { EncodedPair } from './text/frames.ts'
import { after, type Reading, readAll } from './text/readings.ts'
import { readText } from './text/texts.ts'
import { type TokenInputs, tokenInputs } from './text/token-input.ts'
import { floatOutput, numbersOf } from './text/token-output.ts'
import { loadTokenizer, type Tokenizer } from './text/tokenizer.ts'
import { windowsOf } from './text/windows.ts'

/** Longest window and overlap of windows in tokens, unless a request says otherwise; the pipeline's of transformers. */
const windowTokens = 384
const overlapTokens = 128

/** An answer; `start` and `end` count the context's code points. */
interface Answer {
  readonly answer: string
  readonly score: number
  readonly start: number
  readonly end: number
}

interface Options {
  readonly topK: number
  readonly maxAnswerTokens: number
  readonly maxTokens: number
  readonly overlapTokens: number
  readonly nothing: boolean
  readonly wholeWords: boolean
}

/** A part of the context, with the question before it. */
interface Window {
  readonly encoded: EncodedPair
  readonly pieces: readonly Piece[]
}

/** Question and context -> the part of the context that answers it; long contexts are read in overlapping windows. */
export const questionAnswering = async (
  files: TaskFiles,
  signature: Promise<Signature> | Signature,
): Promise<LoadedTask> => {
  const [tokenizerFor, known] = await Promise.all([loadTokenizer(files), signature])
  const inputs = tokenInputs(known.inputs, 'question-answering', files)
  const tokenizer = tokenizerFor(inputs.fixedTokens)
  const logits = (name: string) => floatOutput(known, { names: [name], rank: 2, axes: '[rows, tokens]' }).name
  const names = { start: logits('start_logits'), end: logits('end_logits') }
  const read = { start: logitsReader(files, names.start), end: logitsReader(files, names.end) }
  const cut = windowCutter(tokenizer)
  return {
    fields: ['question', 'context'],
    lists: [],
    parameters: [
      'top_k',
      'max_answer_len',
      'max_seq_len',
      'doc_stride',
      'handle_impossible_answer',
      'align_to_words',
    ],
    endpoint: undefined,
    outputs: [
      perItem('answer'),
      perItem('score', 'FP32'),
      perItem('start', 'INT64'),
      perItem('end', 'INT64'),
      perItem('answers'),
    ],
    read: (members, pathOf) => {
      const question = readText(members['question'], pathOf('question'))
      const context = readText(members['context'], pathOf('context'))
      const options = readOptions(members, pathOf, tokenizer.maxTokens)
      const prepared = (windows: readonly Window[]): Prepared => ({
        rows: windows.map(({ encoded }) => inputs.row(encoded, tokenizer)),
        tokens: windows.reduce((sum, { encoded }) => sum + encoded.ids.length, 0),
        postprocess: async (outputs) => {
          const found = await inTurns(
            [...outputs.entries()],
            ([index, row]) => {
              const window = windows[index] as Window
              return windowAnswers(scoredWindow(row, window, read, tokenizer), options)
            },
            { atATime: 16, nowMs: systemClock.nowMs },
          )
          return result(best(context, windows, found, options), options.topK)
        },
      })
      return () =>
        after(tokenizer.idsOf(question, undefined, pathOf('question')), (ids) =>
          after(tokenizer.pieces(context, undefined, pathOf('context')), (pieces) =>
            prepared(cut(ids, pieces, options, pathOf)),
          ),
        )
    },
    warmup: () => warmup(tokenizer, inputs),
  }
}

const warmup = (tokenizer: Tokenizer, inputs: TokenInputs): Reading<NamedTensors> =>
  after(readAll(['warm', 'up'], tokenizer.idsOf), ([first = [], second = []]) =>
    inputs.row(tokenizer.framePair(first, second), tokenizer),
  )

const readOptions = (members: Members, pathOf: PathOf, modelTokens: number): Options => {
  const { whole, flag } = parameterReader(members, pathOf)
  const range = { from: 1, to: modelTokens }
  const maxTokens = whole('max_seq_len', range, Math.min(modelTokens, windowTokens))
  return {
    topK: whole('top_k', { from: 1, to: 100 }, 1),
    maxAnswerTokens: whole('max_answer_len', range, 15),
    maxTokens,
    overlapTokens: whole(
      'doc_stride',
      { from: 0, to: maxTokens },
      Math.min(Math.floor(maxTokens / 2), overlapTokens),
    ),
    nothing: flag('handle_impossible_answer', false),
    wholeWords: flag('align_to_words', true),
  }
}

const windowCutter =
  (tokenizer: Tokenizer) =>
  (ids: readonly number[], pieces: readonly Piece[], options: Options, pathOf: PathOf): readonly Window[] => {
    const room = options.maxTokens - tokenizer.added.framePair - ids.length
    if (room < 1)
      throw new Failure(
        'invalid',
        `${pathOf('question')} has ${ids.length} tokens, which leaves no room for the context within ${options.maxTokens}; ask a shorter one`,
        { field: pathOf('question') },
      )
    const rules = { room, overlap: options.overlapTokens }
    const fields = { textField: pathOf('context'), overlapField: pathOf('doc_stride') }
    return windowsOf(pieces, { ...rules, ...fields }).map((own) => {
      const encoded = tokenizer.framePair(
        ids,
        own.map(({ id }) => id),
      )
      return { encoded, pieces: own }
    })
  }

type LogitsReader = (outputs: NamedTensors) => ArrayLike<number>

/** Where the graph ends in a softmax over all tokens, its logarithm: the answer's own softmax is over the context alone. */
const logitsReader = ({ graph }: TaskFiles, name: string): LogitsReader =>
  graph?.endings.has(name)
    ? (outputs) => Float64Array.from(numbersOf(outputs, name), Math.log)
    : (outputs) => numbersOf(outputs, name)

const scoredWindow = (
  outputs: NamedTensors,
  { encoded, pieces }: Window,
  read: { readonly start: LogitsReader; readonly end: LogitsReader },
  { clsId }: Tokenizer,
): ScoredWindow => ({
  start: read.start(outputs),
  end: read.end(outputs),
  contextAt: encoded.secondAt,
  contextTokens: pieces.length,
  nullAt: encoded.ids.flatMap((id, index) => (id === clsId ? [index] : [])),
})

const windowAnswers = (scored: ScoredWindow, { topK, maxAnswerTokens, wholeWords }: Options): WindowAnswers =>
  // Some candidates become the same once they are widened to whole words.
  answersOf(scored, wholeWords ? topK * 2 + 10 : topK, maxAnswerTokens)

/** The likeliest answers of all windows; what is the same answer twice adds up. */
const best = (
  context: string,
  windows: readonly Window[],
  windowsFound: readonly WindowAnswers[],
  { topK, nothing, wholeWords }: Options,
): readonly Answer[] => {
  const place = codePointCounter(context)
  const answers = new Map<string, Answer>()
  let nullScore = Number.POSITIVE_INFINITY
  for (const [index, found] of windowsFound.entries()) {
    nullScore = Math.min(nullScore, found.nullScore)
    for (const { from, to, score } of found.spans) {
      const [start, end] = placeOf((windows[index] as Window).pieces, from, to, wholeWords)
      const answer = context.slice(start, end)
      const same = answers.get(answer.toLowerCase())
      const merged = same
        ? { ...same, score: same.score + score }
        : { answer, score, start: place(start), end: place(end) }
      answers.set(answer.toLowerCase(), merged)
    }
  }
  const all = [...answers.values()]
  if (nothing) all.push({ answer: '', score: nullScore, start: 0, end: 0 })
  return all.sort((one, other) => other.score - one.score).slice(0, topK)
}

/** UTF-16 units of the context from token `from` to token `to`, or of the words that they belong to. */
const placeOf = (
  pieces: readonly Piece[],
  from: number,
  to: number,
  wholeWords: boolean,
): readonly [start: number, end: number] => {
  let [first, last] = [from, to]
  const sameWord = (one: number, other: number): boolean => pieces[one]?.word === pieces[other]?.word
  while (wholeWords && first > 0 && sameWord(first - 1, first)) first -= 1
  while (wholeWords && last < pieces.length - 1 && sameWord(last + 1, last)) last += 1
  return [pieces[first]?.start ?? 0, pieces[last]?.end ?? 0]
}

const result = (answers: readonly Answer[], topK: number): TaskResult => {
  const [first = { answer: '', score: 0, start: 0, end: 0 }] = answers
  const shape = [1]
  return {
    answer: () => (topK === 1 ? first : { answers }),
    tensors: () =>
      new Map<string, Tensor>([
        ['answer', { dtype: 'BYTES', shape, data: [first.answer] }],
        ['score', { dtype: 'FP32', shape, data: Float32Array.of(first.score) }],
        ['start', { dtype: 'INT64', shape, data: BigInt64Array.of(BigInt(first.start)) }],
        ['end', { dtype: 'INT64', shape, data: BigInt64Array.of(BigInt(first.end)) }],
        ['answers', { dtype: 'BYTES', shape, data: [JSON.stringify(answers)] }],
      ]),
  }
}
