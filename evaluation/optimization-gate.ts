/** Whether an optimized version may get traffic, by what was measured of it and its parent. */
import type { Comparison, Metric } from '@gantry/contract/evaluation.ts'
import type { ModelAgreement } from '@gantry/contract/optimizing.ts'
import { exceeds, judgeDrop, unseenShare } from './drop.ts'
import { isUnknown, type Unknown } from './evaluation.ts'
import { figure, figureBeside } from './numbers.ts'

export interface OptimizationGate {
  /** The metric that counts as accuracy. */
  readonly metric: Metric
  /** How much worse than the parent, in the unit of the metric; for an agreement, the share of answers that may differ. */
  readonly maxAccuracyDrop: number
  /** Whether it may only serve where it measured faster: int8 on a GPU, which has no kernels for most of its operators. */
  readonly mustBeFaster: boolean
}

/** Version and parent on labelled samples, in one run of the serving runtime. */
export interface MeasuredPair {
  readonly comparison: Comparison
  /** p95 of the parent by that of the version. */
  readonly speedup: number
  /** Whether both ran on the GPU: a server whose provider of CUDA does not load serves on the CPU. */
  readonly isOnGpu: boolean
}

export interface OptimizationEvidence {
  /** What the serving runtime measured of the answers of both, whatever the optimizer says; unknown where it could not. */
  readonly agreement: ModelAgreement | Unknown
  /** Left out where there are no labelled data; unknown where they could not be used. */
  readonly measured?: MeasuredPair | Unknown
}

export type OptimizationVerdict =
  | {
      readonly passed: true
      /** What the verdict rests on, the strongest first. */
      readonly basis: 'labels' | 'samples' | 'generated'
      readonly sentence: string
    }
  | {
      readonly passed: false
      readonly reason: 'AccuracyDropped' | 'AgreementTooLow' | 'NotComparable' | 'NotFaster'
      readonly sentence: string
    }

const percent = (share: number): string => `${figure(100 * share)} %`

/**
 * Labelled data decide where there are any. Without them the share of changed answers stands in: accuracy cannot fall by more than the
 * answers that changed, on those inputs. Sentences have no period at their end.
 */
export const optimizationVerdict = (
  gate: OptimizationGate,
  { agreement, measured }: OptimizationEvidence,
): OptimizationVerdict => (measured === undefined ? byAgreement(gate, agreement) : byLabels(gate, measured))

const byLabels = (gate: OptimizationGate, measured: MeasuredPair | Unknown): OptimizationVerdict => {
  const comparison = isUnknown(measured) ? measured : measured.comparison
  const drop = judgeDrop(gate, comparison, 'its parent') ?? { kind: 'met', sentence: '' }
  if (drop.kind === 'failed') {
    const reason = drop.reason === 'AccuracyDropped' ? drop.reason : 'NotComparable'
    return { passed: false, reason, sentence: drop.sentence }
  }
  if (gate.mustBeFaster) {
    const slow = slowOnGpu(measured)
    if (slow !== undefined) return { passed: false, reason: 'NotFaster', sentence: slow }
  }
  const speed = isUnknown(measured) ? '' : `; it is ${saySpeed(measured.speedup)}`
  return { passed: true, basis: 'labels', sentence: `${drop.sentence}${speed}` }
}

const saySpeed = (speedup: number): string => `${figure(speedup)} times as fast`

const notMeasured = 'its speed on the GPU is not measured'
const whyFaster = 'int8 is served there only where it is faster'

/** @returns why it is not known to be faster on the GPU */
const slowOnGpu = (measured: MeasuredPair | Unknown): string | undefined => {
  if (isUnknown(measured)) return `${notMeasured}, and ${whyFaster}`
  const { speedup, isOnGpu } = measured
  if (!isOnGpu)
    return `${notMeasured}: one of both ran on the CPU, since CUDA could not be used there, and ${whyFaster}`
  return speedup > 1 ? undefined : `on the GPU it is ${saySpeed(speedup)} as its parent, and ${whyFaster}`
}

const notCompared = ({ unknown }: Unknown): OptimizationVerdict => ({
  passed: false,
  reason: 'NotComparable',
  sentence: `nothing proves that it answers as its parent does: ${unknown}`,
})

const byAgreement = (
  { maxAccuracyDrop: limit, mustBeFaster }: OptimizationGate,
  agreement: ModelAgreement | Unknown,
): OptimizationVerdict => {
  if (isUnknown(agreement)) return notCompared(agreement)
  const { inputs, samples, sameAnswers, library } = agreement
  const changed = 1 - sameAnswers
  const what = inputs === 'dataset' ? `${samples} samples` : `${samples} generated inputs`
  const theirs = library === undefined ? 'its parent' : `${library}, as the exporter measured them`
  const said = `${percent(changed)} of the answers to ${what} differ from those of ${theirs}`
  if (exceeds(changed, limit))
    return {
      passed: false,
      reason: 'AgreementTooLow',
      sentence: `${said}, more than maxAccuracyDrop ${figureBeside(limit, changed)}`,
    }
  if (mustBeFaster)
    return { passed: false, reason: 'NotFaster', sentence: `${notMeasured}, and ${whyFaster}` }
  const unseen = unseenShare(samples)
  const doubt = changed < unseen && exceeds(unseen, limit)
  return {
    passed: true,
    basis: inputs === 'dataset' ? 'samples' : 'generated',
    sentence: `${said} (maxAccuracyDrop ${limit})${doubt ? `; these samples do not exclude that ${percent(unseen)} differ` : ''}`,
  }
}
