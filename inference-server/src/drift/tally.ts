/** Counts of requests in the bins of a reference: of constant size, whatever comes. */
import type { DriftFeature } from '@gantry/contract/drift.ts'
import type { Seen } from './features.ts'

export interface Tally {
  /** Rows in each bin; the last one is of what is missing, or of no known value. */
  readonly counts: Float64Array
  /** Numbers beyond all of the reference. */
  outside: number
  /** Of a vector. */
  samples: number
  readonly sums: Float64Array
}

export const emptyTally = ({ kind, edges = [], values = [], mean = [] }: DriftFeature): Tally => ({
  counts: new Float64Array(
    kind === 'number' ? edges.length + 2 : kind === 'category' ? values.length + 1 : 0,
  ),
  outside: 0,
  samples: 0,
  sums: new Float64Array(mean.length),
})

/** The bin of a number: how many edges are not above it. */
export const binOf = (edges: readonly number[], value: number): number => {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((edges[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}

const increment = (counts: Float64Array, bin: number): void => {
  counts[bin] = (counts[bin] as number) + 1
}

const addNumber = (tally: Tally, { edges = [], least = 0, most = 0 }: DriftFeature, value: number): void => {
  const { counts } = tally
  if (Number.isNaN(value)) {
    increment(counts, counts.length - 1)
    return
  }
  if (value < least || value > most) tally.outside += 1
  increment(counts, binOf(edges, value))
}

/** One member that is not would take all others with it. */
export const isFiniteVector = (members: ArrayLike<number>): boolean => {
  for (let at = 0; at < members.length; at++) if (!Number.isFinite(members[at])) return false
  return true
}

const addVector = (tally: Tally, members: ArrayLike<number>): void => {
  const { sums } = tally
  if (members.length !== sums.length || !isFiniteVector(members)) return
  tally.samples += 1
  for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] as number) + (members[at] as number)
}

/** Counts what was seen of a feature. @param keyOf hashes a value of a category */
export const addTo = (
  tally: Tally,
  feature: DriftFeature,
  seen: Seen,
  keyOf: (value: string) => string,
): void => {
  if (seen === undefined) return
  if (typeof seen === 'number') addNumber(tally, feature, seen)
  else if (typeof seen === 'object') addVector(tally, seen)
  else {
    const at = feature.values?.indexOf(keyOf(seen)) ?? -1
    increment(tally.counts, at < 0 ? tally.counts.length - 1 : at)
  }
}

/** Both together. */
export const joined = (one: Tally, other: Tally): Tally => ({
  counts: one.counts.map((count, bin) => count + (other.counts[bin] as number)),
  outside: one.outside + other.outside,
  samples: one.samples + other.samples,
  sums: one.sums.map((sum, at) => sum + (other.sums[at] as number)),
})
