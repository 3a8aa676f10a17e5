/** The candidates that no other one beats in accuracy, cost and throughput at once. */
import type { Metric } from '@gantry/contract/evaluation.ts'
import { isBetter } from './goodness.ts'
import type { Scored } from './score.ts'
import { countedThroughputs } from './throughput.ts'

/** Costs that differ by less than this share are equal here: the models of one task differ by bytes, which no price tells apart. */
const sameCost = 0.001

const isCheaper = ({ cost: { total } }: Scored, other: Scored): boolean =>
  total < other.cost.total * (1 - sameCost)

/** Whether one is at least as good in each of the three, and better in one. Two that are equal in all three do not dominate each other. */
const dominates = (metric: Metric, one: Scored, other: Scored): boolean => {
  const worse =
    isBetter(metric, other.value, one.value) || isCheaper(other, one) || other.throughput > one.throughput
  const better =
    isBetter(metric, one.value, other.value) || isCheaper(one, other) || one.throughput > other.throughput
  return better && !worse
}

/** The front in the order given. Throughputs that the measurement does not tell apart are equal. */
export const paretoFront = <Candidate extends Scored>(
  metric: Metric,
  candidates: readonly Candidate[],
): readonly Candidate[] => {
  const counted = countedThroughputs(candidates)
  const all = candidates.map((candidate) => ({
    candidate,
    scored: { ...candidate, throughput: counted.get(candidate) ?? candidate.throughput },
  }))
  return all
    .filter(({ scored }) => !all.some((other) => dominates(metric, other.scored, scored)))
    .map(({ candidate }) => candidate)
}
