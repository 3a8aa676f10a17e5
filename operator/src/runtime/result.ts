/** What a pass leaves behind: nothing until something changes, or another look after a while. */
export type Result =
  | { readonly kind: 'settled' }
  | { readonly kind: 'waiting'; readonly reason: string; readonly afterMs: number }

export const waiting = (reason: string, afterMs: number): Result => ({ kind: 'waiting', reason, afterMs })
