import type { LogReason } from '@gantry/contract/reasons.ts'

/** What a pass leaves behind: nothing until something changes, or another look after a while. */
export type Result =
  | { readonly kind: 'settled' }
  | { readonly kind: 'waiting'; readonly reason: LogReason; readonly afterMs: number }

export const waiting = (reason: LogReason, afterMs: number): Result => ({ kind: 'waiting', reason, afterMs })
