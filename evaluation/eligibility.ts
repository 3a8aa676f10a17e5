/** Whether a candidate counts in a ranking: it meets the requirements, and all that its score needs is known. */

import type { Measurement, Metric, Unmeasured } from '@gantry/contract/evaluation.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import type { CostOf } from './cost.ts'
import { type Candidate, isUnknown, metricOf, type RankingSpec } from './evaluation.ts'
import { lacking } from './requirements.ts'
import type { Scored } from './score.ts'
import { spreadOf } from './throughput.ts'

export type Measured = Measurement | Unmeasured

/** A candidate with all that its score needs. */
export interface Eligible extends Scored {
  readonly kind: 'eligible'
  readonly measurement: Measurement
}

export type Eligibility =
  | Eligible
  | { readonly kind: 'ineligible'; readonly name: string; readonly reasons: readonly string[] }
  | { readonly kind: 'pending' }

type Scorable = Eligible | { readonly kind: 'unscorable'; readonly reasons: readonly string[] }

export const isUnmeasured = (one: Measured): one is Unmeasured => 'reason' in one

const isAmount = (value: number): boolean => Number.isFinite(value) && value >= 0

const valueProblem = (metric: Metric, { metrics }: Measurement): readonly string[] => {
  if (Number.isFinite(metrics[metric])) return []
  const names = Object.keys(metrics).map(quoted).join(', ')
  const instead = names === '' ? 'no metric was' : `measured were ${names}`
  return [`${metric} was not measured (${instead}): set spec.metric to one that all candidates have`]
}

const costProblem = (cost: ReturnType<CostOf>): readonly string[] => {
  if (isUnknown(cost)) return [quoted(cost.unknown)]
  return Object.values(cost).every(isAmount) ? [] : ['its cost is no finite number of at least 0']
}

const throughputProblem = ({ performance }: Measurement): readonly string[] =>
  isAmount(performance.throughputPerSecond) ? [] : ['its throughput is no finite number of at least 0']

const scorable = (measured: Measured, metric: Metric, costOf: CostOf): Scorable => {
  if (isUnmeasured(measured)) return { kind: 'unscorable', reasons: [quoted(measured.message)] }
  const cost = costOf(measured)
  const reasons = [...valueProblem(metric, measured), ...costProblem(cost), ...throughputProblem(measured)]
  const value = measured.metrics[metric]
  if (reasons.length > 0 || isUnknown(cost) || value === undefined) return { kind: 'unscorable', reasons }
  const { performance } = measured
  return {
    kind: 'eligible',
    ...{ measurement: measured, value, cost },
    ...{ throughput: performance.throughputPerSecond, spread: spreadOf(performance) },
  }
}

/** @param measured undefined where the candidate is not measured yet */
export const eligibility = (
  spec: RankingSpec,
  candidate: Candidate,
  { measured, costOf }: { readonly measured: Measured | undefined; readonly costOf: CostOf },
): Eligibility => {
  const lacks = lacking(spec.requirements, candidate)
  if (measured === undefined)
    return lacks.length === 0
      ? { kind: 'pending' }
      : { kind: 'ineligible', name: candidate.name, reasons: lacks }
  const found = scorable(measured, metricOf(spec), costOf)
  if (found.kind === 'eligible' && lacks.length === 0) return found
  const reasons = [...lacks, ...(found.kind === 'unscorable' ? found.reasons : [])]
  return { kind: 'ineligible', name: candidate.name, reasons }
}
