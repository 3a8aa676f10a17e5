/** One inference over gRPC, alone or out of a stream: answered, counted, logged, traced. */
import type { Metadata } from '@grpc/grpc-js'
import { asFailure, Failure } from '../failures/errors.ts'
import { runInfer } from '../inference/infer.ts'
import type { Served } from '../inference/served.ts'
import { createRequestRecords, type RequestRecordsOptions } from '../observability/request-records.ts'
import type { Caller } from '../requests/caller.ts'
import { newTimings } from '../requests/timings.ts'
import type { Trace } from '../requests/traceparent.ts'
import { newUsage } from '../requests/usage.ts'
import type { ApiKeys } from '../security/api-keys.ts'
import type { NamedTensors } from '../tensors/tensor.ts'
import type { Registry } from '../versions/registry.ts'
import { decodeGrpc, encodeGrpc, type GrpcInfer } from './convert.ts'
import { admitCall, contentsOf, headerOf } from './exchange.ts'
import type { ModelInferRequest, ModelInferResponse } from './messages.ts'
import { statusName } from './status.ts'

export interface InferenceOptions extends RequestRecordsOptions {
  readonly registry: Registry
  /** undefined: calls need no API key. */
  readonly apiKeys: ApiKeys | undefined
}

/** A call with its metadata and callbacks. */
export interface InferCall {
  readonly metadata: Metadata
  /** Whether the call was cancelled. */
  readonly gone: () => boolean
  readonly onTrace?: (trace: Trace) => void
  /** Takes the pieces of a text, where its request asks for them; its answer is then what comes after the last one. */
  readonly onPiece?: (piece: ModelInferResponse) => void
}

/** @throws Failure */
export type Inference = (request: ModelInferRequest, call: InferCall) => Promise<ModelInferResponse>

export interface Inferences {
  readonly infer: Inference
  /** A call has been refused before its request was read. */
  readonly refused: (failure: Failure, metadata: Metadata) => void
}

interface Answer {
  readonly whole: ModelInferResponse
  /** The last message of the answer. */
  readonly rest: ModelInferResponse
  /** The tensors in it, for the request log. */
  readonly outputs: NamedTensors
}

/**
 * The name of the output that the request wants piece by piece; undefined where it does not, or its model writes no text.
 * @throws Failure invalid
 */
const piecewise = ({ task }: Served, { parameters, items, inputs }: GrpcInfer): string | undefined => {
  const { stream = false } = parameters
  if (typeof stream !== 'boolean')
    throw new Failure('invalid', 'stream has to be true or false', { field: 'stream' })
  if (!stream || !items || !task?.textModel) return undefined
  const [main = ''] = task.fields
  if (inputs.get(main)?.data.length === 1) return task.outputs[0]?.name
  throw new Failure('invalid', 'one text at a time comes in pieces; send each in a request of its own', {
    field: main,
  })
}

/** A call as it is recorded. */
interface Call {
  /** undefined where the call was refused before its request was read. */
  readonly request?: ModelInferRequest
  answer?: Answer
}

const answerOf = async (
  { registry, nowMs }: InferenceOptions,
  request: ModelInferRequest,
  caller: Caller,
  onPiece: InferCall['onPiece'],
): Promise<Answer> => {
  const { timings } = caller
  const startedMs = nowMs()
  const served = registry.find(request.model_name ?? '', request.model_version || undefined)
  const { name: modelName, version: modelVersion } = served.model
  caller.usage.model = served.model
  const decoded = decodeGrpc(request, { signature: served.model, items: served.task })
  const output = onPiece && piecewise(served, decoded)
  const pieceOf = (text: string): ModelInferResponse =>
    encodeGrpc({
      modelName,
      modelVersion,
      request: decoded,
      outputs: new Map([[String(output), { dtype: 'BYTES', shape: [1], data: [text] }]]),
    })
  const writer: Caller =
    output === undefined ? caller : { ...caller, onPiece: (text) => onPiece?.(pieceOf(text)) }
  timings.preprocessMs = nowMs() - startedMs
  const outputs = await served.callers.during(() => runInfer(served, decoded, writer))
  const answeredMs = nowMs()
  const whole = encodeGrpc({ modelName, modelVersion, request: decoded, outputs })
  timings.postprocessMs += nowMs() - answeredMs
  timings.totalMs = nowMs() - startedMs
  return { rest: output === undefined ? whole : pieceOf(''), whole, outputs }
}

export const createInference = (options: InferenceOptions): Inferences => {
  const { apiKeys } = options
  const records = createRequestRecords<Call>(options, {
    entry: ({ request, answer }, contents) => (contents && request ? contentsOf(request, answer) : {}),
    fields: () => ({ endpoint: 'grpc' }),
    rpcStatus: statusName,
  })
  const begin = (metadata: Metadata) => records.begin(headerOf(metadata, 'traceparent'))

  return {
    refused: (failure, metadata) => records.failed('grpc', failure, {}, begin(metadata)),
    infer: async (request, { metadata, gone, onTrace, onPiece }) => {
      const exchange = begin(metadata)
      if (exchange) onTrace?.(exchange.trace)
      const caller: Caller = { timings: newTimings(), usage: newUsage(), gone }
      const call: Call = { request }
      try {
        const keyName = admitCall(metadata, apiKeys)
        if (exchange) exchange.caller = keyName
        call.answer = await answerOf(options, request, caller, onPiece)
        records.answered('grpc', caller, call, exchange)
        return call.answer.rest
      } catch (error) {
        const failure = asFailure(error)
        records.failed('grpc', failure, call, exchange, caller)
        throw failure
      }
    },
  }
}
