/** The spans of a request, made when it has ended: one of the server's, and within it one for each stage. */
import type { Attributes, HrTime, SpanContext } from '@opentelemetry/api'
import type { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { FailureKind } from '../failures/errors.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import type { Timings } from '../requests/timings.ts'
import { newSpanId, type Trace } from '../requests/traceparent.ts'
import type { Usage } from '../requests/usage.ts'

/** A span as the exporter takes it. */
export type Span = Parameters<OTLPTraceExporter['export']>[0][number]

/** What there is to say about a request that has ended. */
export interface TracedRequest {
  readonly trace: Trace
  readonly endpoint: Endpoint
  /** When it ended, milliseconds since 1970. */
  readonly at: number
  readonly durationMs: number
  /** HTTP status; of gRPC the one that HTTP would have. */
  readonly status: number
  /** Why it failed. */
  readonly kind?: FailureKind
  /** Name of the status that gRPC answered with. */
  readonly rpcStatus?: string
  readonly timings?: Timings | undefined
  readonly usage?: Usage | undefined
}

/** What all spans share. */
export type SpanOrigin = Pick<Span, 'resource' | 'instrumentationScope'> & {
  /** Name of the model. */
  readonly model: string
}

const routes: Readonly<Record<Exclude<Endpoint, 'grpc'>, string>> = {
  infer: '/v2/models/{model}/infer',
  predict: '/predict',
  chat: '/chat',
  analyze: '/analyze',
  explain: '/v2/models/{model}/explain',
  completions: '/v1/completions',
  'chat/completions': '/v1/chat/completions',
  embeddings: '/v1/embeddings',
}

/** Names of OpenTelemetry's conventions for what these addresses do. */
const operations: Readonly<Partial<Record<Endpoint, string>>> = {
  completions: 'text_completion',
  'chat/completions': 'chat',
  embeddings: 'embeddings',
}

const rpcMethod = 'inference.GRPCInferenceService/ModelInfer'

const hrTime = (ms: number): HrTime => {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}

const callAttributes = ({ endpoint, status, rpcStatus = 'OK' }: TracedRequest): Attributes =>
  endpoint === 'grpc'
    ? { 'rpc.system.name': 'grpc', 'rpc.method': rpcMethod, 'rpc.status_code': rpcStatus }
    : {
        'http.request.method': 'POST',
        'http.route': routes[endpoint],
        'http.response.status_code': status,
      }

const tokenAttributes = ({ promptTokens, newTokens }: Usage): Attributes => ({
  ...(promptTokens > 0 && { 'gen_ai.usage.input_tokens': promptTokens }),
  ...(newTokens > 0 && { 'gen_ai.usage.output_tokens': newTokens }),
})

const attributesOf = (request: TracedRequest, model: string): Attributes => {
  const { endpoint, kind, timings, usage } = request
  const operation = operations[endpoint]
  return {
    ...callAttributes(request),
    'gantry.model.name': model,
    ...(usage?.model && { 'gantry.model.version': usage.model.version, 'gantry.task': usage.model.task }),
    ...(operation !== undefined && { 'gen_ai.operation.name': operation, 'gen_ai.request.model': model }),
    ...(usage && tokenAttributes(usage)),
    ...(usage && usage.batchRows > 0 && { 'gantry.batch.rows': usage.batchRows }),
    ...(usage && usage.evaluations > 0 && { 'gantry.explain.evaluations': usage.evaluations }),
    ...(timings && { 'gantry.queue.ms': timings.queueMs, 'gantry.infer.ms': timings.inferMs }),
    ...(kind !== undefined && { 'error.type': kind }),
  }
}

interface SpanParts extends Pick<Span, 'name' | 'kind' | 'attributes' | 'status'> {
  readonly context: SpanContext
  readonly parent: SpanContext | undefined
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
}

const span = ({ context, parent, from, to, ...parts }: SpanParts, origin: SpanOrigin): Span => ({
  ...parts,
  spanContext: () => context,
  ...(parent && { parentSpanContext: parent }),
  startTime: hrTime(from),
  endTime: hrTime(to),
  duration: hrTime(to - from),
  ended: true,
  resource: origin.resource,
  instrumentationScope: origin.instrumentationScope,
  links: [],
  events: [],
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
})

/** Values of OpenTelemetry's SpanKind and SpanStatusCode. */
const kinds = { internal: 0, server: 1 } as const
const statusCodes = { unset: 0, error: 2 } as const

/** Backwards from the answer: their durations are measured, what lies between them (a body that is slow to come) is not theirs. */
const stagesOf = (timings: Timings, endedAt: number): readonly (readonly [string, number, number])[] => {
  const { preprocessMs, queueMs, inferMs, postprocessMs } = timings
  let to = endedAt
  return Object.entries({
    postprocess: postprocessMs,
    infer: inferMs,
    queue: queueMs,
    preprocess: preprocessMs,
  })
    .filter(([, ms]) => ms > 0)
    .map(([name, ms]) => {
      const stage = [name, to - ms, to] as const
      to -= ms
      return stage
    })
    .reverse()
}

/** The server's span first. */
export const spansOf = (request: TracedRequest, origin: SpanOrigin): readonly Span[] => {
  const { trace, endpoint, at, durationMs, status, kind, timings } = request
  const { traceId, spanId, parentId } = trace
  const traceFlags = Number.parseInt(trace.flags, 16)
  const context: SpanContext = { traceId, spanId, traceFlags }
  const whole = span(
    {
      context,
      parent: parentId === undefined ? undefined : { traceId, spanId: parentId, traceFlags, isRemote: true },
      name: endpoint === 'grpc' ? rpcMethod : `POST ${routes[endpoint]}`,
      kind: kinds.server,
      from: at - durationMs,
      to: at,
      attributes: attributesOf(request, origin.model),
      // What callers do wrong is no error of the server.
      status: { code: status >= 500 ? statusCodes.error : statusCodes.unset },
    },
    origin,
  )
  if (kind !== undefined || !timings) return [whole]
  const stages = stagesOf(timings, at).map(([name, from, to]) =>
    span(
      {
        context: { traceId, spanId: newSpanId(), traceFlags },
        parent: context,
        name,
        kind: kinds.internal,
        from,
        to,
        attributes: {},
        status: { code: statusCodes.unset },
      },
      origin,
    ),
  )
  return [whole, ...stages]
}
