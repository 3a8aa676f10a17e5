import { serverMetrics } from '@gantry/contract/metrics.ts'
import type { FailureKind } from '../failures/errors.ts'
import type { Caller } from '../requests/caller.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import { counter, countOf, gauge, histogram, type Sample } from './series.ts'
import type { Stats } from './stats.ts'

export interface Metrics {
  readonly answered: (endpoint: Endpoint, spent: Pick<Caller, 'timings' | 'usage'>) => void
  /** @param version unless it failed before one was found */
  readonly failed: (endpoint: Endpoint, kind: FailureKind, version: string | undefined) => void
  readonly batch: (rows: number, version: string) => void
  /** A token was written, so long after the one before, or after its text was asked for. */
  readonly token: (sinceMs: number, isFirst: boolean, version: string) => void
  readonly stats: () => Stats
  /** Prometheus text of everything, Node's own process metrics included. */
  readonly text: () => Promise<{ readonly contentType: string; readonly body: string }>
}

/** A version that answers. */
export interface MeasuredVersion {
  readonly version: string
  /** Labels of gantry_model_info. */
  readonly info: Readonly<Record<string, string>>
  /** Requests that wait. */
  readonly queueLength: () => number
}

export interface MetricsOptions {
  /** Whether the metrics tell versions apart. */
  readonly byVersion: boolean
  readonly versions: () => readonly MeasuredVersion[]
  /** Lines of the request log. */
  readonly requestLog: { readonly written: () => number; readonly dropped: () => number } | undefined
  /** Spans. */
  readonly tracing: { readonly sent: () => number; readonly dropped: () => number } | undefined
}

/** Seconds: from a tiny model's half millisecond to the default deadline. */
const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const rows = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/** Labels stay bounded, however many versions come and go in the life of a server. */
const mostVersions = 16
const otherVersions = 'other'

/** @returns the label of a version; undefined where they are not told apart */
const versionLabels = (byVersion: boolean) => {
  const known = new Set<string>()
  return (version: string | undefined): string | undefined => {
    if (!byVersion || version === undefined) return undefined
    if (known.size < mostVersions) known.add(version)
    return known.has(version) ? version : otherVersions
  }
}

type Labels = Readonly<Record<string, string>>

const labelled = (labels: Labels, version: string | undefined): Labels =>
  version === undefined ? labels : { ...labels, version }

const sumOf = (samples: readonly Sample[]): number => samples.reduce((sum, { value }) => sum + value, 0)

/** @param spent microseconds */
const asFromTheStart = (made: import('prom-client').Registry, { user, system }: NodeJS.CpuUsage): void => {
  const add = (name: string, micros: number): void =>
    (made.getSingleMetric(name) as import('prom-client').Counter).inc(micros / 1e6)
  add('process_cpu_user_seconds_total', user)
  add('process_cpu_system_seconds_total', system)
  add('process_cpu_seconds_total', user + system)
}

/** Of all versions together. */
const byKind = (samples: readonly Sample[]): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {}
  for (const { labels, value } of samples) {
    const kind = String(labels['kind'])
    sums[kind] = (sums[kind] ?? 0) + value
  }
  return sums
}

export const createMetrics = ({ byVersion, versions, requestLog, tracing }: MetricsOptions): Metrics => {
  const labelOf = versionLabels(byVersion)
  const requests = counter(serverMetrics.requests, 'Inference requests by endpoint and outcome.')
  const errors = counter(serverMetrics.errors, 'Inference requests that failed, by kind.')
  const total = histogram(
    serverMetrics.requestDuration,
    'Seconds from body to answer, of answered requests.',
    seconds,
  )
  const preprocess = histogram(serverMetrics.preprocessDuration, 'Seconds spent making tensors.', seconds)
  const queue = histogram(serverMetrics.queueDuration, 'Seconds spent waiting for a worker.', seconds)
  const infer = histogram(serverMetrics.inferDuration, 'Seconds spent inside onnxruntime.', seconds)
  const postprocess = histogram(
    serverMetrics.postprocessDuration,
    'Seconds spent making the answer.',
    seconds,
  )
  const batchRows = histogram(serverMetrics.batchRows, 'Rows per batch.', rows)
  const tokens = counter(
    serverMetrics.tokens,
    'Tokens that the model read for answered requests (prompt) and that it wrote (generated).',
  )
  const firstToken = histogram(
    serverMetrics.timeToFirstToken,
    'Seconds from asking for a text to its first token, its wait included.',
    seconds,
  )
  const nextToken = histogram(
    serverMetrics.timePerOutputToken,
    'Seconds between two tokens of a text.',
    seconds,
  )
  const queues = (): readonly Sample[] => {
    const lengths = versions().map(({ version, queueLength }) => ({
      labels: labelled({}, byVersion ? version : undefined),
      value: queueLength(),
    }))
    return byVersion ? lengths : [{ labels: {}, value: sumOf(lengths) }]
  }
  const all = [
    requests,
    errors,
    total,
    preprocess,
    queue,
    infer,
    postprocess,
    batchRows,
    tokens,
    firstToken,
    nextToken,
    gauge(serverMetrics.queueLength, 'Requests that wait for a worker.', queues),
    gauge(serverMetrics.modelInfo, 'Each version that is served; always 1.', () =>
      versions().map(({ info }) => ({ labels: info, value: 1 })),
    ),
    countOf(
      serverMetrics.requestLogLines,
      'Requests that were written to the request log.',
      () => requestLog?.written() ?? 0,
    ),
    countOf(
      serverMetrics.requestLogDropped,
      'Requests that the request log had no room for.',
      () => requestLog?.dropped() ?? 0,
    ),
    countOf(serverMetrics.traceSpans, 'Spans that reached the collector.', () => tracing?.sent() ?? 0),
    countOf(
      serverMetrics.traceSpansDropped,
      'Spans that did not reach the collector.',
      () => tracing?.dropped() ?? 0,
    ),
  ]
  // Loaded on the first scrape: it costs start time and memory that a local run never needs.
  let registry: Promise<import('prom-client').Registry> | undefined
  const write = async (): ReturnType<Metrics['text']> => {
    registry ??= load()
    const made = await registry
    return { contentType: made.contentType, body: await made.metrics() }
  }
  /** Whoever asks while they are being written gets the same: that takes longer than most requests do, and anybody may ask. */
  let written: ReturnType<Metrics['text']> | undefined
  const load = async (): Promise<import('prom-client').Registry> => {
    const { Registry, collectDefaultMetrics } = (await import('prom-client')).default
    const made = new Registry()
    for (const one of all) made.registerMetric(one as never)
    const spent = process.cpuUsage()
    collectDefaultMetrics({ register: made })
    // Nothing counts before the first scrape otherwise.
    asFromTheStart(made, spent)
    // It is VmData, which threads reserve and never touch: many times what the process has.
    made.removeSingleMetric('process_heap_bytes')
    return made
  }

  return {
    answered: (endpoint, { timings, usage }) => {
      const version = labelOf(usage.model?.version)
      requests.increment(labelled({ endpoint, outcome: 'answered' }, version))
      total.observe(timings.totalMs / 1000, version)
      preprocess.observe(timings.preprocessMs / 1000, version)
      queue.observe(timings.queueMs / 1000, version)
      infer.observe(timings.inferMs / 1000, version)
      postprocess.observe(timings.postprocessMs / 1000, version)
      if (usage.promptTokens > 0)
        tokens.increment(labelled({ direction: 'prompt' }, version), usage.promptTokens)
    },
    failed: (endpoint, kind, failing) => {
      const version = labelOf(failing)
      requests.increment(labelled({ endpoint, outcome: 'failed' }, version))
      errors.increment(labelled({ kind }, version))
    },
    batch: (count, version) => batchRows.observe(count, labelOf(version)),
    token: (sinceMs, isFirst, writing) => {
      const version = labelOf(writing)
      tokens.increment(labelled({ direction: 'generated' }, version))
      if (isFirst) firstToken.observe(sinceMs / 1000, version)
      else nextToken.observe(sinceMs / 1000, version)
    },
    stats: () => {
      const count = sumOf(requests.get().values)
      const failed = errors.get().values
      const unanswered = failed.filter(({ labels }) => labels['kind'] !== 'cancelled')
      const answered = total.total()
      return {
        request_count: count,
        avg_response_time: answered.count > 0 ? answered.sum / answered.count : 0,
        units: { avg_response_time: 'seconds', error_rate: 'share' },
        error_rate: count > 0 ? sumOf(unanswered) / count : 0,
        errors: byKind(failed),
        queue_length: sumOf(queues()),
        uptime_seconds: process.uptime(),
      }
    },
    text: () => {
      written ??= write().finally(() => {
        written = undefined
      })
      return written
    },
  }
}
