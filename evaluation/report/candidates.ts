/** What only one candidate has: distribution of latencies, confusion matrix, classes, mistakes. */
import type { CandidateReport } from '@gantry/contract/evaluation.ts'
import { figure } from '../numbers.ts'
import { heatMap } from './plots/heat-map.ts'
import { histogram } from './plots/histogram.ts'
import { percent } from './quantities.ts'
import { type Block, list, paragraph, plot, type Section, table } from './section.ts'
import { candidateReports, type EvaluationSummary } from './summary.ts'

/** Rows that somebody reads; the JSON report has all. */
const mostConfusions = 10
const mostClasses = 200
const mostMistakes = 50

const remarks = ({ remarks: all = [] }: CandidateReport): readonly Block[] =>
  all.length === 0 ? [] : [list(all)]

const latencies = ({ latencies: histogramOf, measurement }: CandidateReport): readonly Block[] => {
  if (!histogramOf?.counts.some((count) => count > 0)) return []
  const { p50Ms, p95Ms, p99Ms } = measurement.performance
  const marks = { p50: p50Ms, p95: p95Ms, p99: p99Ms }
  return [plot('Latencies of requests, one at a time.', () => histogram({ ...histogramOf, marks }))]
}

interface Confusion {
  readonly actual: number
  readonly predicted: number
  readonly count: number
  /** Share of the samples of the actual class. */
  readonly share: number
}

/** Few of a million cells have a sample, so empty ones are passed over. */
const confusionsOf = (row: readonly number[], actual: number): readonly Confusion[] => {
  const total = row.reduce((sum, count) => sum + count, 0)
  const found: Confusion[] = []
  for (const [predicted, count] of row.entries())
    if (count > 0 && predicted !== actual) found.push({ actual, predicted, count, share: count / total })
  return found
}

const mostFrequent = ({ counts }: NonNullable<CandidateReport['confusion']>): readonly Confusion[] =>
  counts
    .flatMap(confusionsOf)
    .toSorted((one, other) => other.count - one.count || other.share - one.share)
    .slice(0, mostConfusions)

const confusionMatrix = ({ confusion }: CandidateReport): readonly Block[] => {
  if (!confusion || confusion.labels.length === 0) return []
  const { labels } = confusion
  const rows = mostFrequent(confusion).map(({ actual, predicted, count, share }) => [
    labels[actual] ?? '',
    labels[predicted] ?? '',
    String(count),
    percent(share),
  ])
  return [
    plot(
      'Confusion matrix. A cell is shaded by its share of the samples of its class; blue is right, orange is wrong.',
      () => heatMap(confusion),
    ),
    ...(rows.length > 0
      ? [
          paragraph('Most frequent confusions:'),
          table(['Class', 'Predicted as', 'Samples#', 'Of the class#'], rows),
        ]
      : []),
  ]
}

const classes = ({ perClass = [] }: CandidateReport): readonly Block[] => {
  if (perClass.length === 0) return []
  const isCut = perClass.length > mostClasses
  const shown = isCut ? perClass.toSorted((one, other) => one.f1 - other.f1).slice(0, mostClasses) : perClass
  const rows = shown.map(({ label, precision, recall, f1, support }) => [
    label,
    ...[precision, recall, f1].map(figure),
    String(support),
  ])
  return [
    paragraph(isCut ? `The ${mostClasses} worst of ${perClass.length} classes:` : 'Classes:'),
    table(['Class', 'Precision#', 'Recall#', 'F1#', 'Samples#'], rows),
  ]
}

const mistakes = ({ mistakes: all = [] }: CandidateReport): readonly Block[] => {
  if (all.length === 0) return []
  const rows = all
    .slice(0, mostMistakes)
    .map(({ line, expected, predicted }) => [String(line), expected, predicted])
  return [paragraph('First mistakes:'), table(['Line#', 'Expected', 'Predicted'], rows)]
}

export const candidatesSection = (summary: EvaluationSummary): Section => ({
  heading: 'Candidates',
  blocks: [],
  parts: candidateReports(summary)
    .map((report) => ({
      heading: report.measurement.name,
      blocks: [
        ...remarks(report),
        ...latencies(report),
        ...confusionMatrix(report),
        ...classes(report),
        ...mistakes(report),
      ],
    }))
    .filter(({ blocks }) => blocks.length > 0),
})
