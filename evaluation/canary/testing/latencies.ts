import { type LatencyHistogram, latencyScale } from '../latency-histogram.ts'
import type { Random } from './simulation.ts'

/** The histogram that a gateway counts of latencies in milliseconds. */
export const histogramOf = (latencies: readonly number[]): LatencyHistogram => {
  const buckets = latencies.map((ms) => Math.ceil(Math.log2(ms) * 2 ** latencyScale) - 1)
  const offset = Math.min(...buckets)
  const counts = Array.from({ length: Math.max(...buckets) - offset + 1 }, () => 0)
  for (const bucket of buckets) counts[bucket - offset] = (counts[bucket - offset] ?? 0) + 1
  return { scale: latencyScale, offset, counts }
}

/** A latency with the median 1 whose logarithm is normal. @param sigma standard deviation of the logarithm */
export const lognormal = (random: Random, sigma: number): number =>
  Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
