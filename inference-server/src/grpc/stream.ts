/**
 * ModelStreamInfer: requests that come in one stream are answered in another, each as soon as it is done, in any
 * order. One that fails is answered by an error and ends nothing. The stream ends when the caller has sent all and has
 * been answered, when the caller leaves, or when the server shuts down: then what has been read is still answered.
 */
import type { handleBidiStreamingCall, Metadata, ServerDuplexStream } from '@grpc/grpc-js'
import { asFailure, Failure } from '../failures/errors.ts'
import type { Health } from '../observability/health.ts'
import type { AnswersInFlight } from '../requests/answers-in-flight.ts'
import { answerBytes } from './convert.ts'
import { decodeInferRequest } from './infer-request.ts'
import type { Inference } from './inference.ts'
import type { Received } from './intake.ts'
import type { ModelInferRequest, ModelInferResponse, ModelStreamInferResponse } from './messages.ts'
import { sentenceOf, statusOf } from './status.ts'

export interface StreamOptions {
  readonly infer: Inference
  readonly health: Health
  readonly answers: AnswersInFlight
  /** Most bytes of one message, and of what its contents take as tensors. */
  readonly limitBytes: number
  /** Whether the connection is so old that it takes no more requests. */
  readonly isLeaving: (metadata: Metadata) => boolean
}

/** Most requests of one stream that are read and not yet answered: enough to fill batches. The others wait unread. */
const mostInFlight = 64

/** How often a stream checks whether the server shuts down, milliseconds. */
const lookMs = 500

type Call = ServerDuplexStream<Received, ModelStreamInferResponse>

/** Adds Triton's mark for the responses of one request. */
const marked = (answer: ModelInferResponse, isLast: boolean): ModelStreamInferResponse => ({
  infer_response: { ...answer, parameters: { triton_final_response: { bool_param: isLast } } },
})

/** The message of a failed request: the sentence, and a response that holds only its name, version and id. */
const refusal = (request: ModelInferRequest, sentence: string): ModelStreamInferResponse => ({
  error_message: sentence,
  ...marked(
    {
      model_name: request.model_name ?? '',
      model_version: request.model_version ?? '',
      id: request.id ?? '',
      outputs: [],
      raw_output_contents: [],
    },
    true,
  ),
})

/** Writes as long as the client reads, and tells when what was written has left. */
const writerTo = (call: Call) => {
  let drained: PromiseWithResolvers<void> | undefined
  const release = (): void => {
    drained?.resolve()
    drained = undefined
  }
  const unsent = new Set<() => void>()
  call.once('close', () => {
    for (const whenGone of unsent) whenGone()
  })
  call.on('drain', release)
  call.on('cancelled', release)
  return {
    /** @param whenGone is called when the message has been sent, or the call was cancelled */
    write: (message: ModelStreamInferResponse, whenGone?: () => void): void => {
      if (call.cancelled) {
        whenGone?.()
        return
      }
      if (whenGone) unsent.add(whenGone)
      call.write(message, () => {
        if (whenGone && unsent.delete(whenGone)) whenGone()
      })
    },
    drained: async (): Promise<void> => {
      if (call.cancelled || !call.writableNeedDrain) return
      drained ??= Promise.withResolvers()
      await drained.promise
    },
  }
}

const converse = (call: Call, { infer, health, answers, limitBytes, isLeaving }: StreamOptions): void => {
  const { metadata } = call
  const { write, drained } = writerTo(call)
  let inFlight = 0
  let sentAll = false

  /** @returns why no more requests are read; undefined while they are */
  const leaving = (): string | undefined => {
    if (health.phase() === 'closing') return 'the server is shutting down, try again'
    return isLeaving(metadata) ? 'the connection has been open for long; go on in a new stream' : undefined
  }
  const endIfDone = (): void => {
    if (inFlight > 0) return
    const reason = leaving()
    if (sentAll) call.end()
    else if (reason !== undefined) {
      clearInterval(timer)
      call.emit('error', statusOf(new Failure('unavailable', reason), metadata))
    }
  }
  const timer = setInterval(() => {
    if (leaving() === undefined) return
    call.pause()
    endIfDone()
  }, lookMs)
  call.once('close', () => clearInterval(timer))

  const answer = async (message: Buffer): Promise<void> => {
    let request: ModelInferRequest = {}
    try {
      request = decodeInferRequest(message, limitBytes)
      const last = await infer(request, {
        metadata,
        gone: () => call.cancelled,
        onPiece: (piece) => write(marked(piece, false)),
      })
      write(marked(last, true), answers.hold(answerBytes(last)))
    } catch (error) {
      write(refusal(request, sentenceOf(asFailure(error), metadata)))
    }
    await drained()
  }
  const take = async ({ message, done }: Received): Promise<void> => {
    inFlight += 1
    if (inFlight === mostInFlight) call.pause()
    await answer(message)
    inFlight -= 1
    done()
    if (leaving() === undefined) call.resume()
    endIfDone()
  }

  call.on('data', (received: Received) => void take(received))
  call.on('end', () => {
    sentAll = true
    endIfDone()
  })
  call.on('cancelled', () => clearInterval(timer))
}

export const streamInfer =
  (options: StreamOptions): handleBidiStreamingCall<Received, ModelStreamInferResponse> =>
  (call) =>
    converse(call, options)
