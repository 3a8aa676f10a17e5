import { defaults } from './defaults.ts'
import type { source } from './settings-file.ts'

/** Bounds of explanations. */
export interface ExplainLimits {
  /** Explanations at a time; 0: none are made. */
  readonly atATime: number
  /** Most that wait for their turn. */
  readonly mostWaiting: number
  /** Most rows that one of them asks the model about. */
  readonly mostRows: number
  /** Deadline of a request. */
  readonly timeoutMs: number
}

/** @param timeoutMs deadline of all requests */
export const explainLimitsOf = (
  { numberOf }: Pick<ReturnType<typeof source>, 'numberOf'>,
  timeoutMs: number,
): ExplainLimits => ({
  atATime: numberOf('max-explanations', undefined, {
    least: 0,
    most: 64,
    fallback: defaults.maxExplanations,
  }),
  mostWaiting: numberOf('max-explain-queue', undefined, {
    least: 0,
    most: 1024,
    fallback: defaults.maxExplainQueue,
  }),
  mostRows: numberOf('max-evaluations', undefined, {
    least: 1,
    most: 1_000_000_000,
    fallback: defaults.maxEvaluations,
  }),
  timeoutMs,
})
