import { plainText } from '@gantry/contract/plain-text.ts'
import type { Ranking } from '@gantry/evaluation/evaluation.ts'
import { condition } from '../runtime/condition.ts'
import type { Finding } from '../runtime/finding.ts'
import { conditionTypes, verdictsOf } from './conditions.ts'
import type { ModelEvaluationStatus } from './model-evaluation.ts'
import type { Inquired } from './observe.ts'
import { datasetOf, isComplete, progressOf, rankingOf, recordsOf } from './results.ts'

const rankedPart = (ranking: Ranking, isWhole: boolean) => ({
  // A winner among some of the candidates might be deployed, and lose to the next one.
  ...(isWhole && ranking.winner !== undefined ? { winner: ranking.winner } : {}),
  ...(isWhole && ranking.chosen ? { chosen: ranking.chosen } : {}),
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
