/** What OpenAI's clients read: completions, chat completions, their chunks, models and errors. */
import type { Failure } from '../failures/errors.ts'
import type { WrittenText } from '../generation/generator.ts'
import type { Usage as RequestUsage } from '../requests/usage.ts'

/** One generated text of an answer. */
export interface Choice {
  readonly index: number
  readonly text: string
  readonly ending: WrittenText['ending']
}

type Usage = Pick<RequestUsage, 'promptTokens' | 'newTokens'>

/** Members that all chunks of one answer share. */
export interface AnswerHead {
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
}

/** One of the two kinds of completion. */
export interface AnswerForm {
  /** Prefix of the ids. */
  readonly prefix: string
  readonly whole: (head: AnswerHead, choices: readonly Choice[], usage: Usage) => unknown
  /** The chunk before the first piece of a choice, for kinds that have one. */
  readonly first: ((head: AnswerHead, index: number) => unknown) | undefined
  readonly piece: (head: AnswerHead, index: number, text: string) => unknown
  readonly last: (head: AnswerHead, choice: Pick<Choice, 'index' | 'ending'>) => unknown
  readonly usage: (head: AnswerHead, usage: Usage) => unknown
}

const finishReason = (ending: WrittenText['ending']): 'stop' | 'length' =>
  ending === 'length' ? 'length' : 'stop'

const usageOf = ({ promptTokens, newTokens }: Usage) => ({
  prompt_tokens: promptTokens,
  completion_tokens: newTokens,
  total_tokens: promptTokens + newTokens,
})

/** Usage of a call that generates no tokens, such as embeddings. */
export const modelUsage = (promptTokens: number) => ({
  prompt_tokens: promptTokens,
  total_tokens: promptTokens,
})

const completion = (head: AnswerHead, choices: readonly unknown[]) => ({
  object: 'text_completion',
  ...head,
  choices,
})

const completionChoice = (index: number, text: string, ending?: WrittenText['ending']) => ({
  index,
  text,
  logprobs: null,
  finish_reason: ending ? finishReason(ending) : null,
})

/** POST /v1/completions. */
export const completionForm: AnswerForm = {
  prefix: 'cmpl-',
  whole: (head, choices, usage) => ({
    ...completion(
      head,
      choices.map(({ index, text, ending }) => completionChoice(index, text, ending)),
    ),
    usage: usageOf(usage),
  }),
  first: undefined,
  piece: (head, index, text) => completion(head, [completionChoice(index, text)]),
  last: (head, { index, ending }) => completion(head, [completionChoice(index, '', ending)]),
  usage: (head, usage) => ({ ...completion(head, []), usage: usageOf(usage) }),
}

const chunk = (head: AnswerHead, choices: readonly unknown[]) => ({
  object: 'chat.completion.chunk',
  ...head,
  choices,
})

const delta = (index: number, content: object, ending?: WrittenText['ending']) => ({
  index,
  delta: content,
  logprobs: null,
  finish_reason: ending ? finishReason(ending) : null,
})

/** POST /v1/chat/completions. */
export const chatForm: AnswerForm = {
  prefix: 'chatcmpl-',
  whole: (head, choices, usage) => ({
    object: 'chat.completion',
    ...head,
    choices: choices.map(({ index, text, ending }) => ({
      index,
      message: { role: 'assistant', content: text, refusal: null },
      logprobs: null,
      finish_reason: finishReason(ending),
    })),
    usage: usageOf(usage),
  }),
  first: (head, index) => chunk(head, [delta(index, { role: 'assistant', content: '' })]),
  piece: (head, index, text) => chunk(head, [delta(index, { content: text })]),
  last: (head, { index, ending }) => chunk(head, [delta(index, {}, ending)]),
  usage: (head, usage) => ({ ...chunk(head, []), usage: usageOf(usage) }),
}

/** An entry of GET /v1/models. @param created seconds since 1970 */
export const modelEntry = (name: string, created: number) => ({
  id: name,
  object: 'model',
  created,
  owned_by: 'gantry',
})

const errorTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
}

/** Body of a failure, in the form in which OpenAI's clients find the sentence. */
export const openaiFailure = ({ status, kind, message, field }: Failure) => ({
  error: {
    message,
    type: errorTypes[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
    param: field ?? null,
    code: kind,
  },
})
