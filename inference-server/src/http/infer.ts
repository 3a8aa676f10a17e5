import type { IncomingMessage, ServerResponse } from 'node:http'
import { Failure } from '../failures/errors.ts'
import { runInfer } from '../inference/infer.ts'
import type { Served } from '../inference/served.ts'
import { decodeInfer, encodeInfer, headerLengthName } from '../protocol/protocol.ts'
import { checkAnswer, isLarge } from '../requests/answer-size.ts'
import type { AnswersInFlight } from '../requests/answers-in-flight.ts'
import type { Bodies } from '../requests/bodies.ts'
import type { Caller } from '../requests/caller.ts'
import { serverTiming } from '../requests/timings.ts'
import { freeing } from '../tensors/tensor-memory.ts'
import { readBody } from './body.ts'
import { checkJsonType } from './content-type.ts'
import { jsonType, reply } from './reply.ts'

export interface InferOptions {
  readonly bodies: Bodies
  readonly maxAnswerBytes: number
  readonly answers: AnswersInFlight
  readonly nowMs: () => number
  readonly caller: Caller
}

/** Content types of requests with binary tensors. */
const binaryTypes = /^application\/(?:octet-stream|vnd\.)/i

const headerLengthOf = (value: string | string[] | undefined): number | undefined => {
  if (value === undefined) return undefined
  const length = Number(value)
  if (typeof value === 'string' && /^\d+$/.test(value) && Number.isSafeInteger(length)) return length
  throw new Failure(
    'malformed',
    'Inference-Header-Content-Length must be the number of bytes of the JSON part',
  )
}

/** Answers one POST …/infer, and fills in its caller's timings. @throws Failure */
export const infer = async (
  served: Served,
  request: IncomingMessage,
  response: ServerResponse,
  { bodies, maxAnswerBytes, answers, nowMs, caller }: InferOptions,
): Promise<void> => {
  const startedMs = nowMs()
  checkJsonType(request.headers, binaryTypes)
  const headerLength = headerLengthOf(request.headers[headerLengthName])
  const body = await readBody(request, bodies)
  const readMs = nowMs()
  const decoded = decodeInfer(body, headerLength, {
    signature: served.model,
    items: served.task,
  })
  // Pictures among items are read by other threads, which may outlast the answer.
  const done = decoded.items ? undefined : freeing(body)
  if (done) caller.whenSent?.(done)
  const { timings } = caller
  timings.preprocessMs = nowMs() - readMs
  const outputs = await runInfer(served, decoded, caller)
  const answeredMs = nowMs()
  const { name: modelName, version: modelVersion } = served.model
  const answer = { modelName, modelVersion, request: decoded, outputs }
  const { content, headerLength: answerHeaderLength } = isLarge(outputs)
    ? await (await import('../protocol/large-answer.ts')).encodeLargeInfer(answer, maxAnswerBytes)
    : encodeInfer(answer)
  if (answerHeaderLength === undefined) checkAnswer(content.length, maxAnswerBytes)
  answers.enter(response, content.length)
  const endedMs = nowMs()
  timings.postprocessMs += endedMs - answeredMs
  timings.totalMs = endedMs - startedMs
  const type =
    answerHeaderLength === undefined
      ? jsonType
      : ['content-type', 'application/octet-stream', headerLengthName, String(answerHeaderLength)]
  reply(response, 200, content, [...type, ...serverTiming(timings)])
}
