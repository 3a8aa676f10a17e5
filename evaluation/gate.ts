/** Whether a version may get traffic, by what was measured of it. */
import { type Comparison, isError, type Metric } from '@gantry/contract/evaluation.ts'
import { quoted } from '@gantry/contract/plain-text.ts'
import { judgeDrop } from './drop.ts'
import { isUnknown, type Unknown } from './evaluation.ts'
import { failed, type GateFailure, type Judgement, met } from './judgement.ts'
import { figureBeside } from './numbers.ts'

/** The limits of spec.evaluate of a ModelDeployment. */
export interface Gate {
  /** The metric that counts as accuracy. */
  readonly metric: Metric
  /** Smallest value of the metric; for metrics where more is better. */
  readonly minAccuracy?: number
  /** Largest value of the metric; for metrics where less is better. */
  readonly maxError?: number
  /** Milliseconds, one request at a time. */
  readonly maxLatencyP95Ms?: number
  /** Largest cost of an hour, in the currency of the price sheet. */
  readonly maxHourlyCost?: number
  /** How much worse than the version that serves, in the unit of the metric. For an error it is a rise. */
  readonly maxAccuracyDrop?: number
}

/** What is known of a version. A Measurement has the first two as `metrics` and `performance.p95Ms`. */
export interface GateEvidence {
  /** Values by the names of metrics. */
  readonly metrics: Readonly<Record<string, number>>
  /** 95th percentile of the latency in milliseconds, one request at a time. */
  readonly p95Ms?: number
  /** The comparison with the version that serves, on the same samples. Left out where none serves; unknown where it could not be measured. */
  readonly comparison?: Comparison | Unknown
  /** Cost of the model's pods per hour; unknown where the price sheet has no price for its node. */
  readonly hourlyCost?: number | Unknown
}

export type Verdict =
  | { readonly passed: true; readonly sentence: string }
  | {
      readonly passed: false
      readonly failures: readonly { readonly reason: GateFailure; readonly sentence: string }[]
    }

/** Each limit that is set is judged; a version passes that meets all of them. A limit that cannot be judged is not met. */
export const gateVerdict = (gate: Gate, evidence: GateEvidence): Verdict => {
  const judgements = [
    judgeAccuracy(gate, evidence),
    judgeError(gate, evidence),
    judgeDrop(gate, evidence.comparison),
    judgeLatency(gate, evidence),
    judgeCost(gate, evidence),
  ].filter((judgement) => judgement !== undefined)
  const failures = judgements.filter((judgement) => judgement.kind === 'failed')
  if (failures.length > 0)
    return { passed: false, failures: failures.map(({ reason, sentence }) => ({ reason, sentence })) }
  const sentence = judgements.map((judgement) => judgement.sentence).join('; ')
  return { passed: true, sentence: sentence === '' ? 'no limit is set' : sentence }
}

/** The value of the metric against one of the two limits that it may have. */
const judgeValue = (
  { metric }: Gate,
  { metrics }: GateEvidence,
  { name, limit, least }: { readonly name: string; readonly limit: number; readonly least: boolean },
): Judgement => {
  if (isError(metric) === least)
    return failed(
      'NotComparable',
      least
        ? `${name} needs a metric where more is better, and of ${metric} less is better; set maxError`
        : `${name} needs a metric where less is better, and of ${metric} more is better; set minAccuracy`,
    )
  const value = metrics[metric]
  if (value === undefined || !Number.isFinite(value))
    return failed('NotComparable', `${metric} was not measured, so ${name} ${limit} cannot be judged`)
  const text = `${metric} ${figureBeside(value, limit)}`
  const isMet = least ? value >= limit : value <= limit
  if (isMet) return met(`${text} (${name} ${limit})`)
  return failed('AccuracyTooLow', `${text} is ${least ? 'below' : 'above'} ${name} ${limit}`)
}

const judgeAccuracy = (gate: Gate, evidence: GateEvidence): Judgement | undefined =>
  gate.minAccuracy === undefined
    ? undefined
    : judgeValue(gate, evidence, { name: 'minAccuracy', limit: gate.minAccuracy, least: true })

const judgeError = (gate: Gate, evidence: GateEvidence): Judgement | undefined =>
  gate.maxError === undefined
    ? undefined
    : judgeValue(gate, evidence, { name: 'maxError', limit: gate.maxError, least: false })

const judgeLatency = ({ maxLatencyP95Ms: limit }: Gate, { p95Ms }: GateEvidence): Judgement | undefined => {
  if (limit === undefined) return undefined
  if (p95Ms === undefined || !Number.isFinite(p95Ms))
    return failed(
      'NotComparable',
      `the latency was not measured, so maxLatencyP95Ms ${limit} cannot be judged`,
    )
  const text = `p95 ${figureBeside(p95Ms, limit)} ms`
  return p95Ms <= limit
    ? met(`${text} (maxLatencyP95Ms ${limit})`)
    : failed('LatencyTooHigh', `${text} is above maxLatencyP95Ms ${limit}`)
}

const judgeCost = ({ maxHourlyCost: limit }: Gate, { hourlyCost }: GateEvidence): Judgement | undefined => {
  if (limit === undefined) return undefined
  const cost = hourlyCost ?? { unknown: 'there is no price sheet' }
  if (isUnknown(cost))
    return failed('CostUnknown', `maxHourlyCost ${limit} cannot be judged: ${quoted(cost.unknown)}`)
  if (!Number.isFinite(cost))
    return failed(
      'CostUnknown',
      `maxHourlyCost ${limit} cannot be judged: the hourly cost is no finite number`,
    )
  const text = `hourly cost ${figureBeside(cost, limit)}`
  return cost <= limit
    ? met(`${text} (maxHourlyCost ${limit})`)
    : failed('CostTooHigh', `${text} is above maxHourlyCost ${limit}`)
}
