/** Figures of a series of measurements. */
import { quantile } from '../../accuracy/quantile.ts'
import { ascending } from '../../datasets/order.ts'

export const median = (values: readonly number[]): number => quantile(values.toSorted(ascending), 0.5)

/** Half the range between the quartiles, as a share of the median: how far rounds of the same load lie apart. */
export const spread = (values: readonly number[]): number => {
  const sorted = values.toSorted(ascending)
  const middle = quantile(sorted, 0.5)
  return middle === 0 ? 0 : (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 / middle
}

export interface Latencies {
  readonly meanMs: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

/** Ascending, of all rounds. */
export const pooled = (rounds: readonly Float64Array[]): Float64Array => {
  const all = new Float64Array(rounds.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const round of rounds) {
    all.set(round, at)
    at += round.length
  }
  return all.sort()
}

/** @param sorted ascending, not empty; milliseconds */
export const latenciesOf = (sorted: Float64Array): Latencies => ({
  meanMs: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
  p50Ms: quantile(sorted, 0.5),
  p95Ms: quantile(sorted, 0.95),
  p99Ms: quantile(sorted, 0.99),
})
