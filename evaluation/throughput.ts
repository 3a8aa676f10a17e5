/** Which throughputs a measurement tells apart, and which count as equal. */
import type { Result } from './evaluation.ts'

/** Median of the rounds, and how far they lie apart. */
export interface Throughput {
  /** Samples per second. */
  readonly throughput: number
  /** Half the range of the rounds between the quartiles, as a share of the median. */
  readonly spread: number
}

/** The spread where the throughput was most; 0 where none was measured, so that every difference counts. */
export const spreadOf = ({
  throughputPerSecond: most,
  byConcurrency = [],
}: Result['performance']): number => {
  const spread = byConcurrency.find(({ throughputPerSecond }) => throughputPerSecond === most)?.spread ?? 0
  return Number.isFinite(spread) && spread > 0 ? spread : 0
}

/**
 * Half of the rounds lie within one spread of the median. Twice that holds for what equal candidates show in two of several
 * measurements, the fastest and the slowest among five, too.
 */
const spreadsExplained = 2

const slackOf = ({ throughput, spread }: Throughput): number => spreadsExplained * throughput * spread

/** Whether the spreads of both together explain the difference. */
const isExplained = (faster: Throughput, slower: Throughput): boolean =>
  faster.throughput - slower.throughput <= slackOf(faster) + slackOf(slower)

/**
 * Groups of candidates that count as equally fast, the fastest group first. From the fastest candidate down, one joins the group
 * when its difference from the fastest of the group is explained; otherwise it begins the next group. Being explained is
 * not transitive, groups are, and a slower candidate is never in a faster group.
 */
export const equallyFast = <Candidate extends Throughput>(
  all: readonly Candidate[],
): readonly (readonly [Candidate, ...Candidate[]])[] => {
  const groups: [Candidate, ...Candidate[]][] = []
  const sorted = all.toSorted((one, other) => other.throughput - one.throughput || other.spread - one.spread)
  for (const one of sorted) {
    const group = groups.at(-1)
    if (group && isExplained(group[0], one)) group.push(one)
    else groups.push([one])
  }
  return groups
}

/** The throughput that counts for each candidate: that of the fastest of its group. */
export const countedThroughputs = <Candidate extends Throughput>(
  all: readonly Candidate[],
): ReadonlyMap<Candidate, number> =>
  new Map(equallyFast(all).flatMap((group) => group.map((one) => [one, group[0].throughput] as const)))
