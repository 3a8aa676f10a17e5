import type { CandidateReport } from '@gantry/contract/evaluation.ts'

type Histogram = NonNullable<CandidateReport['latencies']>

const bins = 40

const rounded = (value: number): number => Number(value.toPrecision(6))

/**
 * Counts in bins of one width from the least to the 99.5th percentile, and one for the rest: a few slow answers would squeeze all
 * others into one bin.
 * @param sorted ascending, not empty
 */
export const histogram = (sorted: Float64Array): Histogram => {
  const low = sorted[0] as number
  const most = sorted.at(-1) as number
  const high = sorted[Math.floor(0.995 * (sorted.length - 1))] as number
  if (!(high > low)) return { edges: [rounded(low), rounded(most)], counts: [sorted.length] }
  const width = (high - low) / bins
  const counts = new Array<number>(bins).fill(0)
  let above = 0
  for (const value of sorted) {
    const bin = Math.floor((value - low) / width)
    if (bin < bins) counts[bin] = Number(counts[bin]) + 1
    else if (value <= high) counts[bins - 1] = Number(counts[bins - 1]) + 1
    else above += 1
  }
  const edges = Array.from({ length: bins + 1 }, (_, index) => rounded(low + index * width))
  return above === 0 ? { edges, counts } : { edges: [...edges, rounded(most)], counts: [...counts, above] }
}
