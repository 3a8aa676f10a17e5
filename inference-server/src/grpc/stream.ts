/**
 * ModelStreamInfer: requests that come in one stream are answered in another, each as soon as it is done, in whatever
 * order. One that fails is answered by an error and ends nothing. The stream ends when the caller has sent all and has
 * been answered, when the caller leaves, or when the server shuts down: then what has been read is still answered.
 */
import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js'
import type { ApiKeys } from '../api-keys.ts'
import { asFailure, Failure } from '../errors.ts'
import type { Health } from '../health.ts'
import type { Metrics } from '../metrics.ts'
import { admitCall } from './exchange.ts'
import type { Inference } from './inference.ts'
import type { ModelInferRequest, ModelInferResponse, ModelStreamInferResponse } from './messages.ts'
import { sentenceOf, statusOf } from './status.ts'

export interface StreamOptions {
  readonly infer: Inference
  readonly health: Health
  readonly metrics: Metrics
  readonly apiKeys: ApiKeys | undefined
}

/** Most requests of one stream that are read and not yet answered: enough to fill batches. The others wait unread. */
const mostInFlight = 64

/** How often a stream looks whether the server shuts down. */
const lookMs = 500

type Call = ServerDuplexStream<ModelInferRequest, ModelStreamInferResponse>

/** As Triton marks the responses of one request. */
const marked = (answer: ModelInferResponse, isLast: boolean): ModelStreamInferResponse => ({
  infer_response: { ...answer, parameters: { triton_final_response: { bool_param: isLast } } },
})

/** Says whose error it is; the answer itself has nothing in it. */
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

/** Writes for as long as somebody reads, and tells when what was written has left. */
const writerTo = (call: Call) => {
  let drained: PromiseWithResolvers<void> | undefined
  const release = (): void => {
    drained?.resolve()
    drained = undefined
  }
  call.on('drain', release)
  call.on('cancelled', release)
  return {
    write: (message: ModelStreamInferResponse): void => {
      if (!call.cancelled) call.write(message)
    },
    drained: async (): Promise<void> => {
      if (call.cancelled || !call.writableNeedDrain) return
      drained ??= Promise.withResolvers()
      await drained.promise
    },
  }
}

const converse = (call: Call, { infer, health }: StreamOptions): void => {
  const { metadata } = call
  const { write, drained } = writerTo(call)
  let inFlight = 0
  let sentAll = false

  const isClosing = (): boolean => health.phase() === 'closing'
  const endIfDone = (): void => {
    if (inFlight > 0) return
    if (sentAll) call.end()
    else if (isClosing()) {
      clearInterval(timer)
      const failure = new Failure('unavailable', 'the server is shutting down, try again')
      call.emit('error', statusOf(failure, metadata))
    }
  }
  const timer = setInterval(() => {
    if (!isClosing()) return
    call.pause()
    endIfDone()
  }, lookMs)
  call.once('close', () => clearInterval(timer))

  const answer = async (request: ModelInferRequest): Promise<void> => {
    try {
      const last = await infer(request, {
        metadata,
        gone: () => call.cancelled,
        onPiece: (piece) => write(marked(piece, false)),
      })
      write(marked(last, true))
    } catch (error) {
      write(refusal(request, sentenceOf(asFailure(error), metadata)))
    }
    await drained()
  }
  const take = async (request: ModelInferRequest): Promise<void> => {
    inFlight += 1
    if (inFlight === mostInFlight) call.pause()
    await answer(request)
    inFlight -= 1
    if (!isClosing()) call.resume()
    endIfDone()
  }

  call.on('data', (request: ModelInferRequest) => void take(request))
  call.on('end', () => {
    sentAll = true
    endIfDone()
  })
  call.on('cancelled', () => clearInterval(timer))
}

export const streamInfer =
  (options: StreamOptions): handleBidiStreamingCall<ModelInferRequest, ModelStreamInferResponse> =>
  (call) => {
    try {
      admitCall(call.metadata, options.apiKeys)
    } catch (error) {
      const failure = asFailure(error)
      options.metrics.failed('grpc', failure.kind, undefined)
      call.emit('error', statusOf(failure, call.metadata))
      return
    }
    converse(call, options)
  }
