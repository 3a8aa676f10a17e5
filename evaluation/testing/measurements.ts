/** A valid measurement and spec, of which a test changes one thing. */
import type { Comparison, Measurement } from '@gantry/contract/evaluation.ts'
import type { RankingSpec } from '../evaluation.ts'

export const measurement = (name: string, changes: Partial<Measurement> = {}): Measurement => ({
  name,
  task: 'text-classification',
  digest: `sha256:${'0'.repeat(64)}`,
  sizeBytes: 2e9,
  metrics: { accuracy: 0.9, f1Macro: 0.88 },
  intervals: { accuracy: [0.87, 0.93], f1Macro: [0.85, 0.91] },
  performance: {
    meanMs: 10,
    p50Ms: 9,
    p95Ms: 15,
    p99Ms: 21,
    throughputPerSecond: 400,
    byConcurrency: [
      {
        concurrency: 1,
        requests: 200,
        meanMs: 10,
        p50Ms: 9,
        p95Ms: 15,
        p99Ms: 21,
        throughputPerSecond: 100,
        spread: 0.02,
      },
      {
        concurrency: 8,
        requests: 800,
        meanMs: 20,
        p50Ms: 19,
        p95Ms: 30,
        p99Ms: 41,
        throughputPerSecond: 400,
        spread: 0.03,
      },
    ],
    loadMs: 800,
    peakMemoryBytes: 3e8,
  },
  hardware: {
    processor: 'Example CPU',
    cores: 2,
    memoryBytes: 8e9,
    accelerator: 'cpu',
    onnxruntime: '1.23.0',
    server: '0.1.0',
  },
  ...changes,
})

/** @param throughputPerSecond the most of all concurrencies */
export const fast = (
  name: string,
  throughputPerSecond: number,
  changes: Partial<Measurement> = {},
): Measurement => {
  const one = measurement(name, changes)
  return { ...one, performance: { ...one.performance, throughputPerSecond } }
}

export const spec = (names: readonly string[], changes: Partial<RankingSpec> = {}): RankingSpec => ({
  candidates: names.map((name) => ({ name, task: 'text-classification' })),
  ...changes,
})

export const comparison = (changes: Partial<Comparison> = {}): Comparison => ({
  name: 'v_2',
  with: 'v_1',
  metric: 'accuracy',
  difference: -0.03,
  interval: [-0.048, -0.012],
  pValue: 0.001,
  samples: 500,
  ...changes,
})
