/** What the figures say, in sentences: who won, how sure that is, and what makes figures incomparable. */
import { metricOf, scoreOf } from '../evaluation.ts'
import { figure } from '../numbers.ts'
import { required } from '../requirements.ts'
import { datasets, type EvaluationSummary, measurements, type Placed, placed } from './summary.ts'

const scoreText = (summary: EvaluationSummary, { result }: Placed): string => {
  const kind = scoreOf(summary.spec)
  return figure(result.score[kind] ?? result.score.normalized)
}

const winner = (summary: EvaluationSummary): readonly string[] => {
  const [first, second] = placed(summary)
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

/** Candidates whose metric the samples may not tell from that of the winner. */
const uncertain = (summary: EvaluationSummary): readonly string[] => {
  const [first, ...others] = placed(summary)
  const metric = metricOf(summary.spec)
  const [low, high] = first?.result.intervals?.[metric] ?? []
  if (!first || low === undefined || high === undefined) return []
  const names = others.flatMap(({ result }) => {
    const [otherLow, otherHigh] = result.intervals?.[metric] ?? []
    if (otherLow === undefined || otherHigh === undefined) return []
    return otherLow <= high && otherHigh >= low ? [result.name] : []
  })
  if (names.length === 0) return []
  return [
    `By ${metric}, these samples alone may not tell the winner from ${names.join(', ')}: the intervals overlap.`,
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
