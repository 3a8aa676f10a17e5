/** Judges what was measured of a version by the limits of spec.evaluate. */
import { type Comparison, metrics } from '@gantry/contract/evaluation.ts'
import type { Unknown } from '@gantry/evaluation/evaluation.ts'
import { type Gate, type GateEvidence, gateVerdict, type Verdict } from '@gantry/evaluation/gate.ts'
import type { Version } from '../model-deployment.ts'
import type { Evaluate } from './question.ts'
import type { Evaluation } from './record.ts'

export type { Verdict }

/** Cost of the pods in an hour, or why it is not known; undefined where no limit asks for it. */
export type HourlyCost = number | Unknown | undefined

const gateOf = (evaluate: Evaluate): Gate => {
  const {
    metric = 'accuracy',
    minAccuracy,
    maxError,
    maxAccuracyDrop,
    maxLatencyP95Ms,
    maxHourlyCost,
  } = evaluate
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
  { metric: measured, comparison, notCompared }: Evaluation,
): Comparison | Unknown | undefined => {
  if (!comparison) return notCompared === undefined ? undefined : { unknown: notCompared }
  const { with: other, difference, interval, pValue, samples } = comparison
  const metric = metrics.find((one) => one === measured)
  if (!metric) return { unknown: `it was compared by ${measured}` }
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
  const comparison = comparisonOf(id, evaluation)
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

/** A number of a measurement, in four digits. */
const shown = (value: number): string => `${Number(value.toPrecision(4))}`

/** The figures of a measured version, as a sentence. */
export const sayMeasured = ({ id, evaluation }: Version): string => {
  if (!evaluation) return `${id} is not measured.`
  const { metric, value, interval, p95Ms, dataset } = evaluation
  const [lower, upper] = interval ?? []
  const between =
    lower === undefined || upper === undefined ? '' : ` (95 % interval ${shown(lower)} to ${shown(upper)})`
  const accuracy = value === undefined ? `no ${metric}` : `${metric} ${shown(value)}${between}`
  return `${id} has ${accuracy} on ${dataset.samples} samples, and p95 ${shown(p95Ms)} ms.`
}

export const sayPassed = (
  evaluate: Evaluate,
  verdict: Extract<Verdict, { readonly passed: true }>,
): string =>
  hasLimit(gateOf(evaluate))
    ? `It is within the limits: ${verdict.sentence}.`
    : 'spec.evaluate has no limit, so this is only recorded.'

const hasLimit = ({ metric: _, ...gate }: Gate): boolean => Object.keys(gate).length > 0
