/** One inference over gRPC, alone or out of a stream: answered, counted, logged, traced. */
import type { Metadata } from '@grpc/grpc-js'
import { asFailure, Failure } from '../failures/errors.ts'
import { runInfer } from '../inference/infer.ts'
import type { Served } from '../inference/served.ts'
import { logFailure } from '../observability/failure-log.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Log } from '../process/log.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import type { Caller } from '../requests/caller.ts'
import { newTimings } from '../requests/timings.ts'
import type { Trace } from '../requests/traceparent.ts'
import { newUsage } from '../requests/usage.ts'
import type { ApiKeys } from '../security/api-keys.ts'
import type { NamedTensors } from '../tensors/tensor.ts'
import type { Tracing } from '../tracing/tracing.ts'
import type { Registry } from '../versions/registry.ts'
import { decodeGrpc, encodeGrpc, type GrpcInfer } from './convert.ts'
import { admitCall, contentsOf, traceOf } from './exchange.ts'
import type { ModelInferRequest, ModelInferResponse } from './messages.ts'
import { statusName } from './status.ts'

export interface InferenceOptions {
  readonly metrics: Metrics
  readonly registry: Registry
  readonly nowMs: () => number
  readonly log: Log
  /** undefined: everybody may ask. */
  readonly apiKeys: ApiKeys | undefined
  readonly requestLog: RequestLog | undefined
  readonly tracing: Tracing | undefined
}

/** What a request came with, and where it goes on. */
export interface InferCall {
  readonly metadata: Metadata
  /** Whether nobody waits any more. */
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
  /** What is still to be sent of it. */
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

/** How a call ended, in the words of HTTP. */
const outcomeOf = ({ timings }: Caller, failure: Failure | undefined) =>
  failure ? { status: failure.status, kind: failure.kind } : { status: 200, timings }

export const createInference = (options: InferenceOptions): Inferences => {
  const { metrics, registry, nowMs, log, apiKeys, requestLog, tracing } = options

  const answer = async (
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

  const refused: Inferences['refused'] = (failure, metadata) => {
    const trace = traceOf(metadata, { requestLog, tracing })
    metrics.failed('grpc', failure.kind, undefined)
    logFailure(log, failure, { endpoint: 'grpc', traceId: trace?.traceId })
    if (!trace) return
    const { status, kind } = failure
    const shared = { at: Date.now(), endpoint: 'grpc', trace, status, kind } as const
    if (requestLog?.samples(trace)) requestLog.record(shared)
    tracing?.record({ ...shared, durationMs: 0, usage: newUsage(), rpcStatus: statusName(failure) })
  }

  const infer: Inference = async (request, { metadata, gone, onTrace, onPiece }) => {
    const startedMs = nowMs()
    const trace = traceOf(metadata, { requestLog, tracing })
    if (trace) onTrace?.(trace)
    let keyName: string | undefined
    const caller: Caller = { timings: newTimings(), usage: newUsage(), gone }
    const record = (failure?: Failure, answer?: Answer): void => {
      if (!trace) return
      const shared = { at: Date.now(), endpoint: 'grpc', trace, ...outcomeOf(caller, failure) } as const
      if (requestLog?.samples(trace)) {
        const { model } = caller.usage
        const contents = requestLog.contents ? contentsOf(request, answer) : {}
        requestLog.record({
          ...shared,
          ...(model && { version: model.version, declared: model.declared }),
          caller: keyName,
          ...contents,
        })
      }
      const durationMs = nowMs() - startedMs
      tracing?.record({ ...shared, durationMs, usage: caller.usage, rpcStatus: statusName(failure) })
    }
    try {
      keyName = admitCall(metadata, apiKeys)
      const answered = await answer(request, caller, onPiece)
      metrics.answered('grpc', caller)
      record(undefined, answered)
      return answered.rest
    } catch (error) {
      const failure = asFailure(error)
      metrics.failed('grpc', failure.kind, caller.usage.model?.version)
      record(failure)
      logFailure(log, failure, { endpoint: 'grpc', traceId: trace?.traceId })
      throw failure
    }
  }
  return { infer, refused }
}
