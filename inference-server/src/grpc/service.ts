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
import { asFailure, Failure } from '../failures/errors.ts'
import { modelMetadata, type Served, serverMetadata } from '../inference/served.ts'
import type { Health } from '../observability/health.ts'
import type { Clock } from '../process/clock.ts'
import type { AnswersInFlight } from '../requests/answers-in-flight.ts'
import type { Bodies } from '../requests/bodies.ts'
import type { RepositoryControl } from '../versions/repository-control.ts'
import { answerBytes } from './convert.ts'
import { answerMetadata } from './exchange.ts'
import { createGate, type Gate, type Method } from './gate.ts'
import { decodeInferRequest } from './infer-request.ts'
import { createInference, type InferenceOptions, type Inferences } from './inference.ts'
import type { ModelInferRequest, ModelInferResponse, ModelRequest } from './messages.ts'
import { repositoryAnswers } from './repository.ts'
import { statusOf } from './status.ts'
import { streamInfer } from './stream.ts'
import { malformed } from './wire.ts'

export interface ServiceOptions extends InferenceOptions {
  readonly version: string
  readonly health: Health
  readonly control: RepositoryControl
  readonly bodies: Bodies
  readonly answers: AnswersInFlight
  readonly clock: Clock
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

const inferenceHandlers = (options: ServiceOptions, { infer }: Inferences, gate: Gate) => {
  const { version, health, registry, control, bodies, answers } = options
  const repository = repositoryAnswers(control)
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
      async (request: ModelInferRequest, call: ServerUnaryCall<ModelInferRequest, ModelInferResponse>) => {
        const { metadata } = call
        const answer = await infer(request, {
          metadata,
          gone: () => call.cancelled,
          onTrace: (trace) => call.sendMetadata(answerMetadata(trace)),
        })
        const release = answers.hold(answerBytes(answer))
        gate.whenClosed(metadata, release)
        return answer
      },
    ),
    ModelStreamInfer: streamInfer({
      infer,
      health,
      answers,
      limitBytes: bodies.limitBytes,
      isLeaving: gate.isLeaving,
    }),
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

/** How often a watched health is checked, milliseconds. */
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
      // A watcher never ends its call by itself, and must not delay the shutdown.
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

/** Messages stay bytes until the gate decodes them, after it has admitted the call. */
const asSent = (service: ServiceDefinition): ServiceDefinition =>
  Object.fromEntries(
    Object.entries(service).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: (bytes: Buffer) => bytes },
    ]),
  )

/** Methods without an API key: probes and descriptions, which hold nothing of any request. */
const openMethods: ReadonlySet<string> = new Set([
  'ServerLive',
  'ServerReady',
  'ModelReady',
  'ServerMetadata',
  'ModelMetadata',
  'Check',
  'Watch',
])
const inferMethods: ReadonlySet<string> = new Set(['ModelInfer', 'ModelStreamInfer'])

/** How the methods of the services are called, by path. */
const methodsOf = (services: readonly ServiceDefinition[], limitBytes: number): ReadonlyMap<string, Method> =>
  new Map(
    services.flatMap((service) =>
      Object.entries(service).map(([name, { path, requestDeserialize }]): [string, Method] => {
        const large = inferMethods.has(name)
        const decode = (message: Buffer): unknown => {
          if (large) return decodeInferRequest(message, limitBytes)
          try {
            return requestDeserialize(message)
          } catch (error) {
            throw malformed((error as Error).message)
          }
        }
        return [path, { open: openMethods.has(name), large, decode }]
      }),
    ),
  )

/** Most calls of one connection: client libraries queue further ones, and other servers allow as many. */
const mostStreams = 100
/** A connection without a call ends after so long: callers rarely pause longer, and their libraries connect again by themselves. */
const idleMs = 5 * 60_000
/**
 * A connection is asked to end by then, so that callers spread over new replicas; its calls have the grace to end. The
 * library's keepalive is off: it takes a connection that is being closed for a dead one, and cuts its calls off.
 */
const ageMs = 60 * 60_000
const graceMs = 10 * 60_000

/** A server with both services, bound to no port. */
export const createGrpcServer = (options: ServiceOptions): Server => {
  const { limitBytes } = options.bodies
  const inference = definitionOf('./open_inference.proto', ['inference', 'GRPCInferenceService'])
  const health = definitionOf('./health.proto', ['grpc', 'health', 'v1', 'Health'])
  const methods = methodsOf([inference, health], limitBytes)
  const inferences = createInference(options)
  const gate = createGate({
    ...options,
    methodOf: (path) => methods.get(path) as Method,
    onRefused: (path, failure, metadata) => {
      if (methods.get(path)?.large) inferences.refused(failure, metadata)
    },
  })
  const server = new Server({
    'grpc.max_receive_message_length': limitBytes,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': mostStreams,
    'grpc.max_connection_idle_ms': idleMs,
    'grpc.max_connection_age_ms': ageMs,
    'grpc.max_connection_age_grace_ms': graceMs,
    interceptors: [gate.intercept],
  })
  server.addService(asSent(inference), inferenceHandlers(options, inferences, gate))
  server.addService(asSent(health), healthHandlers(options))
  return server
}
