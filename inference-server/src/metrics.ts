import { serverMetrics } from '@gantry/contract/metrics.ts'
import type { FailureKind } from './errors.ts'
import type { RequestLog } from './request-log/request-log.ts'
import { counter, countOf, gauge, histogram, type Sample } from './series.ts'
import type { Stats } from './stats.ts'
import type { Caller } from './predict.ts'

/** Which door a request came through. */
export type Endpoint =
  | 'infer'
  | 'predict'
  | 'chat'
  | 'analyze'
  | 'completions'
  | 'chat/completions'
  | 'embeddings'
  | 'grpc'

export interface Metrics {
  readonly answered: (endpoint: Endpoint, spent: Pick<Caller, 'timings' | 'usage'>) => void
  readonly failed: (endpoint: Endpoint, kind: FailureKind) => void
  readonly batch: (rows: number) => void
  /** A token was written, so long after the one before, or after its text was asked for. */
  readonly token: (sinceMs: number, isFirst: boolean) => void
  readonly stats: () => Stats
  /** Prometheus text of everything, Node's own process metrics included. */
  readonly text: () => Promise<{ readonly contentType: string; readonly body: string }>
}

export interface MetricsOptions {
  readonly queueLength: () => number
  /** Labels of gantry_model_info, once they are known. */
  readonly modelInfo: () => Readonly<Record<string, string>> | undefined
  readonly requestLog: Pick<RequestLog, 'written' | 'dropped'> | undefined
}

/** Seconds: from a tiny model's half millisecond to the default deadline. */
const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const rows = [1, 2, 4, 8, 16, 32, 64, 128, 256]

const single = (value: number): readonly Sample[] => [{ labels: {}, value }]

export const createMetrics = ({ queueLength, modelInfo, requestLog }: MetricsOptions): Metrics => {
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
    gauge(serverMetrics.queueLength, 'Requests that wait for a worker.', () => single(queueLength())),
    gauge(serverMetrics.modelInfo, 'The model that is served; always 1.', () => {
      const labels = modelInfo()
      return labels ? [{ labels, value: 1 }] : []
    }),
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
  ]
  // Loaded on the first scrape: it costs start time and memory that a local run never needs.
  let registry: Promise<import('prom-client').Registry> | undefined
  const load = async (): Promise<import('prom-client').Registry> => {
    const { Registry, collectDefaultMetrics } = (await import('prom-client')).default
    const made = new Registry()
    for (const one of all) made.registerMetric(one as never)
    collectDefaultMetrics({ register: made })
    return made
  }

  return {
    answered: (endpoint, { timings, usage }) => {
      requests.increment({ endpoint, outcome: 'answered' })
      total.observe(timings.totalMs / 1000)
      preprocess.observe(timings.preprocessMs / 1000)
      queue.observe(timings.queueMs / 1000)
      infer.observe(timings.inferMs / 1000)
      postprocess.observe(timings.postprocessMs / 1000)
      if (usage.promptTokens > 0) tokens.increment({ direction: 'prompt' }, usage.promptTokens)
    },
    failed: (endpoint, kind) => {
      requests.increment({ endpoint, outcome: 'failed' })
      errors.increment({ kind })
    },
    batch: (count) => batchRows.observe(count),
    token: (sinceMs, isFirst) => {
      tokens.increment({ direction: 'generated' })
      if (isFirst) firstToken.observe(sinceMs / 1000)
      else nextToken.observe(sinceMs / 1000)
    },
    stats: () => {
      const sumOf = (samples: readonly Sample[]): number => samples.reduce((sum, { value }) => sum + value, 0)
      const count = sumOf(requests.get().values)
      const failed = errors.get().values
      const answered = total.total()
      return {
        request_count: count,
        avg_response_time: answered.count > 0 ? answered.sum / answered.count : 0,
        units: { avg_response_time: 'seconds' },
        error_rate: count > 0 ? sumOf(failed) / count : 0,
        errors: Object.fromEntries(failed.map(({ labels, value }) => [labels['kind'], value])),
        queue_length: queueLength(),
        uptime_seconds: process.uptime(),
      }
    },
    text: async () => {
      registry ??= load()
      const made = await registry
      return { contentType: made.contentType, body: await made.metrics() }
    },
  }
}
