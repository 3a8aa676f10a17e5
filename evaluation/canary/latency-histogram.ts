/** Latencies as gateways count them, and the latency above which an answer is slow. */

/**
 * An exponential histogram as OpenTelemetry has it, of milliseconds: bucket i counts latencies above 2^(i/2^scale), up to
 * 2^((i+1)/2^scale). counts[0] is bucket `offset`.
 */
export interface LatencyHistogram {
  readonly scale: number
  readonly offset: number
  readonly counts: readonly number[]
}

/** Buckets are 4.4 % wide. The bounds need not be closer: both tracks are compared with the same one. */
export const latencyScale = 4

/** The 95th percentile of fewer latencies is that of the five slowest requests. */
export const leastLatencies = 100

/** Buckets that a latency can have: from 2^-20 ms, a nanosecond, to 2^30 ms, twelve days. */
const [leastBucket, mostBucket] = [-20 * 2 ** latencyScale, 30 * 2 ** latencyScale]

/** Why a histogram cannot be read. */
export const histogramProblem = ({ scale, offset, counts }: LatencyHistogram): string | undefined => {
  if (scale !== latencyScale) return `the histogram has scale ${scale}, not ${latencyScale}`
  const isInRange = Number.isInteger(offset) && offset >= leastBucket && offset + counts.length <= mostBucket
  if (!isInRange) return `the histogram has ${counts.length} buckets from ${offset}, which no latency has`
  const wrong = counts.find((count) => !Number.isSafeInteger(count) || count < 0)
  return wrong === undefined ? undefined : `the histogram has a count of ${wrong}, no whole number from 0`
}

/** The upper bound of a bucket in milliseconds. */
const upperBound = (bucket: number): number => 2 ** ((bucket + 1) / 2 ** latencyScale)

/** Milliseconds to three digits, as status shows them; rounded up, so that no request below the bound becomes slow. */
const rounded = (ms: number): number => {
  const unit = 10 ** (Math.floor(Math.log10(ms)) - 2)
  return Number((Math.ceil(ms / unit) * unit).toPrecision(3))
}

/**
 * The 95th percentile in milliseconds of what several gateways measured, at most one bucket too high; undefined of too
 * few requests. Histograms with a problem are left out.
 */
export const p95Of = (histograms: readonly LatencyHistogram[]): number | undefined => {
  const buckets = new Map<number, number>()
  for (const histogram of histograms) {
    if (histogramProblem(histogram) !== undefined) continue
    for (const [index, count] of histogram.counts.entries())
      buckets.set(histogram.offset + index, (buckets.get(histogram.offset + index) ?? 0) + count)
  }
  const ascending = [...buckets].sort(([a], [b]) => a - b)
  const total = ascending.reduce((sum, [, count]) => sum + count, 0)
  if (total < leastLatencies) return undefined
  let below = 0
  for (const [bucket, count] of ascending) {
    below += count
    if (below >= 0.95 * total) return rounded(upperBound(bucket))
  }
  return undefined
}
