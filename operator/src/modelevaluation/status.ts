import { plainText } from '@gantry/contract/plain-text.ts'
import type { Ranking } from '@gantry/evaluation/evaluation.ts'
import type { Finding } from '../runtime/finding.ts'
import { conditionTypes, type Verdict, verdictsOf } from './conditions.ts'
import type { Condition, ModelEvaluation, ModelEvaluationStatus } from './model-evaluation.ts'
import type { Inquired } from './observe.ts'
import { datasetOf, isComplete, progressOf, rankingOf, recordsOf } from './results.ts'

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
const timestamp = (now: number): string => new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')

/** Every message is cleaned here, since it may quote foreign text. lastTransitionTime is when the status changed, not the reason or the message. */
const condition = (evaluation: ModelEvaluation, type: string, verdict: Verdict, now: number): Condition => {
  const last = evaluation.status?.conditions?.find((candidate) => candidate.type === type)
  const lastTransitionTime = last?.status === verdict.status ? last.lastTransitionTime : timestamp(now)
  const message = plainText(verdict.message)
  return { type, ...verdict, message, observedGeneration: evaluation.metadata.generation, lastTransitionTime }
}

const rankedPart = (ranking: Ranking, isWhole: boolean) => ({
  // A winner among some of the candidates might be deployed, and lose to the next one.
  ...(isWhole && ranking.winner !== undefined ? { winner: ranking.winner } : {}),
  ...(ranking.results.length > 0 ? { results: ranking.results } : {}),
  ...(ranking.ineligible.length > 0
    ? {
        ineligible: ranking.ineligible.map(({ name, reasons }) => ({
          name,
          reasons: reasons.map((reason) => plainText(reason)),
        })),
      }
    : {}),
  ...(isWhole && ranking.pareto.length > 0 ? { pareto: ranking.pareto } : {}),
})

/** The status that says what was observed. Pure: the same observation gives the same status. */
export const nextStatus = (
  observed: Inquired,
  finding: Finding | undefined,
  now: number,
): ModelEvaluationStatus => {
  const { evaluation, standings, pricing } = observed
  const records = recordsOf(standings)
  const ranking = rankingOf(evaluation, records, pricing.costOf)
  const verdicts = verdictsOf(observed, ranking, finding)
  const dataset = datasetOf(records)
  const { managedBy } = evaluation.status ?? {}
  return {
    observedGeneration: evaluation.metadata.generation,
    conditions: conditionTypes.map((type) => condition(evaluation, type, verdicts[type], now)),
    ...(managedBy ? { managedBy } : {}),
    ...(dataset ? { dataset: { ...dataset, source: plainText(dataset.source) } } : {}),
    ...rankedPart(ranking, isComplete(standings)),
    progress: progressOf(standings),
  }
}
