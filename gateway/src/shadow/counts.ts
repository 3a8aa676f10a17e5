/** What became of the requests that were chosen for the shadow. */
import type { ShadowCounts } from '../balancing/demand-book.ts'
import type { Answer } from './answer.ts'
import type { LeftOut } from './asked.ts'
import type { Agreement, Disagreement } from './compare.ts'

/** Why two answers were not compared although there was a copy. */
export type Incomparable =
  | (Agreement & { readonly kind: 'incomparable' })['reason']
  /** The canary had too much to do: 429 or 503. */
  | 'overloaded'
  /** Stable answers the same request otherwise each time. */
  | 'unsteady'
  /** The thread that compares ended. */
  | 'comparison-failed'

export type Result =
  | { readonly kind: 'agreed' }
  | {
      readonly kind: 'disagreed'
      readonly reason: Disagreement
      /** The first output that differs. */
      readonly output?: string | undefined
      /** What the copy was answered with, where it was. */
      readonly canary?: Answer | undefined
    }
  | { readonly kind: 'incomparable'; readonly reason: Incomparable }
  | { readonly kind: 'not-copied'; readonly reason: LeftOut }

export const countResult = (counts: ShadowCounts, result: Result): void => {
  if (result.kind === 'agreed' || result.kind === 'disagreed') {
    counts.copies += 1
    if (result.kind === 'disagreed') counts.disagreements += 1
  } else counts.uncompared.set(result.reason, (counts.uncompared.get(result.reason) ?? 0) + 1)
}
