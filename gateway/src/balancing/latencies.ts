/** Latencies of answers in buckets of one width on a logarithmic scale, from which the verdict takes a percentile. */
import type { ModelDemand } from '@gantry/contract/gateway.ts'

type LatencyHistogram = NonNullable<ModelDemand['stable']['latencies']>

export interface Latencies {
  readonly observe: (ms: number) => void
  /** undefined before the first one. */
  readonly histogram: () => LatencyHistogram | undefined
}

/** Buckets are 4.4 % wide, as the verdict reads them. */
const scale = 4
const perDoubling = 2 ** scale
/** Buckets reach from 2^-20 ms, a nanosecond, to 2^30 ms, twelve days. */
const [least, most] = [-20 * perDoubling, 30 * perDoubling - 1]

/** Bucket i holds latencies above 2^(i/16), up to 2^((i+1)/16) ms. */
const bucketOf = (ms: number): number =>
  Math.min(most, Math.max(least, Math.ceil(Math.log2(ms) * perDoubling) - 1))

export const createLatencies = (): Latencies => {
  const counts = new Map<number, number>()
  return {
    observe: (ms) => {
      const bucket = bucketOf(ms)
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
    },
    histogram: () => {
      if (counts.size === 0) return undefined
      const offset = Math.min(...counts.keys())
      const length = Math.max(...counts.keys()) - offset + 1
      return { scale, offset, counts: Array.from({ length }, (_, at) => counts.get(offset + at) ?? 0) }
    },
  }
}
