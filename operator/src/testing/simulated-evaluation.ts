/** What `evaluate` does in the pod of a simulated cluster. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { isEvaluationRequest } from '@gantry/contract/documents.ts'
import {
  type CandidateReports,
  type Comparison,
  type EvaluatedDataset,
  type EvaluationReport,
  type EvaluationRequest,
  type Measurement,
  reportLine,
  type Unmeasured,
} from '@gantry/contract/evaluation.ts'
import type { LivePod } from '@gantry/kube/live.ts'
import { at } from './object-store.ts'

/** How the run of a request ends; undefined measures all candidates. */
export type Evaluates = (request: EvaluationRequest, attempt: number) => Ending | undefined

export type Ending =
  | { readonly kind: 'report'; readonly report: EvaluationReport }
  /** The candidates that are not measured, or whose measurement differs. */
  | {
      readonly kind: 'candidates'
      readonly of: (name: string) => Partial<Measurement> | Unmeasured | undefined
    }
  /** The container ends without a report. */
  | { readonly kind: 'status'; readonly status: NonNullable<LivePod['status']> }

export const dataset: EvaluatedDataset = {
  ...{ source: 'configmap://samples', digest: `sha256:${'d'.repeat(64)}`, samples: 100, total: 100 },
}

/** Differs by the name alone, so that two runs measure the same. */
const figureOf = (name: string): number =>
  Number.parseInt(createHash('sha256').update(name).digest('hex').slice(0, 4), 16) / 0xffff

export const measurement = (name: string, over: Partial<Measurement> = {}): Measurement => {
  const figure = figureOf(name)
  const latencies = { meanMs: 2 + figure, p50Ms: 2, p95Ms: 3 + figure, p99Ms: 4 + figure }
  return {
    name,
    task: 'text-classification',
    digest: `sha256:${createHash('sha256').update(name).digest('hex')}`,
    sizeBytes: 1_000_000,
    metrics: { accuracy: 0.5 + figure / 2 },
    intervals: { accuracy: [0.4, 1] },
    performance: {
      ...{ ...latencies, throughputPerSecond: 100 + 100 * figure, loadMs: 500, peakMemoryBytes: 100_000_000 },
      byConcurrency: [
        {
          ...latencies,
          concurrency: 1,
          requests: 100,
          throughputPerSecond: 100 + 100 * figure,
          spread: 0.01,
        },
      ],
    },
    hardware: {
      ...{ processor: 'Test CPU', cores: 4, memoryBytes: 8_000_000_000, accelerator: 'cpu' as const },
      ...{ onnxruntime: '1.0.0', node: 'node-1' },
    },
    ...over,
  }
}

const requestOf = (pod: LivePod): EvaluationRequest => {
  const args = (at(pod, 'spec', 'containers', '0', 'args') ?? []) as readonly string[]
  const text = args.find((arg) => arg.startsWith('--request='))?.slice('--request='.length) ?? ''
  const request: unknown = JSON.parse(text.replaceAll('$$', '$'))
  if (!isEvaluationRequest(request)) throw new Error(`no request: ${text}`)
  return request
}

const candidatesOf = (
  { candidates }: EvaluationRequest,
  ending: Ending | undefined,
): readonly (Measurement | Unmeasured)[] =>
  candidates
    .filter(({ onlyCompared }) => !onlyCompared)
    .map(({ name }) => {
      const over = ending?.kind === 'candidates' ? ending.of(name) : undefined
      return over && 'reason' in over ? over : measurement(name, over)
    })

/** Each candidate against the one that it names, or the request. One that is only compared has the figures of its name. */
const comparisonsOf = (
  request: EvaluationRequest,
  results: readonly (Measurement | Unmeasured)[],
): readonly Comparison[] => {
  const { compareWith, metric, candidates } = request
  const measured = new Map(results.flatMap((one) => ('metrics' in one ? [[one.name, one] as const] : [])))
  return candidates.flatMap(({ name, compareWith: other = compareWith, onlyCompared }) => {
    const isThere = candidates.some((one) => one.name === other && one.onlyCompared)
    const base = measured.get(other ?? '') ?? (isThere ? measurement(other ?? '') : undefined)
    const own = measured.get(name)
    if (!own || !base || onlyCompared || other === name) return []
    const difference = (own.metrics[metric] ?? 0) - (base.metrics[metric] ?? 0)
    return [
      {
        ...{ name, with: base.name, metric, difference, pValue: 0.01, samples: dataset.samples },
        interval: [difference - 0.01, difference + 0.01] as const,
      },
    ]
  })
}

/** Lines of a log that carry the report, in parts of `size` characters. */
const reportLines = (gzipped: Buffer, size = 1000): readonly string[] => {
  const data = gzipped.toString('base64')
  const parts = Math.ceil(data.length / size)
  return Array.from({ length: parts }, (_, index) =>
    JSON.stringify({
      ...{ timestamp: '2026-11-23T10:00:00.000Z', level: 'info', message: reportLine },
      ...{ part: index + 1, parts, data: data.slice(index * size, (index + 1) * size) },
    }),
  )
}

const locationOf = (gzipped: Buffer, size = 1000) => ({
  sha256: createHash('sha256').update(gzipped).digest('hex'),
  sizeBytes: gzipped.length,
  parts: Math.ceil(gzipped.toString('base64').length / size),
})

export interface Ended {
  readonly status: NonNullable<LivePod['status']>
  readonly log: string
}

const ended = (report: EvaluationReport, log: string): Ended => {
  const isDone = report.outcome === 'measured'
  const terminated = { exitCode: isDone ? 0 : 1, message: JSON.stringify(report) }
  return {
    log,
    status: {
      phase: isDone ? 'Succeeded' : 'Failed',
      containerStatuses: [{ name: 'evaluate', state: { terminated } }],
    },
  }
}

export const simulatedEvaluations = (evaluates: Evaluates = () => undefined) => {
  const attempts = new Map<string, number>()
  /** How the pod ends, and what it has written. */
  const run = (pod: LivePod): Ended => {
    const request = requestOf(pod)
    const key = JSON.stringify(request)
    const attempt = attempts.get(key) ?? 0
    attempts.set(key, attempt + 1)
    const ending = evaluates(request, attempt)
    if (ending?.kind === 'status') return { status: ending.status, log: '' }
    if (ending?.kind === 'report') return ended(ending.report, '')
    const candidates = candidatesOf(request, ending)
    const whole: CandidateReports = {
      ...{ evaluatedAt: '2026-11-23T10:00:00Z', dataset, metric: request.metric },
      candidates: candidates.map((one) => ('reason' in one ? one : { measurement: one })),
    }
    const gzipped = gzipSync(JSON.stringify(whole))
    const log = ['the server is ready', ...reportLines(gzipped), ''].join('\n')
    const comparisons = comparisonsOf(request, candidates)
    return ended({ outcome: 'measured', candidates, dataset, comparisons, report: locationOf(gzipped) }, log)
  }
  return { run, attempts }
}
export type SimulatedEvaluations = ReturnType<typeof simulatedEvaluations>
