/** Ranks what was measured: who is eligible, by what score, who wins, and who is on the Pareto front. */
import type { Measurement, Metric } from '@gantry/contract/evaluation.ts'
import { articleCost, type CostOf } from './cost.ts'
import { type Eligible, eligibility, type Measured } from './eligibility.ts'
import { metricOf, type Ranking, type RankingSpec, type Result, type Score, scoreOf } from './evaluation.ts'
import { isBetter } from './goodness.ts'
import { choose, type DropOf } from './objective.ts'
import { paretoFront } from './pareto.ts'
import { score, weightsOf } from './score.ts'

type Ranked = Eligible & { readonly score: Score }

/**
 * Results are ordered by spec.objective where there is one; else by the score that spec.score names, then by the metric, then by cost,
 * then by name.
 * @param measured candidates in any order; one that spec does not name is left out, one that is missing is not measured yet
 * @param costOf the article's formula unless given; with spec.costModel.prices it comes from the price sheet
 * @param dropOf for the limit of spec.objective; without it, no candidate meets one
 */
export const rank = (
  spec: RankingSpec,
  measured: readonly Measured[],
  costOf: CostOf = articleCost(spec),
  dropOf?: DropOf,
): Ranking => {
  const metric = metricOf(spec)
  const byName = new Map(measured.map((one) => [one.name, one]))
  const found = spec.candidates.map((candidate) =>
    eligibility(spec, candidate, { measured: byName.get(candidate.name), costOf }),
  )
  const eligible = found.filter((one) => one.kind === 'eligible')
  const weights = weightsOf(spec)
  const scored = eligible.map((one) => ({ ...one, score: score(metric, one, { all: eligible, weights }) }))
  const choice = spec.objective && choose(spec.objective, metric, scored, dropOf)
  const ranked = choice?.sorted ?? scored.toSorted(order(metric, scoreOf(spec)))
  const results = ranked.map(result)
  const winner = choice ? choice.chosen.name : results[0]?.name
  return {
    ...(winner !== undefined && { winner }),
    ...(choice && { chosen: choice.chosen }),
    results,
    ineligible: found.flatMap((one) =>
      one.kind === 'ineligible' ? [{ name: one.name, reasons: [...one.reasons] }] : [],
    ),
    pareto: paretoFront(metric, ranked).map(({ measurement }) => measurement.name),
  }
}

/** A score that the article's formula does not give (an error as the metric) is replaced by the normalized one. */
const order =
  (metric: Metric, kind: keyof Score) =>
  (one: Ranked, other: Ranked): number => {
    const scores = [one, other].map((ranked) => ranked.score[kind] ?? ranked.score.normalized)
    const byScore = (scores[1] ?? 0) - (scores[0] ?? 0)
    if (byScore !== 0) return byScore
    if (one.value !== other.value) return isBetter(metric, one.value, other.value) ? -1 : 1
    if (one.cost.total !== other.cost.total) return one.cost.total - other.cost.total
    return one.measurement.name < other.measurement.name ? -1 : 1
  }

/** JSON has no number for infinity, and status none for what is no number. */
const finite = (values: Measurement['metrics']): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)))

const finiteIntervals = (intervals: Measurement['intervals']): Measurement['intervals'] =>
  Object.fromEntries(Object.entries(intervals).filter(([, bounds]) => bounds.every(Number.isFinite)))

/** Status has the figures of a measurement without the number of requests. */
const performanceOf = ({ byConcurrency, ...figures }: Measurement['performance']): Result['performance'] => ({
  ...finite(figures),
  byConcurrency: byConcurrency.map(
    ({ concurrency, throughputPerSecond, spread, meanMs, p50Ms, p95Ms, p99Ms }) => ({
      concurrency,
      throughputPerSecond,
      spread,
      ...finite({ meanMs, p50Ms, p95Ms, p99Ms }),
    }),
  ),
})

const result = ({ measurement, cost, score }: Ranked): Result => {
  const { name, digest, sizeBytes, metrics, intervals, performance, hardware } = measurement
  return {
    name,
    eligible: true,
    digest,
    sizeBytes,
    metrics: finite(metrics),
    intervals: finiteIntervals(intervals),
    performance: performanceOf(performance),
    hardware,
    cost,
    score,
  }
}
