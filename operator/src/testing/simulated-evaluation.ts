import { isEvaluationRequest } from '@gantry/contract/documents.ts'
import type {
  Comparison,
  EvaluationCandidate,
  EvaluationReport,
  EvaluationRequest,
  Measurement,
  Unmeasured,
} from '@gantry/contract/evaluation.ts'

/** What one candidate does on the data. */
export interface Performance {
  /** Default 0.9. */
  readonly accuracy?: number
  /** Milliseconds; default 10. */
  readonly p95Ms?: number
  /** Why it has no measurement. */
  readonly unmeasured?: Omit<Unmeasured, 'name'>
}

/** How a version does, or how the whole evaluation fails. */
export type Evaluates = (
  version: string,
  request: EvaluationRequest,
) => Performance | Extract<EvaluationReport, { outcome: 'failed' }>

export const samples = 200

const measured = (
  { name, task }: EvaluationCandidate,
  { accuracy = 0.9, p95Ms = 10 }: Performance,
): Measurement => {
  const times = { meanMs: p95Ms / 2, p50Ms: p95Ms / 2, p95Ms, p99Ms: p95Ms * 2, throughputPerSecond: 100 }
  return {
    ...{ name, task, digest: `sha256:${'0'.repeat(64)}`, sizeBytes: 4_000_000 },
    metrics: { accuracy, f1Macro: accuracy },
    intervals: { accuracy: [accuracy - 0.05, accuracy + 0.05] },
    performance: { ...times, byConcurrency: [], loadMs: 100, peakMemoryBytes: 1e8 },
    hardware: {
      ...{ processor: 'any', cores: 2, memoryBytes: 8e9, accelerator: 'cpu', onnxruntime: '1.30.0' },
      node: 'node-1',
    },
  }
}

const compared = (one: Measurement, other: Measurement, metric: EvaluationRequest['metric']): Comparison => {
  const difference = (one.metrics[metric] ?? 0) - (other.metrics[metric] ?? 0)
  return {
    ...{ name: one.name, with: other.name, metric, difference, pValue: 0.01, samples },
    interval: [difference - 0.01, difference + 0.01],
  }
}

/** What the command `evaluate` would report. @param args of its container */
export const evaluationReport = (args: readonly string[], evaluates: Evaluates): EvaluationReport => {
  const text = args.find((arg) => arg.startsWith('--request='))?.slice('--request='.length) ?? ''
  const request: unknown = JSON.parse(text.replaceAll('$$', '$'))
  if (!isEvaluationRequest(request)) throw new Error(`not an EvaluationRequest: ${text}`)
  const fared = request.candidates.map((one) => ({ one, did: evaluates(one.name, request) }))
  const failure = fared.map(({ did }) => did).find((did) => 'outcome' in did)
  if (failure && 'outcome' in failure) return failure
  const candidates = fared.map(({ one, did }) => {
    const performance = did as Performance
    return performance.unmeasured ? { name: one.name, ...performance.unmeasured } : measured(one, performance)
  })
  const found = candidates.filter((one) => 'metrics' in one)
  const base = found.find(({ name }) => name === request.compareWith)
  return {
    outcome: 'measured',
    candidates,
    dataset: {
      source: request.dataset.sourceName ?? request.dataset.source,
      digest: `sha256:${'1'.repeat(64)}`,
      ...{ samples, total: samples },
    },
    comparisons: base
      ? found.filter((one) => one !== base).map((one) => compared(one, base, request.metric))
      : [],
  }
}
