/** The gRPC services: GRPCInferenceService and grpc.health.v1.Health. Loaded with the first connection. */
import { fileURLToPath } from 'node:url'
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  loadPackageDefinition,
  Server,
  type ServerUnaryCall,
  type ServiceDefinition,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { asFailure, Failure } from '../errors.ts'
import type { Health } from '../health.ts'
import type { RepositoryControl } from '../repository-control.ts'
import { modelMetadata, type Served, serverMetadata } from '../served.ts'
import { answerMetadata } from './exchange.ts'
import { createInference, type InferenceOptions } from './inference.ts'
import type { ModelInferRequest, ModelInferResponse, ModelRequest } from './messages.ts'
import { repositoryAnswers } from './repository.ts'
import { statusOf } from './status.ts'
import { streamInfer } from './stream.ts'

export interface ServiceOptions extends InferenceOptions {
  readonly version: string
  readonly health: Health
  readonly control: RepositoryControl
  readonly maxBodyBytes: number
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
      callback(statusOf(asFailure(error), call.metadata))
    }
  }

const inferenceHandlers = (options: ServiceOptions) => {
  const { version, health, registry, control } = options
  const infer = createInference(options)
  const repository = repositoryAnswers(options)
  const named = ({ name = '', version: asked }: ModelRequest): Served =>
    registry.find(name, asked || undefined)

  /** What is not there is not ready, as in Triton: its clients ask so whether there is a model. */
  const isReady = (request: ModelRequest): boolean => {
    try {
      return health.unready(named(request).serving) === undefined
    } catch (error) {
      if (['unavailable', 'unknown-model'].includes(asFailure(error).kind)) return false
      throw error
    }
  }

  return {
    ServerLive: unary(() => ({ live: health.sick() === undefined })),
    ServerReady: unary(() => ({ ready: health.unready() === undefined })),
    ModelReady: unary((request: ModelRequest) => ({ ready: isReady(request) })),
    ServerMetadata: unary(() => serverMetadata(version, control.allowed)),
    ModelMetadata: unary((request: ModelRequest) => modelMetadata(named(request), registry.versions())),
    ModelInfer: unary(
      (request: ModelInferRequest, call: ServerUnaryCall<ModelInferRequest, ModelInferResponse>) =>
        infer(request, {
          metadata: call.metadata,
          gone: () => call.cancelled,
          onTrace: (trace) => call.sendMetadata(answerMetadata(trace)),
        }),
    ),
    ModelStreamInfer: streamInfer({ ...options, infer }),
    RepositoryIndex: unary(repository.index),
    RepositoryModelLoad: unary(repository.load),
    RepositoryModelUnload: unary(repository.unload),
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
