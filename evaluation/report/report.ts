/** All that a report says, in the order in which it is read. */
import { metricOf, scoreOf } from '../evaluation.ts'
import { candidatesSection } from './candidates.ts'
import { conclusions } from './conclusions.ts'
import { datasetSection, hardwareSection, spreadSection } from './conditions.ts'
import { metricsSection } from './metrics.ts'
import { latencySection, throughputSection } from './performance.ts'
import { rankingSection, tradeoffSection } from './ranking.ts'
import { requirementsSection } from './requirements.ts'
import { scoreSection } from './score.ts'
import { list, type Section } from './section.ts'
import type { EvaluationSummary } from './summary.ts'

export interface Report {
  readonly title: string
  readonly introduction: string
  /** Sections that have nothing to say are left out. */
  readonly sections: readonly Section[]
}

const introduction = ({ namespace, spec, reports }: EvaluationSummary): string => {
  const evaluatedAt = reports.map((report) => report.evaluatedAt).toSorted()
  const last = evaluatedAt.at(-1)
  return [
    `${spec.candidates.length} ${spec.candidates.length === 1 ? 'candidate' : 'candidates'}, ranked by ${spec.objective ? `spec.objective (the least ${spec.objective.minimize})` : `the ${scoreOf(spec)} score`}; the metric that counts is ${metricOf(spec)}.`,
    ...(namespace === undefined ? [] : [`Namespace ${namespace}.`]),
    ...(last === undefined ? [] : [`Measured until ${last}.`]),
  ].join(' ')
}

export const reportOf = (summary: EvaluationSummary): Report => ({
  title: `Evaluation ${summary.name}`,
  introduction: introduction(summary),
  sections: [
    { heading: 'Result', blocks: [list(conclusions(summary))] },
    rankingSection(summary),
    scoreSection(summary),
    tradeoffSection(summary),
    requirementsSection(summary),
    metricsSection(summary),
    latencySection(summary),
    throughputSection(summary),
    datasetSection(summary),
    hardwareSection(summary),
    spreadSection(),
    candidatesSection(summary),
  ].filter((section) => section.blocks.length > 0 || (section.parts ?? []).length > 0),
})
