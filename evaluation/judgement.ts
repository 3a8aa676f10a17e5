/** What one limit of a gate says of a version. */

export type GateFailure =
  | 'AccuracyTooLow'
  | 'AccuracyDropped'
  | 'LatencyTooHigh'
  | 'CostTooHigh'
  | 'CostUnknown'
  | 'NotComparable'

/** Sentences have no period at their end. */
export type Judgement =
  | { readonly kind: 'met'; readonly sentence: string }
  | { readonly kind: 'failed'; readonly reason: GateFailure; readonly sentence: string }

export const met = (sentence: string): Judgement => ({ kind: 'met', sentence })
export const failed = (reason: GateFailure, sentence: string): Judgement => ({
  kind: 'failed',
  reason,
  sentence,
})
