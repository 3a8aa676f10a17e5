/** Judges what was measured of a version by the limits of spec.evaluate. */
import type { Comparison } from '@gantry/contract/evaluation.ts'
import type { Unknown } from '@gantry/evaluation/evaluation.ts'
import { type Gate, type GateEvidence, gateVerdict, type Verdict } from '@gantry/evaluation/gate.ts'
import type { Version } from '../model-deployment.ts'
import type { Evaluate } from './question.ts'
import type { Evaluation } from './record.ts'

export type { Verdict }

/** Cost of the pods in an hour, or why it is not known; undefined where no limit asks for it. */
export type HourlyCost = number | Unknown | undefined

export const gateOf = (evaluate: Evaluate): Gate => {
  const { metric = 'accuracy', minAccuracy, maxError, maxAccuracyDrop, maxLatencyP95Ms, maxHourlyCost } = evaluate
  return {
    metric,
    ...(minAccuracy === undefined ? {} : { minAccuracy }),
    ...(maxError === undefined ? {} : { maxError }),
    ...(maxAccuracyDrop === undefined ? {} : { maxAccuracyDrop }),
    ...(maxLatencyP95Ms === undefined ? {} : { maxLatencyP95Ms }),
    ...(maxHourlyCost === undefined ? {} : { maxHourlyCost: Number(maxHourlyCost) }),
  }
}

const comparisonOf = (
  id: string,
  { metric }: Gate,
  { comparison, notCompared }: Evaluation,
): Comparison | Unknown | undefined => {
  if (!comparison) return notCompared === undefined ? undefined : { unknown: notCompared }
  const { with: other, difference, interval, pValue, samples } = comparison
  const [lower = 0, upper = 0] = interval
  return { name: id, with: other, metric, difference, interval: [lower, upper], pValue, samples }
}

/** @returns undefined for a version that was not measured */
export const judge = (
  { id, evaluation }: Version,
  evaluate: Evaluate,
  hourlyCost: HourlyCost,
): Verdict | undefined => {
  if (!evaluation) return undefined
  const gate = gateOf(evaluate)
  const comparison = comparisonOf(id, gate, evaluation)
  const evidence: GateEvidence = {
    metrics: evaluation.metrics,
    p95Ms: evaluation.p95Ms,
    ...(comparison === undefined ? {} : { comparison }),
    ...(hourlyCost === undefined ? {} : { hourlyCost }),
  }
  return gateVerdict(gate, evidence)
}

/** What a verdict says, as one text without a full stop at its end. */
export const sayVerdict = (verdict: Verdict): string =>
  verdict.passed ? verdict.sentence : verdict.failures.map(({ sentence }) => sentence).join('; ')
