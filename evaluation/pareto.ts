/** The candidates that no other one beats in accuracy, cost and throughput at once. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import { isBetter } from './goodness.ts'
import type { Scored } from './score.ts'

/** At least as good in each of the three, and better in one. Two that are equal in all three do not dominate each other. */
const dominates = (metric: Metric, one: Scored, other: Scored): boolean => {
  const worse =
    isBetter(metric, other.value, one.value) ||
    other.cost.total < one.cost.total ||
    other.throughput > one.throughput
  const better =
    isBetter(metric, one.value, other.value) ||
    one.cost.total < other.cost.total ||
    one.throughput > other.throughput
  return better && !worse
}

/** In the order given. */
export const paretoFront = <Candidate extends Scored>(
  metric: Metric,
  candidates: readonly Candidate[],
): readonly Candidate[] =>
  candidates.filter((candidate) => !candidates.some((other) => dominates(metric, other, candidate)))
