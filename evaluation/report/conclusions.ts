/** What the figures say, in sentences: who won, how sure that is, and what makes figures incomparable. */
import { metricOf, scoreOf } from '../evaluation.ts'
import { figure } from '../numbers.ts'
import { required } from '../requirements.ts'
import { equallyFast, spreadOf } from '../throughput.ts'
import { datasets, type EvaluationSummary, measurements, type Placed, placed } from './summary.ts'

const scoreText = (summary: EvaluationSummary, { result }: Placed): string => {
  const kind = scoreOf(summary.spec)
  return figure(result.score[kind] ?? result.score.normalized)
}

const winner = (summary: EvaluationSummary): readonly string[] => {
  const [first, second] = placed(summary)
  const { chosen } = summary.status
  if (chosen) return [`By spec.objective, ${chosen.reason}.`]
  if (!first) return ['No candidate that was measured is eligible.']
  const name = first.result.name
  const score = scoreText(summary, first)
  const metric = metricOf(summary.spec)
  const figures = `${metric} ${figure(first.result.metrics[metric] ?? 0)}, cost ${figure(first.result.cost.total)} per hour, ${figure(first.result.performance.throughputPerSecond ?? 0)} samples per second`
  if (!second) return [`${name} is the only eligible candidate: score ${score} (${figures}).`]
  return [
    `${name} wins with a score of ${score} (${figures}). ${second.result.name} follows with ${scoreText(summary, second)}.`,
  ]
}

type Range = readonly [number, number]

const metricRange = (summary: EvaluationSummary, { result }: Placed): Range | undefined => {
  const [low, high] = result.intervals?.[metricOf(summary.spec)] ?? []
  return low === undefined || high === undefined ? undefined : [low, high]
}

/** Names of the candidates that count as fast as the winner. */
const asFastAsWinner = (summary: EvaluationSummary): readonly string[] => {
  const all = placed(summary).flatMap(({ place, result: { name, performance } }) => {
    const { throughputPerSecond: throughput } = performance
    return throughput === undefined ? [] : [{ place, name, throughput, spread: spreadOf(performance) }]
  })
  const group = equallyFast(all).find((candidates) => candidates.some(({ place }) => place === 1)) ?? []
  return group
    .filter(({ place }) => place !== 1)
    .toSorted((one, other) => one.place - other.place)
    .map(({ name }) => name)
}

/** Names of the candidates whose range overlaps the winner's. */
const likeWinner = (
  summary: EvaluationSummary,
  rangeOf: (one: Placed) => Range | undefined,
): readonly string[] => {
  const [first, ...others] = placed(summary)
  const range = first && rangeOf(first)
  if (!range) return []
  return others.flatMap((one) => {
    const other = rangeOf(one)
    return other && other[0] <= range[1] && other[1] >= range[0] ? [one.result.name] : []
  })
}

/** Candidates that the measurement may not tell from the winner. */
const uncertain = (summary: EvaluationSummary): readonly string[] => {
  const { chosen, winner: name } = summary.status
  if (chosen && name === undefined) return []
  const byMetric = likeWinner(summary, (one) => metricRange(summary, one))
  const byThroughput = asFastAsWinner(summary)
  return [
    ...(byMetric.length > 0
      ? [
          `By ${metricOf(summary.spec)}, these samples alone may not tell the winner from ${byMetric.join(', ')}: the intervals overlap.`,
        ]
      : []),
    ...(byThroughput.length > 0
      ? [
          `By throughput, this measurement does not tell the winner from ${byThroughput.join(', ')}: the rounds spread as far, so they count as equally fast.`,
        ]
      : []),
  ]
}

const pending = ({ spec, status }: EvaluationSummary): readonly string[] => {
  const known = [...(status.results ?? []), ...(status.ineligible ?? [])].map(({ name }) => name)
  const names = spec.candidates.map(({ name }) => name).filter((name) => !known.includes(name))
  return names.length === 0 ? [] : [`Not measured yet: ${names.join(', ')}.`]
}

/** Differences in what was measured on. */
const incomparable = (summary: EvaluationSummary): readonly string[] => {
  const machines = new Set(
    measurements(summary).map(({ hardware: { processor, cores, accelerator, gpu } }) =>
      JSON.stringify([processor, cores, accelerator, gpu]),
    ),
  )
  const versions = new Set(measurements(summary).map(({ hardware }) => hardware.onnxruntime))
  return [
    ...(machines.size > 1
      ? ['Candidates were measured on different hardware, so their latency and throughput do not compare.']
      : []),
    ...(versions.size > 1 ? ['Candidates were measured with different versions of onnxruntime.'] : []),
    ...(datasets(summary).length > 1
      ? ['Candidates were measured on different data, so their metrics do not compare.']
      : []),
  ]
}

export const conclusions = (summary: EvaluationSummary): readonly string[] => {
  const needs = required(summary.spec.requirements)
  return [
    ...winner(summary),
    ...(needs.length > 0 ? [`Required: ${needs.join(', ')}.`] : []),
    ...uncertain(summary),
    ...incomparable(summary),
    ...pending(summary),
  ]
}
