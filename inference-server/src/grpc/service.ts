/** The gRPC services: GRPCInferenceService and grpc.health.v1.Health. Loaded with the first connection. */
import { fileURLToPath } from 'node:url'
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  loadPackageDefinition,
  Server,
  type ServerUnaryCall,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import type { ApiKeys } from '../api-keys.ts'
import { asFailure, Failure, type FailureKind } from '../errors.ts'
import { logFailure } from '../failure-log.ts'
import type { Health } from '../health.ts'
import { runInfer } from '../infer.ts'
import { sentenceFor } from '../language.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { Caller } from '../predict.ts'
import type { Registry } from '../registry.ts'
import type { RepositoryControl } from '../repository-control.ts'
import type { RequestLog } from '../request-log/request-log.ts'
import { modelMetadata, type Served, serverMetadata } from '../served.ts'
import { newTimings } from '../timings.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { newUsage } from '../usage.ts'
import { decodeGrpc, encodeGrpc } from './convert.ts'
import { admitCall, answerMetadata, contentsOf, headerOf, traceOf } from './exchange.ts'
import type { ModelInferRequest, ModelInferResponse, ModelRequest } from './messages.ts'

export interface ServiceOptions {
  readonly version: string
  readonly health: Health
  readonly metrics: Metrics
  readonly registry: Registry
  readonly control: RepositoryControl
  readonly maxBodyBytes: number
  readonly nowMs: () => number
  readonly log: Log
  /** undefined: everybody may ask. */
  readonly apiKeys: ApiKeys | undefined
  readonly requestLog: RequestLog | undefined
  readonly tracing: Tracing | undefined
}

const codes: Readonly<Record<FailureKind, status>> = {
  malformed: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  'unknown-model': status.NOT_FOUND,
  'unknown-path': status.UNIMPLEMENTED,
  'method-not-allowed': status.UNIMPLEMENTED,
  'too-large': status.RESOURCE_EXHAUSTED,
  'unsupported-media-type': status.INVALID_ARGUMENT,
  invalid: status.INVALID_ARGUMENT,
  'queue-full': status.RESOURCE_EXHAUSTED,
  'inference-failed': status.INTERNAL,
  internal: status.INTERNAL,
  unavailable: status.UNAVAILABLE,
  'out-of-memory': status.UNAVAILABLE,
  timeout: status.DEADLINE_EXCEEDED,
  cancelled: status.CANCELLED,
}

/** One handler for a call that is answered once; what it throws becomes the call's status. */
const unary =
  <Request, Response>(
    answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response> | Response,
  ): handleUnaryCall<Request, Response> =>
  async (call, callback) => {
    try {
      callback(null, await answer(call.request, call))
    } catch (error) {
      const failure = asFailure(error)
      callback({
        code: codes[failure.kind],
        details: sentenceFor(failure, headerOf(call.metadata, 'accept-language')),
      })
    }
  }

const statusName = (failure: Failure | undefined): string => status[failure ? codes[failure.kind] : status.OK]

/** How a call ended, in the words of HTTP. */
const outcomeOf = ({ timings }: Caller, failure: Failure | undefined) =>
  failure ? { status: failure.status, kind: failure.kind } : { status: 200, timings }

type InferCall = ServerUnaryCall<ModelInferRequest, ModelInferResponse>

const inferenceHandlers = ({
  version,
  health,
  metrics,
  registry,
  control,
  nowMs,
  log,
  apiKeys,
  requestLog,
  tracing,
}: ServiceOptions) => {
  const named = ({ name = '', version: asked }: ModelRequest): Served =>
    registry.find(name, asked || undefined)

  const infer = async (request: ModelInferRequest, caller: Caller): Promise<ModelInferResponse> => {
    const { timings } = caller
    const startedMs = nowMs()
    const served = registry.find(request.model_name ?? '', request.model_version || undefined)
    caller.usage.model = served.model
    const decoded = decodeGrpc(request, { signature: served.model, items: served.task })
    timings.preprocessMs = nowMs() - startedMs
    const outputs = await served.callers.during(() => runInfer(served, decoded, caller))
    const answeredMs = nowMs()
    const { name, version: modelVersion } = served.model
    const answer = encodeGrpc({ modelName: name, modelVersion, request: decoded, outputs })
    timings.postprocessMs += nowMs() - answeredMs
    timings.totalMs = nowMs() - startedMs
    return answer
  }

  const inferLogged = async (request: ModelInferRequest, call: InferCall): Promise<ModelInferResponse> => {
    const startedMs = nowMs()
    const trace = traceOf(call.metadata, { requestLog, tracing })
    if (trace) call.sendMetadata(answerMetadata(trace))
    let keyName: string | undefined
    const caller: Caller = { timings: newTimings(), usage: newUsage(), gone: () => call.cancelled }
    const record = (failure?: Failure, answer?: ModelInferResponse): void => {
      if (!trace) return
      const shared = { at: Date.now(), endpoint: 'grpc', trace, ...outcomeOf(caller, failure) } as const
      if (requestLog?.samples(trace)) {
        const contents = requestLog.contents ? contentsOf(request, answer) : {}
        requestLog.record({ ...shared, caller: keyName, ...contents })
      }
      const durationMs = nowMs() - startedMs
      tracing?.record({ ...shared, durationMs, usage: caller.usage, rpcStatus: statusName(failure) })
    }
    try {
      keyName = admitCall(call.metadata, apiKeys)
      const answer = await infer(request, caller)
      metrics.answered('grpc', caller)
      record(undefined, answer)
      return answer
    } catch (error) {
      const failure = asFailure(error)
      metrics.failed('grpc', failure.kind, caller.usage.model?.version)
      record(failure)
      logFailure(log, failure, { endpoint: 'grpc', traceId: trace?.traceId })
      throw failure
    }
  }

  return {
    ServerLive: unary(() => ({ live: health.sick() === undefined })),
    ServerReady: unary(() => ({ ready: health.unready() === undefined })),
    ModelReady: unary((request: ModelRequest) => {
      const { serving } = named(request)
      return { ready: health.unready(serving) === undefined }
    }),
    ServerMetadata: unary(() => serverMetadata(version, control.allowed)),
    ModelMetadata: unary((request: ModelRequest) => modelMetadata(named(request), registry.versions())),
    ModelInfer: unary(inferLogged),
  }
}

const serviceNames = ['', 'inference.GRPCInferenceService']
interface HealthRequest {
  readonly service?: string
}
interface HealthResponse {
  readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN'
}

/** How often a watched health is looked at. */
const watchMs = 500

const healthHandlers = ({ health }: ServiceOptions) => {
  const current = ({ service = '' }: HealthRequest): HealthResponse['status'] => {
    if (!serviceNames.includes(service)) return 'SERVICE_UNKNOWN'
    return health.unready() === undefined ? 'SERVING' : 'NOT_SERVING'
  }
  const watch: handleServerStreamingCall<HealthRequest, HealthResponse> = (call) => {
    let last: HealthResponse['status'] | undefined
    const look = (): void => {
      const now = current(call.request)
      if (now !== last) call.write({ status: now })
      last = now
      // A watcher never hangs up by itself and must not hold up the end.
      if (health.phase() === 'closing') end()
    }
    const timer = setInterval(look, watchMs)
    const end = (): void => {
      clearInterval(timer)
      call.end()
    }
    call.on('cancelled', end)
    look()
  }
  return {
    Check: unary((request: HealthRequest): HealthResponse => {
      const now = current(request)
      if (now === 'SERVICE_UNKNOWN')
        throw new Failure('unknown-model', `there is no service "${request.service}" here`)
      return { status: now }
    }),
    Watch: watch,
  }
}

const definitionOf = (file: string, path: readonly string[]): ServiceDefinition => {
  const options = { keepCase: true, longs: String, enums: String, defaults: false, oneofs: true }
  let found: unknown = loadPackageDefinition(loadSync(fileURLToPath(new URL(file, import.meta.url)), options))
  for (const name of path) found = (found as Readonly<Record<string, unknown>>)[name]
  return (found as { readonly service: ServiceDefinition }).service
}

/** A server with both services, bound to no port. */
export const createGrpcServer = (options: ServiceOptions): Server => {
  const server = new Server({
    'grpc.max_receive_message_length': options.maxBodyBytes,
    'grpc.max_send_message_length': -1,
  })
  server.addService(
    definitionOf('./open_inference.proto', ['inference', 'GRPCInferenceService']),
    inferenceHandlers(options),
  )
  server.addService(
    definitionOf('./health.proto', ['grpc', 'health', 'v1', 'Health']),
    healthHandlers(options),
  )
  return server
}
