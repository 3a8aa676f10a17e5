/** Ranks what was measured: who is eligible, by what score, who wins, and who is on the Pareto front. */
import type { Measurement, Unmeasured } from '@gantry/contract/evaluation.ts'
import { articleCost, type CostOf } from './cost.ts'
import type { Ranking, RankingSpec } from './evaluation.ts'

/**
 * @param measured candidates in any order; one that spec does not name is left out, one that is missing is not measured yet
 * @param costOf the article's formula unless given; with spec.costModel.prices it comes from the price sheet
 */
export const rank = (
  _spec: RankingSpec,
  _measured: readonly (Measurement | Unmeasured)[],
  _costOf: CostOf = articleCost(_spec),
): Ranking => ({ results: [], ineligible: [], pareto: [] })
