/** Whether an optimized version is proven no worse than its parent. */
import { metrics as knownMetrics, type Metric } from '@gantry/contract/evaluation.ts'
import type { ModelAgreement } from '@gantry/contract/optimizing.ts'
import type { Unknown } from '@gantry/evaluation/evaluation.ts'
import {
  type MeasuredPair,
  type OptimizationVerdict,
  optimizationVerdict,
} from '@gantry/evaluation/optimization-gate.ts'
import { gpuOf } from '../desired/resources.ts'
import type { ModelDeployment, Version } from '../model-deployment.ts'
import { maxAccuracyDropOf } from './recipe.ts'

export interface Proof {
  readonly version: Version
  /** Undefined while version and parent are being measured. */
  readonly verdict: OptimizationVerdict | undefined
}

type Optimization = NonNullable<Version['optimization']>

const metricOf = (name: string | undefined): Metric => knownMetrics.find((one) => one === name) ?? 'accuracy'

/** What the run that measured the version says of it and its parent. */
const measuredOf = (
  { id, parent = '' }: Version,
  { comparison, notCompared }: Optimization,
): MeasuredPair | Unknown => {
  if (!comparison) return { unknown: notCompared ?? `${parent}, its parent, is not on the volume` }
  const { metric, difference, interval, pValue, samples, speedup, accelerator } = comparison
  const [lower = Number.NaN, upper = Number.NaN] = interval
  return {
    comparison: {
      ...{ name: id, with: parent, metric: metricOf(metric), difference, pValue, samples },
      interval: [lower, upper],
    },
    speedup,
    isOnGpu: accelerator === 'cuda',
  }
}

/** What the commit measured of the answers of the version and its parent. */
const agreementOf = ({ agreement, agreementUnknown }: Optimization): ModelAgreement | Unknown => {
  if (!agreement) return { unknown: agreementUnknown ?? 'it was not measured' }
  return { ...agreement, inputs: agreement.inputs === 'dataset' ? 'dataset' : 'generated' }
}

/** What a GPU runs as int8: CUDA has no kernels for most of its operators. */
const mustBeFaster = (model: ModelDeployment, { recipe }: Optimization): boolean =>
  Object.keys(gpuOf(model)).length > 0 && (recipe.quantize?.startsWith('int8') ?? false)

/**
 * @param asked whether spec.evaluate has been answered for the version; undefined where there is no such part
 * @returns undefined where spec optimizes nothing, or the version was not made from another
 */
export const proofOf = (
  model: ModelDeployment,
  version: Version,
  asked: { readonly isAnswered: boolean } | undefined,
): Proof | undefined => {
  const { optimize, evaluate } = model.spec
  const { optimization } = version
  if (!optimize || !optimization) return undefined
  // The parent of an export has no graph that could be measured beside it.
  const isPaired = asked !== undefined && !optimization.recipe.export
  if (isPaired && !asked.isAnswered) return { version, verdict: undefined }
  const gate = {
    metric: metricOf(evaluate?.metric),
    maxAccuracyDrop: maxAccuracyDropOf(optimize),
    mustBeFaster: mustBeFaster(model, optimization),
  }
  const measured = isPaired ? { measured: measuredOf(version, optimization) } : {}
  return {
    version,
    verdict: optimizationVerdict(gate, { agreement: agreementOf(optimization), ...measured }),
  }
}

/** Whether what was measured of the version is beyond the limit of spec.optimize. */
export const isWorse = (model: ModelDeployment, version: Version): boolean => {
  const isAnswered = version.optimization?.comparison !== undefined
  const verdict = proofOf(model, version, model.spec.evaluate && { isAnswered })?.verdict
  return verdict?.passed === false && verdict.reason !== 'NotComparable' && verdict.reason !== 'NotFaster'
}
