import { serverMetrics } from '@gantry/contract/metrics.ts'
import type { FailureKind } from '../failures/errors.ts'
import type { Caller } from '../requests/caller.ts'
import type { Endpoint } from '../requests/endpoint.ts'
import { driftSeries, type MeasuredDrift } from './drift-series.ts'
import { createExposition, type Exposition } from './exposition.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import { countOf, gauge, type Sample, type Series } from './series.ts'
import type { Stats } from './stats.ts'

export interface Metrics {
  readonly answered: (endpoint: Endpoint, spent: Pick<Caller, 'timings' | 'usage'>) => void
  /** @param version unless it failed before one was found */
  readonly failed: (endpoint: Endpoint, kind: FailureKind, version: string | undefined) => void
  /** An explanation asked the model about rows. */
  readonly evaluated: (rows: number, version: string) => void
  readonly batch: (rows: number, version: string) => void
  /** A token was written, so long after the one before, or after its text was asked for. */
  readonly token: (sinceMs: number, isFirst: boolean, version: string) => void
  readonly stats: () => Stats
  /** Prometheus text of everything, Node's own process metrics included. */
  readonly text: () => Promise<Exposition>
}

/** A version that is being served. */
export interface MeasuredVersion {
  readonly version: string
  /** Labels of gantry_model_info. */
  readonly info: Readonly<Record<string, string>>
  /** Requests that wait. */
  readonly queueLength: () => number
  /** Requests that have reached the version and have no answer yet, explanations left out. */
  readonly inFlight: () => number
  readonly drift: MeasuredDrift
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

/** Sums of all versions, by kind of failure. */
const byKind = (samples: readonly Sample[]): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {}
  for (const { labels, value } of samples) {
    const kind = String(labels['kind'])
    sums[kind] = (sums[kind] ?? 0) + value
  }
  return sums
}

/** Series of counts that are kept elsewhere, and read at a scrape. */
const keptElsewhere = (
  { versions, requestLog, tracing }: MetricsOptions,
  { queues, inFlight }: { readonly queues: () => readonly Sample[]; readonly inFlight: () => readonly Sample[] },
): readonly Series[] => [
  gauge(serverMetrics.queueLength, 'Requests that wait for a worker.', queues),
  gauge(
    serverMetrics.inFlight,
    'Requests that have arrived and are not answered yet, those that wait included.',
    inFlight,
  ),
  ...driftSeries(versions),
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

const statsOf = (
  { requests, errors, total }: Pick<Instruments, 'requests' | 'errors' | 'total'>,
  queues: readonly Sample[],
): Stats => {
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
    queue_length: sumOf(queues),
    uptime_seconds: process.uptime(),
  }
}

export const createMetrics = (options: MetricsOptions): Metrics => {
  const { byVersion, versions } = options
  const labelOf = versionLabels(byVersion)
  const instruments = createInstruments()
  const { requests, errors, total, preprocess, queue, infer, postprocess } = instruments
  const { batchRows, tokens, firstToken, nextToken } = instruments
  const ofVersions = (value: (version: MeasuredVersion) => number) => (): readonly Sample[] => {
    const samples = versions().map((one) => ({
      labels: labelled({}, byVersion ? one.version : undefined),
      value: value(one),
    }))
    return byVersion ? samples : [{ labels: {}, value: sumOf(samples) }]
  }
  const queues = ofVersions(({ queueLength }) => queueLength())
  const inFlight = ofVersions((version) => version.inFlight())
  /** An explanation is no prediction: it takes hundreds of them, and their rates and durations are what scalers and alerts go by. */
  const explained = (outcome: string, version: string | undefined, tookMs?: number): void => {
    instruments.explanations.increment(labelled({ outcome }, version))
    if (tookMs !== undefined) instruments.explanationTime.observe(tookMs / 1000, version)
  }
  return {
    answered: (endpoint, { timings, usage }) => {
      const version = labelOf(usage.model?.version)
      if (endpoint === 'explain') {
        explained('answered', version, timings.totalMs)
        return
      }
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
      if (endpoint === 'explain') {
        explained(kind, version)
        return
      }
      requests.increment(labelled({ endpoint, outcome: 'failed' }, version))
      errors.increment(labelled({ kind }, version))
    },
    evaluated: (count, version) => instruments.evaluations.increment(labelled({}, labelOf(version)), count),
    batch: (count, version) => batchRows.observe(count, labelOf(version)),
    token: (sinceMs, isFirst, writing) => {
      const version = labelOf(writing)
      tokens.increment(labelled({ direction: 'generated' }, version))
      if (isFirst) firstToken.observe(sinceMs / 1000, version)
      else nextToken.observe(sinceMs / 1000, version)
    },
    stats: () => statsOf(instruments, queues()),
    text: createExposition([...Object.values(instruments), ...keptElsewhere(options, { queues, inFlight })]),
  }
}
