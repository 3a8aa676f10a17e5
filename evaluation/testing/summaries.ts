/** A whole evaluation as a cluster or a file would leave it, with figures from a seed. */
import type { CandidateReport, Unmeasured } from '@gantry/contract/evaluation.ts'
import type { RankingSpec } from '../evaluation.ts'
import { randomOf } from '../random.ts'
import { rank } from '../ranking.ts'
import type { EvaluationSummary } from '../report/summary.ts'
import { fast } from './measurements.ts'

interface Shape {
  readonly name?: string
  /** Names of the candidates. */
  readonly candidates: readonly string[]
  /** Names of the classes. */
  readonly labels: readonly string[]
  readonly spec?: Partial<RankingSpec>
  readonly unmeasured?: readonly Unmeasured[]
}

const round = (value: number): number => Number(value.toPrecision(6))

const counts = (classes: number, accuracy: number, random: () => number): number[][] =>
  Array.from({ length: classes }, (_, actual) => {
    const row = new Array<number>(classes).fill(0)
    for (let sample = 0; sample < 40; sample += 1) {
      const isRight = random() < accuracy
      const predicted = isRight ? actual : Math.floor(random() * random() * classes)
      row[predicted] = (row[predicted] ?? 0) + 1
    }
    return row
  })

/** Forty bars of one width, and one for the few slowest requests. */
const latencies = (p50Ms: number, random: () => number) => {
  const edges = Array.from({ length: 41 }, (_, index) => round(p50Ms * (0.6 + index * 0.04)))
  const bars = edges
    .slice(1)
    .map((_, index) => Math.round(200 * Math.exp(-((index - 10) ** 2) / 30) + 12 * random()))
  return { edges: [...edges, p50Ms * 9], counts: [...bars, 8] }
}

const candidateReport = (name: string, labels: readonly string[], seed: number): CandidateReport => {
  const random = randomOf(seed)
  const accuracy = round(0.72 + 0.25 * random())
  const p50Ms = round(2 + 30 * random() ** 2)
  const one = fast(name, round(3500 / p50Ms), {
    sizeBytes: Math.round(4e6 + 4e9 * random() ** 3),
    digest: `sha256:${seed.toString(16).padStart(64, 'a')}`,
    metrics: { accuracy, f1Macro: round(accuracy - 0.02), f1Weighted: round(accuracy - 0.01), topK: 0.99 },
    intervals: { accuracy: [round(accuracy - 0.02), round(Math.min(1, accuracy + 0.02))], topK: [0.98, 1] },
  })
  const byConcurrency = [1, 8, 32].map((concurrency, index) => ({
    concurrency,
    requests: 200 * concurrency,
    meanMs: round(p50Ms * (1 + index)),
    p50Ms: round(p50Ms * (1 + index)),
    p95Ms: round(p50Ms * (1.4 + index)),
    p99Ms: round(p50Ms * (1.9 + index)),
    throughputPerSecond: round((900 * (index + 1 + random())) / p50Ms),
    spread: round(0.01 + 0.04 * random()),
  }))
  const performance = {
    ...one.performance,
    ...byConcurrency[0],
    byConcurrency,
    loadMs: round(400 + 900 * random()),
  }
  return {
    measurement: {
      ...one,
      performance: { ...performance, throughputPerSecond: byConcurrency[2]?.throughputPerSecond ?? 0 },
    },
    confusion: { labels: [...labels], counts: counts(labels.length, accuracy, random) },
    perClass: labels.map((label) => ({
      label,
      precision: round(random()),
      recall: round(random()),
      f1: round(random()),
      support: 40,
    })),
    latencies: latencies(p50Ms, random),
    mistakes: [3, 17, 42].map((line) => ({ line, expected: labels[0] ?? '', predicted: labels[1] ?? '' })),
  }
}

export const summary = ({
  name = 'which-intents',
  candidates,
  labels,
  spec: changes,
  unmeasured = [],
}: Shape): EvaluationSummary => {
  const reports = candidates.map((candidate, index) => candidateReport(candidate, labels, index + 1))
  const spec: RankingSpec = {
    candidates: [...candidates, ...unmeasured.map((one) => one.name)].map((candidate) => ({
      name: candidate,
      task: 'text-classification',
    })),
    ...changes,
  }
  const dataset = {
    source: 'https://example.com/intents/test.jsonl',
    digest: `sha256:${'d'.repeat(64)}`,
    samples: 500,
    total: 2000,
  }
  const ranking = rank(spec, [...reports.map(({ measurement }) => measurement), ...unmeasured])
  return {
    name,
    namespace: 'shop',
    spec,
    status: {
      ...ranking,
      results: [...ranking.results],
      ineligible: [...ranking.ineligible],
      pareto: [...ranking.pareto],
      dataset,
    },
    reports: [
      {
        evaluatedAt: '2026-11-26T10:00:00Z',
        dataset,
        metric: 'accuracy',
        candidates: [...reports, ...unmeasured],
      },
    ],
  }
}
