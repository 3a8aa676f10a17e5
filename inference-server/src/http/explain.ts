/** POST …/explain: why a model answers as it does. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, Response } from 'express'
import type { Explainer } from '../explain/explainer.ts'
import type { Brought, Explanation } from '../explain/explaining.ts'
import { asFailure } from '../failures/errors.ts'
import type { Served } from '../inference/served.ts'
import { checkAnswer } from '../requests/answer-size.ts'
import type { AnswersInFlight } from '../requests/answers-in-flight.ts'
import type { Bodies } from '../requests/bodies.ts'
import { jsonText } from '../requests/json-text.ts'
import { serverTiming } from '../requests/timings.ts'
import type { Registry } from '../versions/registry.ts'
import { readBody } from './body.ts'
import { httpCaller } from './caller.ts'
import { checkJsonType } from './content-type.ts'
import type { HttpRecords } from './records.ts'
import { jsonType, reply, replyFailure } from './reply.ts'
import { isMedia, readUpload } from './upload.ts'

export interface ExplainOptions {
  readonly explainer: () => Promise<Explainer>
  readonly registry: Registry
  readonly bodies: Bodies
  /** Most bytes of an answer as JSON. */
  readonly maxAnswerBytes: number
  readonly answers: AnswersInFlight
  readonly records: HttpRecords
  readonly nowMs: () => number
}

const pngType: readonly string[] = ['content-type', 'image/png']

const broughtBy = async (request: IncomingMessage, { task }: Served, bodies: Bodies): Promise<Brought> => {
  if (task?.fields.includes('image') && isMedia(request))
    return { kind: 'form', ...(await readUpload(request, bodies)) }
  checkJsonType(request.headers)
  return { kind: 'json', json: await readBody(request, bodies) }
}

/** Whether the caller wants the picture rather than JSON around it. */
const wantsPicture = ({ headers: { accept } }: IncomingMessage): boolean =>
  accept !== undefined && /\bimage\/(png|\*)/i.test(accept) && !/\bapplication\/json\b/i.test(accept)

const contentOf = ({ members, picture }: Explanation, request: IncomingMessage) => {
  if (!picture) return { content: jsonText(members), type: jsonType }
  if (wantsPicture(request)) return { content: picture, type: pngType }
  return { content: jsonText({ ...members, picture: picture.toString('base64') }), type: jsonType }
}

export const explainHandler =
  ({ explainer, registry, bodies, maxAnswerBytes, answers, records, nowMs }: ExplainOptions) =>
  async (request: Request, response: Response & ServerResponse): Promise<void> => {
    const startedMs = nowMs()
    const caller = httpCaller(response)
    const { name, version } = request.params as { readonly name?: string; readonly version?: string }
    try {
      const served = name === undefined ? registry.ready() : registry.find(name, version)
      caller.usage.model = served.model
      const work = async () => {
        const { explain } = await explainer()
        return explain(served, await broughtBy(request, served, bodies), caller)
      }
      const explanation = await served.callers.during(() => served.explanations.during(work))
      const { content, type } = contentOf(explanation, request)
      checkAnswer(content.length, maxAnswerBytes)
      answers.enter(response, content.length)
      caller.timings.totalMs = nowMs() - startedMs
      reply(response, 200, content, [...type, ...serverTiming(caller.timings)])
      records.answered('explain', caller, request)
    } catch (error) {
      const failure = asFailure(error)
      records.failed('explain', failure, request, caller)
      replyFailure(request, response, failure)
    }
  }
