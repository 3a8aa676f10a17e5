/** Traces over OTLP/HTTP, where the environment asks for them. This folder is not loaded otherwise. */
import { Worker } from 'node:worker_threads'
import type { Clock } from '../process/clock.ts'
import type { Log } from '../process/log.ts'
import type { Trace } from '../requests/traceparent.ts'
import type { ExporterOptions } from './exporter.ts'
import { decided, isRecorded, readSampling } from './sampling.ts'
import { createSpanQueue, type ExporterThread, type SpanQueue } from './span-queue.ts'
import type { TracedRequest } from './spans.ts'

export interface Tracing extends Pick<SpanQueue, 'sent' | 'dropped' | 'close'> {
  /** The trace with the decision whether it is recorded. */
  readonly begin: (trace: Trace) => Trace
  /** Takes a request that has ended, where its trace is recorded. */
  readonly record: (request: TracedRequest) => void
}

export interface TracingOptions extends ExporterOptions {
  /** Its OTEL_* variables; the exporter reads those of its own from the process. */
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly log: Log
}

/** The request without the rest of the model's folder, which would be copied to the thread. */
const bare = ({ usage, ...request }: TracedRequest): TracedRequest => {
  if (!usage?.model) return { ...request, usage }
  const { version, task } = usage.model
  return { ...request, usage: { ...usage, model: { version, task } } }
}

export const openTracing = ({ name, version, env, clock, log }: TracingOptions): Tracing => {
  const { sampler, problem } = readSampling(env)
  if (problem !== undefined) log.warn(problem)
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] || env['OTEL_EXPORTER_OTLP_PROTOCOL']
  if (protocol && protocol !== 'http/protobuf')
    log.warn(`traces go out as http/protobuf, not as ${protocol}; name the collector's port for it`)
  const workerData: ExporterOptions = { name, version }
  const queue = createSpanQueue({
    spawn: () => new Worker(new URL('./exporter.ts', import.meta.url), { workerData }) as ExporterThread,
    clock,
    log,
  })
  return {
    ...queue,
    begin: (trace) => decided(trace, sampler),
    record: (request) => {
      if (isRecorded(request.trace)) queue.add(bare(request))
    },
  }
}
