/** Traces over OTLP/HTTP, where the environment asks for them. This folder is not loaded otherwise. */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Trace } from '../traceparent.ts'
import { decided, isRecorded, readSampling } from './sampling.ts'
import { createSpanQueue, type SpanQueue } from './span-queue.ts'
import { type Span, spansOf, type TracedRequest } from './spans.ts'

export interface Tracing extends Pick<SpanQueue, 'sent' | 'dropped' | 'close'> {
  /** The trace with the decision whether it is recorded. */
  readonly begin: (trace: Trace) => Trace
  /** Takes a request that has ended, where its trace is recorded. */
  readonly record: (request: TracedRequest) => void
}

export interface TracingOptions {
  /** Name of the model, and what the service is called unless the environment says otherwise. */
  readonly name: string
  /** Of the server. */
  readonly version: string
  /** Its OTEL_* variables; the exporter reads those of its own from the process. */
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly log: Log
}

/** ExportResultCode.SUCCESS. */
const arrived = 0

const sender =
  (exporter: OTLPTraceExporter) =>
  (spans: readonly Span[]): Promise<void> =>
    new Promise((resolve, reject) => {
      exporter.export([...spans], ({ code, error }) => {
        if (code === arrived) resolve()
        else reject(error ?? new Error('the collector did not take them'))
      })
    })

export const openTracing = ({ name, version, env, clock, log }: TracingOptions): Tracing => {
  const { sampler, problem } = readSampling(env)
  if (problem !== undefined) log.warn(problem)
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL']
  if (protocol && protocol !== 'http/protobuf')
    log.warn(`traces go out as http/protobuf, not as ${protocol}; name the collector's port for it`)
  const origin = {
    model: name,
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': name, 'service.version': version }))
      .merge(detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] })),
    instrumentationScope: { name: 'gantry', version },
  }
  const queue = createSpanQueue({
    spansOf: (request) => spansOf(request, origin),
    send: sender(new OTLPTraceExporter()),
    clock,
    log,
  })
  return {
    ...queue,
    begin: (trace) => decided(trace, sampler),
    record: (request) => {
      if (isRecorded(request.trace)) queue.add(request)
    },
  }
}
