/** Both models beside each other as the server serves them: the last word, on samples that the optimizer has not seen. */
import type { Comparison, Metric } from '../../contract/evaluation.ts'
import { judgeDrop } from '../../evaluation/drop.ts'

/** What is read of the report of `evaluate`. */
export interface EvaluationResults {
  readonly reports?: readonly { readonly comparisons?: readonly Comparison[] }[]
}

export const candidates = { before: 'before', after: 'after' } as const

/** What the optimizer reads of a judge (optimizer/gantry_optimizer/judging.py). */
export interface ServedVerdict {
  readonly passed: boolean
  readonly reason?: 'AccuracyDropped' | 'NotComparable'
  /** Ends with a period. */
  readonly sentence: string
}

const unmeasured = {
  unknown: 'the server did not measure both models on the same samples; its table and messages say why',
}

/** The gate of a ModelDeployment, for the optimized model beside the original. */
export const servedVerdict = (
  { reports = [] }: EvaluationResults,
  metric: Metric,
  maxAccuracyDrop: number,
): ServedVerdict => {
  const comparison = reports
    .flatMap(({ comparisons = [] }) => comparisons)
    .find(({ name, with: other }) => name === candidates.after && other === candidates.before)
  const judged = judgeDrop({ metric, maxAccuracyDrop }, comparison ?? unmeasured, 'the original')
  if (judged === undefined || judged.kind === 'met')
    return { passed: true, sentence: `As the server serves it, ${judged?.sentence}.` }
  if (judged.reason !== 'AccuracyDropped')
    return { passed: false, reason: 'NotComparable', sentence: `${judged.sentence}.` }
  const next = 'Take a gentler recipe, or allow a larger --max-accuracy-drop.'
  const sentence = `As the server serves it, ${judged.sentence}. ${next}`
  return { passed: false, reason: 'AccuracyDropped', sentence }
}
