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

/**
 * The chance that such a latency is above a bound: the normal distribution by Abramowitz and Stegun, 26.2.17, to seven
 * digits after the point.
 */
export const chanceAbove = (bound: number, sigma: number): number => {
  const z = Math.log(bound) / sigma
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (polynomial * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
  return z >= 0 ? tail : 1 - tail
}
