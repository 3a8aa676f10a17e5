/** OpenAI's completions, whole or piece by piece as server-sent events, and embeddings. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Failure } from '../failures/errors.ts'
import type { TextModel } from '../generation/text-model.ts'
import type { Served } from '../inference/served.ts'
import { isObject, withoutNulls } from '../json/json-object.ts'
import { type AnswerForm, type AnswerHead, type Choice, chatForm, completionForm } from '../openai/answer.ts'
import { embeddingsAnswer, readEmbeddings } from '../openai/embeddings.ts'
import { readMessages, readPrompts } from '../openai/prompts.ts'
import { type CompletionPrompt, type CompletionRequest, readRequest } from '../openai/request.ts'
import { parseJson } from '../protocol/protocol.ts'
import type { AnswersInFlight } from '../requests/answers-in-flight.ts'
import type { Bodies } from '../requests/bodies.ts'
import type { Caller } from '../requests/caller.ts'
import type { Members } from '../requests/members.ts'
import { serverTiming } from '../requests/timings.ts'
import { readBody } from './body.ts'
import { checkJsonType } from './content-type.ts'
import { eventStream } from './event-stream.ts'
import { jsonType, reply, replyJson } from './reply.ts'

export interface OpenaiOptions {
  readonly bodies: Bodies
  /** Most bytes of an answer as JSON. */
  readonly maxAnswerBytes: number
  readonly answers: AnswersInFlight
  readonly nowMs: () => number
  readonly wallClock: () => Date
}

export type OpenaiHandler = (
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
) => Promise<void>

/** OpenAI's default for completions that set no length. */
const usualCompletionTokens = 16

const readMembers = async (request: IncomingMessage, bodies: Bodies): Promise<Members> => {
  checkJsonType(request.headers)
  const body = parseJson(await readBody(request, bodies))
  if (isObject(body)) return withoutNulls(body)
  throw new Failure('malformed', 'the body has to be a JSON object')
}

const notFor = ({ model }: Served): Failure => {
  const path = `/v2/models/${encodeURIComponent(model.name)}/infer`
  return new Failure('unknown-path', `model "${model.name}" has task ${model.task}; use /predict or ${path}`)
}

const textModelOf = (served: Served): TextModel => {
  if (served.task?.textModel) return served.task.textModel
  throw notFor(served)
}

/** OpenAI's clients name a model in every request; this server has one. */
const checkName = ({ model: asked }: Members, { model }: Served): void => {
  if (asked === undefined || asked === null || asked === model.name) return
  throw new Failure(
    'unknown-model',
    `there is no model ${JSON.stringify(asked)}; this server has "${model.name}"`,
    {
      field: 'model',
    },
  )
}

interface Parts {
  readonly model: TextModel
  readonly asked: CompletionRequest
  readonly caller: Caller
  /** Called with each piece of text of the choice with this index. */
  readonly onPiece: ((index: number, text: string) => void) | undefined
  readonly onChoice: ((choice: Choice) => void) | undefined
}

/** Generates all choices side by side; when one fails, the others are cancelled. */
const writeChoices = async ({ model, asked, caller, onPiece, onChoice }: Parts) => {
  const { timings, usage, gone } = caller
  let failed = false
  usage.promptTokens += asked.prompts.reduce((sum, { ids }) => sum + ids.length, 0)
  const writeOne = async ({ ids, echo, settings }: CompletionPrompt, index: number): Promise<Choice> => {
    // Each choice has a seed of its own, or equal prompts would be continued equally.
    const seed = settings.seed + (index % asked.choices)
    try {
      if (echo !== '') onPiece?.(index, echo)
      const written = await model.generator.write({
        promptIds: ids,
        settings: { ...settings, seed },
        stops: asked.stops,
        keepStop: false,
        gone: () => failed || gone?.() === true,
        ...(onPiece && { onPiece: (text: string) => onPiece(index, text) }),
      })
      usage.newTokens += written.ids.length
      timings.queueMs = Math.max(timings.queueMs, written.queueMs)
      timings.inferMs = Math.max(timings.inferMs, written.writeMs)
      const choice = { index, text: echo + written.text, ending: written.ending }
      onChoice?.(choice)
      return choice
    } catch (error) {
      failed = true
      throw error
    }
  }
  const prompts = asked.prompts.flatMap((prompt) => new Array<CompletionPrompt>(asked.choices).fill(prompt))
  const choices = await Promise.all(prompts.map(writeOne))
  return { choices, usage }
}

/** The handlers of POST /v1/completions, /v1/chat/completions and /v1/embeddings. @throws Failure, which may come when a stream has begun */
export const openaiHandlers = ({ bodies, maxAnswerBytes, answers, nowMs, wallClock }: OpenaiOptions) => {
  const streamed = async (
    response: ServerResponse,
    head: AnswerHead,
    form: AnswerForm,
    parts: Omit<Parts, 'onPiece' | 'onChoice'>,
  ): Promise<void> => {
    const { streamUsage } = parts.asked
    const { send, end } = eventStream(response, streamUsage)
    const begun = new Set<number>()
    const begin = (index: number): void => {
      if (begun.has(index)) return
      begun.add(index)
      if (form.first) send(form.first(head, index))
    }
    const { usage } = await writeChoices({
      ...parts,
      onPiece: (index, text) => {
        begin(index)
        send(form.piece(head, index, text))
      },
      onChoice: (choice) => {
        begin(choice.index)
        send(form.last(head, choice))
      },
    })
    if (streamUsage) send(form.usage(head, usage))
    end()
  }

  const handler =
    (
      form: AnswerForm,
      read: (members: Members, model: TextModel) => Promise<CompletionRequest>,
    ): OpenaiHandler =>
    async (served, request, response, caller) => {
      const model = textModelOf(served)
      const members = await readMembers(request, bodies)
      checkName(members, served)
      const asked = await read(members, model)
      const created = Math.floor(wallClock().getTime() / 1000)
      const head = { id: form.prefix + randomUUID().replaceAll('-', ''), created, model: served.model.name }
      if (asked.stream) {
        await streamed(response, head, form, { model, asked, caller })
        return
      }
      const { choices, usage } = await writeChoices({
        model,
        asked,
        caller,
        onPiece: undefined,
        onChoice: undefined,
      })
      replyJson(response, 200, form.whole(head, choices, usage), serverTiming(caller.timings))
    }

  const embeddings: OpenaiHandler = async (served, request, response, caller) => {
    const { model, task, predictor } = served
    if (!task || model.task !== 'feature-extraction') throw notFor(served)
    const members = await readMembers(request, bodies)
    checkName(members, served)
    const { items, base64 } = readEmbeddings(members, task)
    const results = await predictor.items(items, caller)
    const { promptTokens } = caller.usage
    const list = { mostBytes: maxAnswerBytes, field: 'input', nowMs }
    const answer = await embeddingsAnswer(model.name, results, { base64, promptTokens, ...list })
    answers.enter(response, answer.length)
    reply(response, 200, answer, [...jsonType, ...serverTiming(caller.timings)])
  }

  return {
    embeddings,
    completions: handler(completionForm, async (members, model) =>
      readRequest(members, await readPrompts(members, model), model, usualCompletionTokens),
    ),
    'chat/completions': handler(chatForm, async (members, model) =>
      readRequest(members, [await readMessages(members, model)], model, undefined),
    ),
  }
}
